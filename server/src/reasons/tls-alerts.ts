import type { ReasonDefinition } from './code-table.ts'

/**
 * TLS alerts by number: RFC 8446 section 6 and, for the ones TLS 1.3 dropped, RFC 5246 section 7.2. Each is a reason
 * code of its own, `tls-alert-` and the name, because each one means that somebody else has to do something else.
 */
export const TLS_ALERTS = {
  0: 'close-notify',
  10: 'unexpected-message',
  20: 'bad-record-mac',
  21: 'decryption-failed',
  22: 'record-overflow',
  30: 'decompression-failure',
  40: 'handshake-failure',
  41: 'no-certificate',
  42: 'bad-certificate',
  43: 'unsupported-certificate',
  44: 'certificate-revoked',
  45: 'certificate-expired',
  46: 'certificate-unknown',
  47: 'illegal-parameter',
  48: 'unknown-ca',
  49: 'access-denied',
  50: 'decode-error',
  51: 'decrypt-error',
  60: 'export-restriction',
  70: 'protocol-version',
  71: 'insufficient-security',
  80: 'internal-error',
  86: 'inappropriate-fallback',
  90: 'user-canceled',
  100: 'no-renegotiation',
  109: 'missing-extension',
  110: 'unsupported-extension',
  111: 'certificate-unobtainable',
  112: 'unrecognized-name',
  113: 'bad-certificate-status-response',
  114: 'bad-certificate-hash-value',
  115: 'unknown-psk-identity',
  116: 'certificate-required',
  120: 'no-application-protocol',
} as const

export type TlsAlertName = (typeof TLS_ALERTS)[keyof typeof TLS_ALERTS]
export type TlsAlertReason = `tls-alert-${TlsAlertName}`

const NAMES = new Map<number, TlsAlertName>(
  Object.entries(TLS_ALERTS).map(([number, name]) => [Number(number), name]),
)

/** An alert by number (48) or by name in any spelling (`unknown_ca`, `unknown ca`); undefined where it is not known. */
export function tlsAlertReason(alert: string | number): TlsAlertReason | undefined {
  const name =
    typeof alert === 'number' || /^\d+$/.test(alert)
      ? NAMES.get(Number(alert))
      : [...NAMES.values()].find((known) => known === alert.toLowerCase().replace(/[ _]/g, '-'))
  return name === undefined ? undefined : `tls-alert-${name}`
}

/** The alert the supplicant sent, about which login, and the certificate of ours it was shown. */
const definition = {
  area: 'tls',
  outcome: 'reject',
  values: {
    alert: 'text?',
    client: 'text?',
    user: 'text?',
    serverName: 'text?',
    issuer: 'text?',
    notBefore: 'instant?',
    notAfter: 'instant?',
    now: 'instant?',
  },
} as const satisfies ReasonDefinition

export const TLS_ALERT_REASONS = Object.fromEntries(
  Object.values(TLS_ALERTS).map((name) => [`tls-alert-${name}`, definition]),
) as Record<TlsAlertReason, typeof definition> // fromEntries forgets the key type; the keys are exactly these
