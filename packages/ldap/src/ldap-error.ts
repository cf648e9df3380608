/**
 * The one error of this package. `malformed`: octets from outside that are no LDAP message. `too-large`: they claim more
 * than is taken. `invalid-filter`, `invalid-dn`: a text somebody wrote is none. Codes are stable, messages are not.
 */
export class LdapError extends Error {
  readonly code: LdapErrorCode

  constructor(code: LdapErrorCode, message: string) {
    super(message)
    this.name = 'LdapError'
    this.code = code
  }
}

export type LdapErrorCode = 'malformed' | 'too-large' | 'invalid-filter' | 'invalid-dn'

export function malformed(message: string): LdapError {
  return new LdapError('malformed', message)
}
