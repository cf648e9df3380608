import { RESULT, resultName } from '@sallyport/ldap'
import type { DirectoryUnavailable, LdapRefusal } from './directory.ts'

const ENCRYPT = 'use ldaps:// or startTls'

/** What an administrator does about a result code. */
const CURES: Readonly<Record<number, string>> = {
  [RESULT.operationsError]: 'it wants a bind before a search: use bindMode regular',
  [RESULT.strongerAuthRequired]: ENCRYPT,
  [RESULT.confidentialityRequired]: ENCRYPT,
  [RESULT.referral]: 'it refers to another server, and referrals are not followed: name that server',
  [RESULT.noSuchObject]: 'there is no such entry: check baseDn and groupDn',
  [RESULT.invalidDNSyntax]:
    'a distinguished name is not written as it wants it: check baseDn, groupDn and bindDn',
  [RESULT.inappropriateAuthentication]: 'it takes no such bind: use bindMode regular',
  [RESULT.insufficientAccessRights]: 'the account that asks may not read this',
  [RESULT.unwillingToPerform]:
    'it will not do that for the account that asks; without one, use bindMode regular',
}

/** What an administrator does about a refusal with this result code, where it is known. */
export function cureFor(code: number): string | undefined {
  return CURES[code]
}

/** A question the directory would not answer: nothing is known of the user, so nothing is said of them. */
export function unanswered({ code, message, server }: LdapRefusal, what: string): DirectoryUnavailable {
  const cure = cureFor(code)
  const said = message === '' ? '' : `: ${message}`
  // The cure first: what servers say can be long, and the end of a long text is cut off in a receipt.
  const why = `${server} refused ${what} with ${resultName(code)}${cure === undefined ? '' : ` (${cure})`}${said}`
  return { kind: 'unavailable', why, servers: [server] }
}
