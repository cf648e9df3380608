import { type EapFailure, type EapFailureCode, methodName } from '@sallyport/eap'
import { type Reason, type ReasonCode, reason } from './reason.ts'
import { tlsAlertReason } from './tls-alerts.ts'

/** A new code in `@sallyport/eap` fails to compile here until it has a reason. */
const REASON_OF: Readonly<Record<EapFailureCode, ReasonCode>> = {
  refused: 'eap-refused',
  'malformed-packet': 'eap-malformed-packet',
  'unexpected-packet': 'eap-unexpected-packet',
  'no-common-method': 'eap-no-common-method',
  'nak-to-forbidden-method': 'eap-nak-to-forbidden-method',
  'too-many-rounds': 'eap-too-many-rounds',
  'too-large': 'eap-too-large',
  'tls-alert-received': 'tls-alert-received',
  'tls-handshake-failed': 'tls-handshake-failed',
  'tls-no-client-certificate': 'tls-no-client-certificate',
  'resumption-not-released': 'resumption-not-released',
  'crypto-binding-missing': 'crypto-binding-missing',
  'crypto-binding-invalid': 'crypto-binding-invalid',
  'inner-method-forbidden': 'inner-method-forbidden',
  'peer-reported-failure': 'peer-reported-failure',
  'identity-mismatch': 'identity-mismatch',
  'authenticator-response-invalid': 'authenticator-response-invalid',
  'server-reported-failure': 'server-reported-failure',
  internal: 'internal-error',
}

/**
 * The reason of a failed EAP conversation. Whoever wrote the verifier knows more about a `refused`: look at `cause`
 * first, and come here only where it says nothing.
 */
export function eapFailureReason(failure: EapFailure): Reason {
  const seen = failure.detail ?? {}
  const text = (name: string) => (seen[name] === undefined ? undefined : String(seen[name]))
  const number = (name: string) => (typeof seen[name] === 'number' ? seen[name] : undefined)
  const code = REASON_OF[failure.code]
  switch (code) {
    case 'tls-alert-received': {
      const alert = text('alert') ?? text('name') ?? text('description')
      const known = alert === undefined ? undefined : tlsAlertReason(alert)
      // Every alert takes the same values; the compiler does not join the union.
      return { code: known ?? code, values: { alert } } as Reason
    }
    case 'eap-no-common-method':
    case 'eap-nak-to-forbidden-method':
      return reason(code, {
        offered: methodNames(text('offered')),
        wanted: methodNames(text('wanted')),
        inside: text('inside'),
      })
    case 'eap-too-many-rounds':
      return reason(code, { rounds: number('rounds') })
    case 'inner-method-forbidden':
      return reason(code, { method: text('method'), inner: text('inner'), allowed: text('allowed') })
    case 'identity-mismatch':
      return reason(code, { outer: text('outer'), inner: text('inner') })
    case 'tls-handshake-failed':
      return handshakeReason(text('error') ?? describe(seen))
    case 'tls-no-client-certificate':
    case 'internal-error':
      return reason(code, {})
    default:
      // Every other code of the map above takes a free detail and nothing else.
      return { code, values: { detail: describe(seen) } } as Reason
  }
}

const NO_VERSION =
  /unsupported_protocol|no_protocols_available|unknown_protocol|wrong_version|version_too_low/
const NO_CIPHER = /no_shared_cipher|no_suitable_signature|no_shared_sig|no_shared_group|no_suitable_groups/

/** By the stable names OpenSSL gives its errors. */
function handshakeReason(error: string | undefined): Reason {
  const code = NO_VERSION.test(error ?? '')
    ? 'tls-no-common-version'
    : NO_CIPHER.test(error ?? '')
      ? 'tls-no-common-cipher'
      : 'tls-handshake-failed'
  return reason(code, { error })
}

/** `13,52` -> `eap-tls, type 52`: what the package counts by number, people know by name. */
function methodNames(types: string | undefined): string | undefined {
  if (types === undefined || types === '') return undefined
  return types
    .split(',')
    .map((type) => methodName(Number(type)) ?? `type ${type}`)
    .join(', ')
}

function describe(detail: NonNullable<EapFailure['detail']>): string | undefined {
  const parts = Object.entries(detail).map(([name, value]) => `${name} ${value}`)
  return parts.length === 0 ? undefined : parts.join(', ')
}
