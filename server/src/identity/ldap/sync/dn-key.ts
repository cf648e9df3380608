import { hash } from 'node:crypto'
import { nameKey } from '../../user-name.ts'

/** Characters of a key: 132 bits, whatever the length of the name. */
const KEY_LENGTH = 22

/**
 * What a distinguished name is looked up by. A membership is written by people and programs: with other capitals, blanks and
 * escapes (RFC 4514 section 2.4) than the entry itself has.
 */
export function dnKey(dn: string): string {
  return hash('sha256', plainDn(dn).join('\u0000'), 'base64url').slice(0, KEY_LENGTH)
}

/** True where `dn` is `base` or below it. Everything is below the root, whose name is empty. */
export function isWithin(dn: string, base: string): boolean {
  const [parts, above] = [plainDn(dn), plainDn(base)]
  return (
    above.length <= parts.length &&
    above.every((part, at) => part === parts[parts.length - above.length + at])
  )
}

/** The relative names, the entry's own first, in the form they are compared by. */
function plainDn(dn: string): string[] {
  if (dn.trim() === '') return []
  return relativeNames(dn).map((relative) => relative.map(plainPair).toSorted().join('+'))
}

/** Split at commas and plus signs that are not escaped; escapes are kept. */
function relativeNames(dn: string): string[][] {
  const names: string[][] = [[]]
  let pair = ''
  for (let at = 0; at < dn.length; at++) {
    const letter = dn.charAt(at)
    if (letter === '\\') pair += letter + dn.charAt(++at)
    else if (letter === ',' || letter === '+' || letter === ';') {
      names.at(-1)?.push(pair)
      if (letter !== '+') names.push([])
      pair = ''
    } else pair += letter
  }
  names.at(-1)?.push(pair)
  return names
}

function plainPair(pair: string): string {
  const at = pair.indexOf('=')
  const type = pair.slice(0, at).trim().toLowerCase()
  const value = pair
    .slice(at + 1)
    .replace(/^ +/, '')
    .replace(/(?<!\\) +$/, '')
  return `${type}=${nameKey(unescaped(value))}`
}

/** Escaped octets are UTF-8, several of them one character. */
function unescaped(value: string): string {
  if (!value.includes('\\')) return value
  return value
    .replace(/(?:\\[0-9a-f]{2})+/gi, (octets) => Buffer.from(octets.replaceAll('\\', ''), 'hex').toString())
    .replace(/\\(.)/gs, '$1')
}
