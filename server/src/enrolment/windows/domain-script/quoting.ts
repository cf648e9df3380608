/** Control characters have no business in a name, and end a line or a terminal's patience. */
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u
/** PowerShell takes all of them for the apostrophe that ends a string (about_Quoting_Rules, and its tokenizer). */
const APOSTROPHES = /['\u2018\u2019\u201a\u201b]/g

export class UnquotableText extends Error {
  override readonly name = 'UnquotableText'
}

/** A verbatim string of PowerShell: nothing in it is expanded, and an apostrophe is written twice. */
export function powershellLiteral(text: string): string {
  return `'${checked(text).replace(APOSTROPHES, '$&$&')}'`
}

/** A string of Python, in ASCII. */
export function pythonLiteral(text: string): string {
  const written = [...checked(text)].map((character) => {
    const code = character.codePointAt(0) as number // characters are not empty
    if (code > 0xffff) return `\\U${code.toString(16).padStart(8, '0')}`
    if (code > 0x7e) return `\\u${code.toString(16).padStart(4, '0')}`
    return character === '"' || character === '\\' ? `\\${character}` : character
  })
  return `"${written.join('')}"`
}

function checked(text: string): string {
  if (CONTROL.test(text) || !text.isWellFormed())
    throw new UnquotableText(`${JSON.stringify(text)} holds characters no script should`)
  return text
}
