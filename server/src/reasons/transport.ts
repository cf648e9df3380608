import type { ReasonDefinition } from './code-table.ts'

/** `user`: the name in the packet, which nothing vouches for. */
const unproved = { client: 'text', user: 'text?' } as const

/** What can be wrong with a packet before anybody looks at who wants to log in. */
export const TRANSPORT = {
  'malformed-packet': {
    area: 'transport',
    outcome: 'drop',
    values: { address: 'text?', detail: 'text?', offset: 'number?' },
  },
  'unknown-client': { area: 'transport', outcome: 'drop', values: { address: 'text' } },
  'client-disabled': { area: 'transport', outcome: 'drop', values: { client: 'text' } },
  'wrong-secret': {
    area: 'transport',
    outcome: 'drop',
    values: { client: 'text', user: 'text?', detail: 'text?' },
  },
  'message-authenticator-missing': { area: 'transport', outcome: 'drop', values: unproved },
  'message-authenticator-invalid': { area: 'transport', outcome: 'drop', values: unproved },
  'proxy-state-without-message-authenticator': {
    area: 'transport',
    outcome: 'drop',
    values: unproved,
  },
  'duplicate-request': { area: 'transport', outcome: 'drop', values: { client: 'text' } },
  'unsupported-packet-code': {
    area: 'transport',
    outcome: 'drop',
    values: { client: 'text?', packetCode: 'number' },
  },
  'no-credentials': { area: 'transport', outcome: 'reject', values: { client: 'text' } },
  'password-garbled': {
    area: 'transport',
    outcome: 'reject',
    values: { client: 'text', user: 'text', detail: 'text?' },
  },
  'credentials-malformed': {
    area: 'transport',
    outcome: 'reject',
    values: { client: 'text', detail: 'text?' },
  },
  'conversation-unknown': { area: 'transport', outcome: 'reject', values: { client: 'text' } },
  'challenge-too-long': { area: 'transport', outcome: 'reject', values: unproved },
  'reject-too-long': { area: 'transport', outcome: 'drop', values: { client: 'text' } },
  overloaded: { area: 'transport', outcome: 'drop', values: { limit: 'text', most: 'number?' } },
  'accounting-not-stored': { area: 'transport', outcome: 'drop', values: { client: 'text' } },
} as const satisfies Record<string, ReasonDefinition>
