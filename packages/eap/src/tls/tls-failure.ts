import type { EapFailure } from '../failure.ts'
import type { TlsFailure } from './engine.ts'

/** A TLS failure by the codes of this package; the alert's name says what the other side did not like. */
export function tlsFailureReason(failure: TlsFailure): EapFailure {
  if (failure.alertReceived !== undefined) {
    return { code: 'tls-alert-received', detail: { alert: failure.alertReceived } }
  }
  if (failure.error === 'peer_did_not_return_a_certificate') return { code: 'tls-no-client-certificate' }
  const { alertSent } = failure
  const detail = { error: failure.error, ...(alertSent === undefined ? {} : { alertSent }) }
  return { code: 'tls-handshake-failed', detail }
}
