import { nameKey } from '../user-name.ts'

const ASCII = /^[\x20-\x7e]*$/

/**
 * Whether an entry has the very name that was typed. Directories also match accents, widths and signs that look alike
 * (caseIgnoreMatch, RFC 4518); case alone is nobody's other name. KELVIN SIGN is no k here.
 */
export function isSameName(typed: string, found: string): boolean {
  return nameKey(typed) === nameKey(found) && ASCII.test(typed) === ASCII.test(found)
}
