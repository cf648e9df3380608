/** AlertDescription names (RFC 8446 section 6, with those RFC 5246 section 7.2 still has). */
const ALERTS: Readonly<Record<number, string>> = {
  0: 'close_notify',
  10: 'unexpected_message',
  20: 'bad_record_mac',
  22: 'record_overflow',
  40: 'handshake_failure',
  42: 'bad_certificate',
  43: 'unsupported_certificate',
  44: 'certificate_revoked',
  45: 'certificate_expired',
  46: 'certificate_unknown',
  47: 'illegal_parameter',
  48: 'unknown_ca',
  49: 'access_denied',
  50: 'decode_error',
  51: 'decrypt_error',
  70: 'protocol_version',
  71: 'insufficient_security',
  80: 'internal_error',
  86: 'inappropriate_fallback',
  90: 'user_canceled',
  100: 'no_renegotiation',
  109: 'missing_extension',
  110: 'unsupported_extension',
  112: 'unrecognized_name',
  113: 'bad_certificate_status_response',
  115: 'unknown_psk_identity',
  116: 'certificate_required',
  120: 'no_application_protocol',
}

const ALERT_RECORD = 21
const RECORD_HEADER = 5

/** The unencrypted alert these records end with, if they do: an encrypted one has more than two octets. */
export function alertAtEnd(records: Uint8Array): string | undefined {
  const at = records.length - (RECORD_HEADER + 2)
  if (at < 0 || records[at] !== ALERT_RECORD || records[at + 3] !== 0 || records[at + 4] !== 2)
    return undefined
  return ALERTS[records[at + 6] as number]
}

const FATAL = 2

/**
 * A fatal alert for a server whose certificate the peer refuses, unencrypted: a server that waits for the peer's last
 * flight reads it so in TLS 1.3 as well (RFC 8446 section 6.2 lets the peer fail there).
 */
export function certificateAlert(error: string): Uint8Array {
  const number = /issuer|verify_leaf|self_signed/.test(error) ? 48 : /expired/.test(error) ? 45 : 46
  return Uint8Array.of(ALERT_RECORD, 3, 3, 0, 2, FATAL, number)
}

/** Whether `name` is the name of an alert. */
export function isAlert(name: string): boolean {
  return Object.values(ALERTS).includes(name)
}
