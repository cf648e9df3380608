import { RESULT } from '@sallyport/ldap'
import type { AuthenticationOutcome } from '../../source.ts'
import type { DirectoryAccount } from '../account-lookup.ts'
import type { LdapRefusal } from '../directory.ts'
import { unanswered } from '../refusals.ts'

/**
 * Win32 error codes of a refused bind, in hexadecimal at the end of the diagnostic message: `80090308: LdapErr:
 * DSID-0C090449, comment: AcceptSecurityContext error, data 52e, v3839` (MS-ERREF section 2.2). All but 525, 52e and 775 are
 * told only to whoever has the right password.
 */
const DATA = /\bdata ([0-9a-f]{1,8})\b/i

export type BindData = keyof typeof MEANING

const MEANING = {
  '525': 'there is no such account',
  '52e': 'wrong name or password',
  '52f': 'the account is restricted (a blank password, logon hours or machines)',
  '530': 'outside the logon hours of the account',
  '531': 'the account may not log in from this machine ("Log On To")',
  '532': 'the password has expired',
  '533': 'the account is disabled',
  '534': 'the account has not been granted this kind of logon',
  '568': 'the account is in too many groups',
  '701': 'the account has expired',
  '773': 'the password must be changed before the first login',
  '775': 'the account is locked after too many wrong passwords',
} as const

/** Undefined: the server does not say, or something this house does not know. */
export function bindData(message: string): BindData | undefined {
  const data = DATA.exec(message)?.[1]?.toLowerCase()
  return data !== undefined && data in MEANING ? (data as BindData) : undefined // asked for right above
}

/** For people. */
export function bindDataText(data: BindData): string {
  return MEANING[data]
}

/** What the refusal of a user's bind says of the user. `account` is absent where it was not looked up before. */
export function refusedBind(
  refusal: LdapRefusal,
  account: DirectoryAccount | undefined,
): AuthenticationOutcome {
  // Any other result speaks of the connection, not of the password.
  if (refusal.code !== RESULT.invalidCredentials) return unanswered(refusal, 'the bind of a user')
  switch (bindData(refusal.message)) {
    case '525':
      return account === undefined ? { kind: 'not-found' } : wrong(account)
    case '530':
      return standing(account, 'outside-logon-hours') ?? { kind: 'outside-logon-hours' }
    case '52f':
    case '531':
    case '534':
      return { kind: 'workstation-denied' }
    case '532':
      return standing(account, 'password-expired') ?? { kind: 'password-expired' }
    case '533':
      return { kind: 'disabled' }
    case '568':
      return { kind: 'unavailable', why: `${refusal.server}: ${MEANING['568']}` }
    case '701':
      return standing(account, 'account-expired') ?? { kind: 'account-expired' }
    case '773':
      return { kind: 'must-change-password' }
    case '775':
      return standing(account, 'locked') ?? { kind: 'locked' }
    default:
      return wrong(account)
  }
}

/** The failure that this bind was counts too. */
function wrong(account: DirectoryAccount | undefined): AuthenticationOutcome {
  const { failures = 0, threshold = 0 } = account?.budget ?? {}
  if (threshold === 0) return { kind: 'wrong-password' }
  return { kind: 'wrong-password', failures: failures + 1, lockoutThreshold: threshold }
}

/** With the instants that the look-up knows. */
function standing(
  account: DirectoryAccount | undefined,
  kind: AuthenticationOutcome['kind'],
): AuthenticationOutcome | undefined {
  return [account?.barred, account?.passwordBarred].find((outcome) => outcome?.kind === kind)
}

/** Why the service account itself was refused, and what to do: for the log, the state of the source, and its test. */
export function serviceBindProblem(
  refusal: Pick<LdapRefusal, 'code' | 'message'>,
  bindDn: string,
): string | undefined {
  if (refusal.code === RESULT.invalidDNSyntax) return nameHint(bindDn)
  if (refusal.code !== RESULT.invalidCredentials) return undefined
  const data = bindData(refusal.message)
  if (data === undefined) return undefined
  if (data === '52e' || data === '525') {
    const form = /[=@\\]/.test(bindDn) ? `bindDn "${bindDn}"` : nameHint(bindDn)
    return `${MEANING[data]}: check bindPassword, and ${form}`
  }
  return `${MEANING[data]}: correct the service account ${bindDn}`
}

function nameHint(bindDn: string): string {
  return `bindDn "${bindDn}" must be the whole DN (CN=Sallyport,OU=Services,DC=example,DC=org), user@domain or DOMAIN\\user`
}
