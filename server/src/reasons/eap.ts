import type { ReasonDefinition } from './code-table.ts'

const detail = { detail: 'text?' } as const

/** How an EAP conversation can fail. `eap-failure.ts` maps the codes of `@sallyport/eap` here. */
export const EAP = {
  'eap-malformed-packet': { area: 'eap', outcome: 'reject', values: detail },
  'eap-unexpected-packet': { area: 'eap', outcome: 'reject', values: detail },
  'eap-no-common-method': {
    area: 'eap',
    outcome: 'reject',
    values: { offered: 'text?', wanted: 'text?' },
  },
  'eap-nak-to-forbidden-method': {
    area: 'eap',
    outcome: 'reject',
    values: { offered: 'text?', wanted: 'text?' },
  },
  'eap-too-many-rounds': { area: 'eap', outcome: 'reject', values: { rounds: 'number?' } },
  'eap-too-large': { area: 'eap', outcome: 'reject', values: detail },
  'eap-refused': { area: 'eap', outcome: 'reject', values: detail },
  'resumption-not-released': { area: 'eap', outcome: 'reject', values: detail },
  'crypto-binding-missing': { area: 'eap', outcome: 'reject', values: detail },
  'crypto-binding-invalid': { area: 'eap', outcome: 'reject', values: detail },
  'inner-method-forbidden': {
    area: 'eap',
    outcome: 'reject',
    values: { method: 'text?', inner: 'text?' },
  },
  'peer-reported-failure': { area: 'eap', outcome: 'reject', values: detail },
  /** Seen from the device: only our own client (`sallyport test`) reports these two. */
  'authenticator-response-invalid': { area: 'eap', outcome: 'error', values: detail },
  'server-reported-failure': { area: 'eap', outcome: 'error', values: detail },
  'identity-mismatch': { area: 'eap', outcome: 'reject', values: { outer: 'text?', inner: 'text?' } },
  'tls-handshake-failed': { area: 'tls', outcome: 'reject', values: { error: 'text?' } },
  'tls-no-client-certificate': { area: 'tls', outcome: 'reject', values: {} },
  /** An alert we know no name for; the known ones have a code each (`tls-alerts.ts`). */
  'tls-alert-received': { area: 'tls', outcome: 'reject', values: { alert: 'text?' } },
} as const satisfies Record<string, ReasonDefinition>
