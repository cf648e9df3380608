import type { ReasonDefinition } from './code-table.ts'

/** Why a device did not do what it was told about a session (RFC 5176), and why we did not do what somebody told us. */
export const DYNAMIC_AUTHORIZATION = {
  'session-unknown': { area: 'session', outcome: 'error', values: { session: 'text?' }, http: 404 },
  'session-ended': { area: 'session', outcome: 'error', values: { session: 'text' } },
  'session-not-nameable': {
    area: 'session',
    outcome: 'error',
    values: { client: 'text', wanted: 'texts' },
  },
  'dynamic-authorization-client-gone': { area: 'session', outcome: 'error', values: { client: 'text' } },
  'dynamic-authorization-disabled': { area: 'session', outcome: 'error', values: { client: 'text' } },
  'dynamic-authorization-unsupported': {
    area: 'session',
    outcome: 'error',
    values: { client: 'text', vendor: 'text', action: 'text' },
  },
  'dynamic-authorization-no-address': {
    area: 'session',
    outcome: 'error',
    values: { client: 'text', nas: 'text?' },
  },
  'dynamic-authorization-unbuildable': {
    area: 'session',
    outcome: 'error',
    values: { client: 'text', action: 'text', detail: 'text?' },
  },
  'dynamic-authorization-refused': {
    area: 'session',
    outcome: 'error',
    values: { client: 'text', action: 'text', errorCause: 'text?' },
  },
  'dynamic-authorization-no-answer': {
    area: 'session',
    outcome: 'error',
    values: {
      client: 'text',
      address: 'text',
      port: 'number',
      attempts: 'number',
      detail: 'text?',
    },
  },
  'event-timestamp-missing': { area: 'transport', outcome: 'drop', values: { client: 'text' } },
  'event-timestamp-outside-window': {
    area: 'transport',
    outcome: 'drop',
    values: { client: 'text', seconds: 'number', window: 'number' },
  },
  'profile-unknown': { area: 'session', outcome: 'error', values: { profile: 'text' } },
} as const satisfies Record<string, ReasonDefinition>
