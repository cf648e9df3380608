/** RFC 4514 section 3: a descriptor or a numeric object identifier. */
const TYPE = /^(?:[A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\.[0-9]+)+)$/
const HEX = /^#(?:[0-9A-Fa-f]{2})+$/

/**
 * What is wrong with the text of a distinguished name (RFC 4514); undefined: nothing. White space around `,`, `+` and `=`
 * is let through, as directories do. Quoted values (RFC 1779) are not: they went out of the standard in 1997.
 */
export function dnFault(text: string): string | undefined {
  const parts = splitUnescaped(text, ',+')
  if (parts === undefined) return 'it ends within an escape'
  for (const part of parts) {
    const equals = part.indexOf('=')
    if (part.trim() === '') return 'a part between two commas is empty'
    if (equals < 0) return `'${part.trim()}' is not of the form name=value`
    const type = part.slice(0, equals).trim()
    if (!TYPE.test(type)) return `'${type}' is not the name of an attribute`
    const fault = valueFault(part.slice(equals + 1).trim())
    if (fault !== undefined) return `the value of '${type}' ${fault}`
  }
  return undefined
}

function valueFault(value: string): string | undefined {
  if (value === '') return 'is empty'
  if (value.startsWith('#')) return HEX.test(value) ? undefined : 'begins with # and is not hexadecimal'
  for (let index = 0; index < value.length; index += 1) {
    const character = value.charAt(index)
    if ('";<>\0'.includes(character)) return `holds ${JSON.stringify(character)}, which must be escaped`
    if (character !== '\\') continue
    const escaped = value.slice(index + 1)
    if (/^[ "#+,;<=>\\]/.test(escaped)) index += 1
    else if (/^[0-9A-Fa-f]{2}/.test(escaped)) index += 2
    // `trim` took an escaped space at the end.
    else if (escaped !== '') return `holds a \\ that escapes nothing`
  }
  return undefined
}

/** undefined: the text ends with a lone backslash. */
function splitUnescaped(text: string, separators: string): readonly string[] | undefined {
  const parts: string[] = []
  let start = 0
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index)
    if (character === '\\') {
      index += 1
      if (index >= text.length) return undefined
    } else if (separators.includes(character)) {
      parts.push(text.slice(start, index))
      start = index + 1
    }
  }
  return [...parts, text.slice(start)]
}
