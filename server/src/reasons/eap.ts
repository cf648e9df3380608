import type { ReasonDefinition } from './code-table.ts'

/** Which login: filled in where the conversation is known. */
const login = { client: 'text?', user: 'text?' } as const
const detail = { ...login, detail: 'text?' } as const

/** How an EAP conversation can fail. `eap-failure.ts` maps the codes of `@sallyport/eap` here. */
export const EAP = {
  'eap-malformed-packet': { area: 'eap', outcome: 'reject', values: detail },
  'eap-unexpected-packet': { area: 'eap', outcome: 'reject', values: detail },
  'eap-no-common-method': {
    area: 'eap',
    outcome: 'reject',
    values: { ...login, offered: 'text?', wanted: 'text?', inside: 'text?' },
  },
  'eap-nak-to-forbidden-method': {
    area: 'eap',
    outcome: 'reject',
    values: { ...login, offered: 'text?', wanted: 'text?', inside: 'text?' },
  },
  'eap-too-many-rounds': { area: 'eap', outcome: 'reject', values: { ...login, rounds: 'number?' } },
  'eap-too-large': { area: 'eap', outcome: 'reject', values: detail },
  'eap-refused': { area: 'eap', outcome: 'reject', values: detail },
  'resumption-not-released': { area: 'eap', outcome: 'reject', values: detail },
  'crypto-binding-missing': { area: 'eap', outcome: 'reject', values: detail },
  'crypto-binding-invalid': { area: 'eap', outcome: 'reject', values: detail },
  'inner-method-forbidden': {
    area: 'eap',
    outcome: 'reject',
    values: { ...login, method: 'text?', inner: 'text?', allowed: 'text?' },
  },
  'peer-reported-failure': { area: 'eap', outcome: 'reject', values: detail },
  /** Seen from the device: only our own client (`sallyport test`) reports these two. */
  'authenticator-response-invalid': { area: 'eap', outcome: 'error', values: detail },
  'server-reported-failure': { area: 'eap', outcome: 'error', values: detail },
  'identity-mismatch': { area: 'eap', outcome: 'reject', values: { outer: 'text?', inner: 'text?' } },
  'tls-handshake-failed': { area: 'tls', outcome: 'reject', values: { ...login, error: 'text?' } },
  'tls-no-common-version': { area: 'tls', outcome: 'reject', values: { ...login, error: 'text?' } },
  'tls-no-common-cipher': { area: 'tls', outcome: 'reject', values: { ...login, error: 'text?' } },
  'tls-no-client-certificate': { area: 'tls', outcome: 'reject', values: login },
  /** The device called our certificate expired, and so does our own clock. */
  'server-certificate-expired': {
    area: 'tls',
    outcome: 'reject',
    values: {
      serverName: 'text',
      issuer: 'text',
      notBefore: 'instant',
      notAfter: 'instant',
      now: 'instant',
    },
  },
  /** An alert we know no name for; the known ones have a code each (`tls-alerts.ts`). */
  'tls-alert-received': { area: 'tls', outcome: 'reject', values: { ...login, alert: 'text?' } },
} as const satisfies Record<string, ReasonDefinition>
