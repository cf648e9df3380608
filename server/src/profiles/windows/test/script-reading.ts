import { powershellTokens, type Token } from './powershell-tokens.ts'

/** A script without what texts may change: the marks, words and variables around texts, and the texts themselves. */
export interface ScriptReading {
  readonly skeleton: readonly string[]
  readonly texts: readonly string[]
}

const UNESCAPE = ['(', '[', 'regex', ']', '::', 'Unescape', '(']

/** `([regex]::Unescape('...'))` is read as the text it is. Comments do nothing and are left out. */
export function readScript(script: string): ScriptReading {
  const tokens = powershellTokens(script).filter(({ kind }) => kind !== 'comment')
  const skeleton: string[] = []
  const texts: string[] = []
  for (let at = 0; at < tokens.length; at++) {
    const [token, text] = [tokens[at], unescaped(tokens, at)]
    if (text !== undefined) {
      texts.push(text)
      skeleton.push('text')
      at += UNESCAPE.length + 2
    } else if (token?.kind === 'verbatim') {
      texts.push(token.value)
      skeleton.push('text')
    } else skeleton.push(token?.text ?? '')
  }
  return { skeleton, texts }
}

function unescaped(tokens: readonly Token[], at: number): string | undefined {
  const begins = UNESCAPE.every((text, index) => tokens[at + index]?.text === text)
  const literal = tokens[at + UNESCAPE.length]
  const ends =
    tokens[at + UNESCAPE.length + 1]?.text === ')' && tokens[at + UNESCAPE.length + 2]?.text === ')'
  if (!begins || !ends || literal?.kind !== 'verbatim') return undefined
  // Of the escapes of .NET's regular expressions only these two may be there.
  return literal.value.replace(
    /\\(?:u([0-9a-f]{4})|(\\)|(.?))/gs,
    (_, code?: string, backslash?: string, other?: string) => {
      if (other !== undefined) throw new SyntaxError(`an escape of another kind: \\${other}`)
      return backslash ?? String.fromCharCode(Number.parseInt(code ?? '', 16))
    },
  )
}
