import type { ReasonDefinition } from './code-table.ts'

/** What an identity source, or the search for one, can answer. `user` is the name as it was asked for. */
export const IDENTITY = {
  'user-not-found': { area: 'identity', outcome: 'reject', values: { user: 'text', sources: 'texts?' } },
  'wrong-password': {
    area: 'identity',
    outcome: 'reject',
    values: { user: 'text', source: 'text?', failures: 'number?', lockoutThreshold: 'number?' },
  },
  /** The lock-out shield: the directory refused this very password before, and was not asked again. */
  'wrong-password-repeated': {
    area: 'identity',
    outcome: 'reject',
    values: {
      user: 'text',
      source: 'text?',
      device: 'text',
      client: 'text?',
      failures: 'number?',
      lockoutThreshold: 'number?',
    },
  },
  /** The lock-out shield: this device failed too often. */
  'device-held-back': {
    area: 'identity',
    outcome: 'reject',
    values: {
      user: 'text',
      source: 'text?',
      device: 'text',
      client: 'text?',
      failures: 'number',
      left: 'number',
      lockoutThreshold: 'number',
      until: 'instant',
    },
  },
  /** The lock-out shield: one more wrong password of a device nobody knows would come too close to the lock. */
  'guesses-kept-back': {
    area: 'identity',
    outcome: 'reject',
    values: {
      user: 'text',
      source: 'text?',
      device: 'text',
      client: 'text?',
      left: 'number',
      lockoutThreshold: 'number',
      until: 'instant',
    },
  },
  'no-password-set': { area: 'identity', outcome: 'reject', values: { user: 'text', source: 'text?' } },
  'empty-password': { area: 'identity', outcome: 'reject', values: { user: 'text' } },
  'account-disabled': { area: 'identity', outcome: 'reject', values: { user: 'text', source: 'text?' } },
  /** Several accounts of a directory fit one name. */
  'account-ambiguous': {
    area: 'identity',
    outcome: 'reject',
    values: { user: 'text', source: 'text?', accounts: 'texts?' },
  },
  'dial-in-denied': { area: 'identity', outcome: 'reject', values: { user: 'text', source: 'text?' } },
  'smart-card-required': { area: 'identity', outcome: 'reject', values: { user: 'text', source: 'text?' } },
  'logon-workstation-denied': {
    area: 'identity',
    outcome: 'reject',
    values: { user: 'text', source: 'text?' },
  },
  'account-locked': {
    area: 'identity',
    outcome: 'reject',
    values: { user: 'text', source: 'text?', until: 'instant?', failures: 'number?' },
  },
  'account-expired': {
    area: 'identity',
    outcome: 'reject',
    values: { user: 'text', source: 'text?', since: 'instant?' },
  },
  'password-expired': {
    area: 'identity',
    outcome: 'reject',
    values: { user: 'text', source: 'text?', since: 'instant?' },
  },
  'must-change-password': { area: 'identity', outcome: 'reject', values: { user: 'text', source: 'text?' } },
  /** Of a resumed session: the password it rests on is not the current one. */
  'password-changed-since': {
    area: 'identity',
    outcome: 'reject',
    values: { user: 'text', source: 'text?', since: 'instant?' },
  },
  'outside-logon-hours': {
    area: 'identity',
    outcome: 'reject',
    values: { user: 'text', source: 'text?', now: 'text?' },
  },
  'realm-unknown': { area: 'identity', outcome: 'reject', values: { user: 'text', realm: 'text?' } },
  'user-name-malformed': { area: 'identity', outcome: 'reject', values: { user: 'text', detail: 'text?' } },
  'form-unsupported': {
    area: 'identity',
    outcome: 'reject',
    values: { user: 'text', form: 'text', storage: 'text?', source: 'text?' },
  },
  'password-change-refused': { area: 'identity', outcome: 'reject', values: { user: 'text', why: 'text?' } },
  'mac-unknown': {
    area: 'identity',
    outcome: 'reject',
    values: { mac: 'text', client: 'text', port: 'text?' },
  },
  'mac-disabled': { area: 'identity', outcome: 'reject', values: { mac: 'text', description: 'text?' } },
  'mac-expired': {
    area: 'identity',
    outcome: 'reject',
    values: { mac: 'text', description: 'text?', since: 'instant' },
  },
  /** A recognised MAC authentication whose Calling-Station-Id does not bear it out. */
  'mac-contradicted': {
    area: 'identity',
    outcome: 'reject',
    values: { mac: 'text', client: 'text', callingStationId: 'text?' },
  },
  'mac-proof-wrong': { area: 'identity', outcome: 'reject', values: { mac: 'text' } },
  'outside-directory-group': {
    area: 'identity',
    outcome: 'reject',
    values: { user: 'text', source: 'text?', group: 'text' },
  },
  /** Of the account the server asks by, never of a user: silence. */
  'directory-service-account-refused': {
    area: 'identity',
    outcome: 'drop',
    values: { user: 'text?', source: 'text?', why: 'text?', servers: 'texts?' },
  },
  /** Silence, not a reject: the client then asks its next server. */
  'source-unavailable': {
    area: 'identity',
    outcome: 'drop',
    values: {
      user: 'text?',
      source: 'text?',
      why: 'text?',
      servers: 'texts?',
      waitedMilliseconds: 'number?',
    },
  },
} as const satisfies Record<string, ReasonDefinition>
