import { fromHex, fromUtf8, toUtf8 } from '@sallyport/bytes'
import { LdapError } from './ldap-error.ts'

/** One `type=value`, or several joined by `+`. Types in small letters. */
export type RelativeName = readonly { readonly type: string; readonly value: string }[]

/**
 * Reads a distinguished name (RFC 4514), the entry's own part first. `#04...` values stay as they are written.
 * @throws LdapError `invalid-dn`
 */
export function parseDn(dn: string): readonly RelativeName[] {
  if (dn.trim() === '') return []
  const names: RelativeName[] = []
  let pairs: { type: string; value: string }[] = []
  let at = 0
  for (;;) {
    const equals = dn.indexOf('=', at)
    const type = equals < 0 ? '' : dn.slice(at, equals).trim().toLowerCase()
    if (!/^(?:[a-z][a-z0-9-]*|[0-9]+(?:\.[0-9]+)*)$/.test(type))
      throw new LdapError('invalid-dn', `no attribute at character ${at + 1} of ${dn}`)
    const { value, end } = readValue(dn, equals + 1)
    pairs.push({ type, value })
    const separator = dn[end]
    if (separator !== '+') {
      names.push(pairs)
      pairs = []
    }
    if (separator === undefined) return names
    at = end + 1
  }
}

function readValue(dn: string, start: number): { value: string; end: number } {
  const octets: number[] = []
  let at = start
  while (dn[at] === ' ') at++
  /** Length up to the last character that is no unescaped space. */
  let kept = 0
  for (; at < dn.length; at++) {
    const character = dn[at] as string
    if (character === ',' || character === ';' || character === '+') break
    if (character === '\\') {
      const code = dn.slice(at + 1, at + 3)
      if (/^[0-9a-f]{2}$/i.test(code)) {
        octets.push(...fromHex(code))
        at += 2
      } else {
        const escaped = dn[at + 1]
        if (escaped === undefined) throw new LdapError('invalid-dn', `a \\ ends ${dn}`)
        octets.push(...fromUtf8(escaped))
        at += 1
      }
      kept = octets.length
      continue
    }
    if (character === '"' || character === '<' || character === '>' || character === '\0')
      throw new LdapError('invalid-dn', `an unescaped ${JSON.stringify(character)} in ${dn}`)
    const point = dn.codePointAt(at) as number
    octets.push(...fromUtf8(String.fromCodePoint(point)))
    if (point > 0xffff) at++
    if (character !== ' ') kept = octets.length
  }
  const value = toUtf8(Uint8Array.from(octets.slice(0, kept)))
  if (value === undefined) throw new LdapError('invalid-dn', `a value of ${dn} is not UTF-8`)
  return { value, end: at }
}

/**
 * The form distinguished names are compared by: without case and without regard to repeated spaces, as directories
 * compare the usual attributes (caseIgnoreMatch, RFC 4517 section 4.2.11). Undefined where it is none.
 */
export function dnKey(dn: string): readonly string[] | undefined {
  try {
    return parseDn(dn).map((name) =>
      name
        .map(({ type, value }) =>
          JSON.stringify([type, value.normalize('NFC').toLowerCase().replace(/ +/g, ' ').trim()]),
        )
        .sort()
        .join('+'),
    )
  } catch (error) {
    if (error instanceof LdapError) return undefined
    throw error
  }
}

export function isSameDn(one: string, other: string): boolean {
  const [a, b] = [dnKey(one), dnKey(other)]
  return a !== undefined && b !== undefined && a.length === b.length && a.every((name, i) => name === b[i])
}

/** Whether `dn` stands below `ancestor`, at any depth. False for `ancestor` itself. */
export function isBelowDn(dn: string, ancestor: string): boolean {
  const [a, b] = [dnKey(dn), dnKey(ancestor)]
  if (a === undefined || b === undefined || b.length === 0 || a.length <= b.length) return false
  return b.every((name, i) => name === a[a.length - b.length + i])
}
