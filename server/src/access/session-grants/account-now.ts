import type { Authentication, AuthenticationOrder } from '../../identity/authentication-order.ts'
import type { MacDirectory, StoredMac } from '../../identity/mac/stored-mac.ts'
import type { Receipt } from '../../journal/index.ts'
import { formatMac } from '../../kernel/mac-address.ts'
import type { Facts, MacFacts, UserFacts } from '../../policy/facts.ts'
import { PROXIED } from '../../policy/methods.ts'
import { type Reason, reason } from '../../reasons/index.ts'
import { userFacts } from '../facts.ts'
import { macBarred, macFacts } from '../mab/mac-standing.ts'
import { outcomeReason } from '../outcome-reason.ts'
import type { CertificateStandings } from './certificate-standing.ts'

/** The account of a login as it stands now. */
export type AccountNow =
  | { readonly kind: 'known'; readonly user: UserFacts; readonly mac?: MacFacts }
  /** Would be refused, whatever the rules say. */
  | { readonly kind: 'refused'; readonly reason: Reason }
  | { readonly kind: 'unknown'; readonly reason: Reason }
  /** The proof has to be given again before anything can be said. */
  | { readonly kind: 'outdated'; readonly detail: string }

export interface AccountParts {
  readonly order: AuthenticationOrder
  readonly macs: MacDirectory
  readonly certificates: CertificateStandings
  /** Version of the configuration that is decided by. */
  readonly version: number
  readonly now: number
}

/**
 * What keeps an account from its next login only. A lock-out is there against guessing: were it to end sessions, whoever
 * types wrong passwords could disconnect anybody. A password that is too old is asked for at the next login.
 */
const NEXT_LOGIN_ONLY: ReadonlySet<string> = new Set(['locked', 'must-change-password', 'password-expired'])

export async function accountNow(receipt: Receipt, facts: Facts, parts: AccountParts): Promise<AccountNow> {
  const { certificate, user, mac, auth } = facts
  if (mac !== undefined) return macNow(mac, facts, parts)
  const { order, version } = parts
  if (certificate === undefined) {
    const at = provedAt(receipt)
    const authentication = await order.standing(user.realm, user.name, { by: 'password', at }, user.source)
    const { kind } = authentication.outcome
    // The account is another server's: what it said holds until the next login, while it is the one that is asked.
    if (auth.method === PROXIED && kind === 'realm-proxied') return { kind: 'known', user }
    if (auth.method === PROXIED || kind === 'realm-proxied') {
      return { kind: 'outdated', detail: `realm "${user.realm}" is asked elsewhere now` }
    }
    if (!NEXT_LOGIN_ONLY.has(kind)) return accountOf(authentication, user)
    const standing = await order.standing(user.realm, user.name, { by: 'certificate', at }, user.source)
    return accountOf(standing, user)
  }
  const standing = await parts.certificates.standing(certificate, parts.now)
  if (standing.kind === 'refused' || standing.kind === 'unknown') return standing
  if (standing.kind === 'unplaced' && receipt.configVersion < version) {
    return { kind: 'outdated', detail: `the CA that issued the certificate is not configured` }
  }
  const holder = standing.kind === 'good' ? standing.holder : undefined
  const { fingerprint } = certificate
  const proof = {
    form: 'certificate',
    fingerprint,
    names: certificate,
    ...(holder === undefined ? {} : { holder }),
  } as const
  return accountOf(await order.standing(user.realm, user.name, proof, user.source), user)
}

/** MAC authentication bypass asks the MAC store alone. */
function macNow({ address }: MacFacts, { user, client }: Facts, { macs, now }: AccountParts): AccountNow {
  let stored: StoredMac | undefined
  try {
    stored = macs.find(address)
  } catch {
    return { kind: 'unknown', reason: reason('source-unavailable', { user: address, source: user.source }) }
  }
  const mac = formatMac(address)
  const why =
    stored === undefined ? reason('mac-unknown', { mac, client: client.name }) : macBarred(stored, now)
  if (why !== undefined) return { kind: 'refused', reason: why }
  return { kind: 'known', user, ...(stored === undefined ? {} : { mac: macFacts(stored) }) }
}

function accountOf(authentication: Authentication, before: UserFacts): AccountNow {
  const { outcome } = authentication
  if (outcome.kind !== 'authenticated') {
    const why = outcomeReason({ ...authentication, outcome }, before.name)
    return { kind: outcome.kind === 'unavailable' ? 'unknown' : 'refused', reason: why }
  }
  const { source } = outcome.user
  if (source !== before.source) {
    return { kind: 'outdated', detail: `source "${source}" knows the name now, not "${before.source}"` }
  }
  return { kind: 'known', user: userFacts(outcome.user, before.realm) }
}

/** When the proof was found to hold: a password that was changed in that very login is not a later one. */
function provedAt({ at, timings }: Receipt): number {
  return at + Math.ceil(((timings?.verify ?? 0) + (timings?.authenticate ?? 0)) / 1000) + 1
}

/** For a session whose login nothing is known of: only what bars the account itself can be told. */
export async function accountBarred(
  order: AuthenticationOrder,
  userName: string,
  at: number,
): Promise<Reason | 'unknown' | undefined> {
  const authentication = await order.resolve(userName, { by: 'certificate', at })
  const { outcome } = authentication
  switch (outcome.kind) {
    case 'disabled':
    case 'account-expired':
    case 'outside-logon-hours':
      return reasonOf(authentication, userName)
    case 'unavailable':
      return 'unknown'
    default:
      return undefined
  }
}

function reasonOf(authentication: Authentication, userName: string): Reason {
  const { outcome } = authentication
  if (outcome.kind === 'authenticated') return reason('internal-error', {})
  return outcomeReason({ ...authentication, outcome }, userName)
}
