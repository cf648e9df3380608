import { nameKey } from '../../user-name.ts'
import type { Domain } from './domain.ts'

/** How Active Directory may know whoever wrote a name. */
export type LoginName =
  | {
      readonly kind: 'person'
      /** userPrincipalName, whole: also with a suffix that is not the domain's. */
      readonly principal?: string
      readonly account?: string
    }
  /** `host/name.domain` of a Windows machine, or its account `NAME$`. */
  | { readonly kind: 'computer'; readonly dnsName?: string; readonly account?: string }
  /** `OTHER\user`: an account of a domain this source does not ask. */
  | { readonly kind: 'elsewhere' }

/**
 * Reads a login name as Windows does: `DOMAIN\user` by the NetBIOS name (or the DNS name) of the domain, `user@suffix` as an exact
 * userPrincipalName, `host/name.domain` as a computer. `user` is the name without realm: the realm that brought the login here
 * took the suffix away, so it is an account name as well. A session that is decided again has no more than that.
 */
export function readLoginName(
  user: string,
  wholeName: string,
  domain: Pick<Domain, 'dnsName' | 'netbiosName'>,
): LoginName {
  if (/^host\//i.test(user)) return computerName(user.slice('host/'.length), domain)
  const backslash = wholeName.indexOf('\\')
  if (backslash !== -1 && !isOwn(wholeName.slice(0, backslash), domain)) return { kind: 'elsewhere' }
  if (user.endsWith('$')) return { kind: 'computer', account: user }
  const hasSuffix = wholeName.includes('@')
  return hasSuffix
    ? { kind: 'person', principal: wholeName, account: user }
    : { kind: 'person', account: user }
}

/** A machine writes its name with its domain; one without is taken for the account's. */
function computerName(name: string, { dnsName }: Pick<Domain, 'dnsName'>): LoginName {
  if (name === '' || name.includes('/')) return { kind: 'elsewhere' }
  const full = name.includes('.') ? name : `${name}.${dnsName}`
  return { kind: 'computer', dnsName: full }
}

function isOwn(prefix: string, { dnsName, netbiosName }: Pick<Domain, 'dnsName' | 'netbiosName'>): boolean {
  const key = nameKey(prefix)
  return key === nameKey(dnsName) || (netbiosName !== undefined && key === nameKey(netbiosName))
}
