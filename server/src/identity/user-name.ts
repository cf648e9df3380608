/** Longest name in octets of UTF-8: what one RADIUS attribute carries (RFC 2865 section 5.1). */
export const USER_NAME_OCTETS = 253

export type NameFault =
  | 'empty'
  | 'too-long'
  | 'not-unicode'
  | 'control-character'
  | 'space-at-end'
  | 'two-realms'
  | 'empty-realm'
  | 'dot-at-end'
  | 'empty-label'

/** A sentence for whoever typed the name. */
export const NAME_FAULTS: Readonly<Record<NameFault, string>> = {
  empty: 'the name is empty',
  'too-long': `the name is longer than ${USER_NAME_OCTETS} octets`,
  'not-unicode': 'the name is not well-formed Unicode',
  'control-character': 'the name holds a control or an invisible character',
  'space-at-end': 'the name begins or ends with white space',
  'two-realms': 'the name holds more than one realm',
  'empty-realm': 'the part before or after the realm separator is empty',
  'dot-at-end': 'the name ends with a dot',
  'empty-label': 'the name holds two dots in a row',
}

/** Printable ASCII needs neither normalisation nor the checks below: the usual name, the fast way. */
const PLAIN = /^[\x21-\x7e]+$/
/** Cc and Cf: NUL, line ends, and the invisible marks (zero width, direction) that make two names look alike. */
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u
const SPACE_AT_END = /^\s|\s$/u

/** What no name of a user, group or realm may be, wherever it comes from. */
export function nameFault(name: string): NameFault | undefined {
  if (name === '') return 'empty'
  if (PLAIN.test(name)) return name.length > USER_NAME_OCTETS ? 'too-long' : undefined
  if (!name.isWellFormed()) return 'not-unicode'
  if (CONTROL.test(name)) return 'control-character'
  if (SPACE_AT_END.test(name)) return 'space-at-end'
  if (Buffer.byteLength(name.normalize('NFC')) > USER_NAME_OCTETS) return 'too-long'
  return undefined
}

/**
 * The form names are compared by: NFC, without case. By way of capitals, because one capital may stand for two small
 * letters (final sigma, sharp s): whoever types a name in capitals means the same account.
 */
export function nameKey(name: string): string {
  if (PLAIN.test(name)) return name.toLowerCase()
  const folded = name.normalize('NFC').toLowerCase().toUpperCase().toLowerCase()
  return folded.normalize('NFC').replaceAll('ς', 'σ')
}
