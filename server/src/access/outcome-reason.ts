import type { Authentication } from '../identity/authentication-order.ts'
import type { Asked } from '../identity/source.ts'
import { NAME_FAULTS } from '../identity/user-name.ts'
import { formatMac, normaliseMac } from '../kernel/mac-address.ts'
import { type Reason, reason } from '../reasons/index.ts'

type Device = Pick<Asked, 'client' | 'station'>

/** For people: a MAC address the way they write it. */
function deviceOf({ station = '', client }: Device): { readonly device: string; readonly client?: string } {
  const mac = normaliseMac(station)
  return {
    device: mac === undefined ? station : formatMac(mac),
    ...(client !== undefined && { client }),
  }
}

type Refusal = Exclude<Authentication['outcome'], { kind: 'authenticated' }>

/** The reason of an authentication that did not succeed. `userName`: as the peer wrote it. */
export function outcomeReason(
  authentication: Authentication & { outcome: Refusal },
  userName: string,
): Reason {
  const { outcome, tried } = authentication
  const user = authentication.user ?? userName
  // Whose word it is: later sources may have been asked after it.
  const source = (tried.find((attempt) => attempt.outcome === outcome) ?? tried.at(-1))?.source
  switch (outcome.kind) {
    case 'not-found':
      return reason('user-not-found', { user, sources: tried.map((attempt) => attempt.source) })
    case 'outside-group':
      return reason('outside-directory-group', { user, source, group: outcome.group })
    case 'other-holder':
      return reason('certificate-no-mapping', {
        tried: [`"${user}", but it was issued to an account that no longer exists`],
      })
    case 'wrong-password':
      if (outcome.repeatedBy !== undefined) {
        const { failures, lockoutThreshold } = outcome
        const device = deviceOf(outcome.repeatedBy)
        return reason('wrong-password-repeated', { user, source, ...device, failures, lockoutThreshold })
      }
      return reason('wrong-password', {
        user,
        source,
        failures: outcome.failures,
        lockoutThreshold: outcome.lockoutThreshold,
      })
    case 'held-back': {
      const { because, stationFailures: failures, left, threshold, until } = outcome
      const budget = { user, source, ...deviceOf(outcome), left, lockoutThreshold: threshold, until }
      return because === 'station'
        ? reason('device-held-back', { ...budget, failures })
        : reason('guesses-kept-back', budget)
    }
    case 'no-password':
      return reason('no-password-set', { user, source })
    case 'empty-password':
      return reason('empty-password', { user })
    case 'ambiguous':
      return reason('account-ambiguous', { user, source, accounts: outcome.accounts })
    case 'certificate-of-other':
      return reason('certificate-of-other-account', {
        user,
        source,
        sid: outcome.sid,
        accountSid: outcome.accountSid,
      })
    case 'certificate-unbound':
      return reason('certificate-mapping-weak', { user, source, tried: outcome.tried })
    case 'dial-in-denied':
      return reason('dial-in-denied', { user, source })
    case 'smart-card-required':
      return reason('smart-card-required', { user, source })
    case 'workstation-denied':
      return reason('logon-workstation-denied', { user, source })
    case 'disabled':
      return reason('account-disabled', { user, source })
    case 'locked':
      return reason('account-locked', { user, source, until: outcome.until, failures: outcome.failures })
    case 'account-expired':
      return reason('account-expired', { user, source, since: outcome.since })
    case 'password-expired':
      return reason('password-expired', { user, source, since: outcome.since })
    case 'must-change-password':
      return reason('must-change-password', { user, source })
    case 'password-changed':
      return reason('password-changed-since', { user, source, since: outcome.since })
    case 'outside-logon-hours':
      return reason('outside-logon-hours', { user, source, now: outcome.now })
    case 'form-unsupported':
      return reason('form-unsupported', { user, form: outcome.form, storage: outcome.storage, source })
    case 'change-refused':
      return reason('password-change-refused', { user, why: outcome.why })
    case 'realm-unknown':
      return reason('realm-unknown', { user, realm: outcome.realm })
    case 'realm-proxied':
      return reason('realm-proxied', { user, realm: outcome.realm })
    case 'name-refused':
      return reason('user-name-malformed', { user: userName, detail: NAME_FAULTS[outcome.fault] })
    case 'unavailable': {
      const { why, servers, waitedMilliseconds, cause } = outcome
      if (cause === 'service-account-refused')
        return reason('directory-service-account-refused', { user, source, why, servers })
      return reason('source-unavailable', { user, source, why, servers, waitedMilliseconds })
    }
  }
}
