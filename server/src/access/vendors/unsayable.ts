import { ConfigError } from '../../kernel/errors.ts'

export type UnsayableCode =
  /** A line of an access list is wrong. */
  | 'acl-invalid'
  /** The vendor has no attribute for a term, or not for this value of it. */
  | 'term-unsayable'
  /** Two terms need the same attribute. */
  | 'terms-collide'

/** What a profile asks for cannot be said to this client: no accept then, because without it the accept were a wider one. */
export function unsayable(code: UnsayableCode, term: string, message: string): ConfigError {
  return new ConfigError(code, message, { attribute: term })
}
