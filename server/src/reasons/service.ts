import type { ReasonDefinition } from './code-table.ts'

/** Failures that are ours, and what the API tells a caller. Causes go to the log under the request id, never outside. */
export const SERVICE = {
  'internal-error': { area: 'service', outcome: 'reject', values: { requestId: 'text?' }, http: 500 },
  'store-unavailable': { area: 'service', outcome: 'error', values: {}, http: 503 },
  'ca-key-unavailable': {
    area: 'service',
    outcome: 'error',
    values: { token: 'text', why: 'text' },
    http: 503,
  },
  'request-invalid': {
    area: 'api',
    outcome: 'error',
    values: { path: 'text?', detail: 'text?' },
    http: 400,
  },
  'not-authenticated': { area: 'api', outcome: 'error', values: {}, http: 401 },
  'not-permitted': { area: 'api', outcome: 'error', values: { role: 'text?', needed: 'text?' }, http: 403 },
  'not-found': { area: 'api', outcome: 'error', values: { kind: 'text?', name: 'text?' }, http: 404 },
  'already-exists': { area: 'api', outcome: 'error', values: { kind: 'text?', name: 'text?' }, http: 409 },
  'version-conflict': {
    area: 'api',
    outcome: 'error',
    values: { base: 'number?', current: 'number?' },
    http: 409,
  },
  'login-refused': { area: 'api', outcome: 'error', values: {}, http: 401 },
  'csrf-token-missing': { area: 'api', outcome: 'error', values: {}, http: 403 },
  'last-admin': { area: 'api', outcome: 'error', values: {}, http: 409 },
  'body-too-large': { area: 'api', outcome: 'error', values: { most: 'number?' }, http: 413 },
  'unsupported-media-type': { area: 'api', outcome: 'error', values: {}, http: 415 },
  'weak-password': { area: 'api', outcome: 'error', values: { why: 'text?' }, http: 422 },
  'configuration-invalid': { area: 'api', outcome: 'error', values: { problems: 'number?' }, http: 422 },
  'too-many-requests': { area: 'api', outcome: 'error', values: { retryAfterSeconds: 'number?' }, http: 429 },
} as const satisfies Record<string, ReasonDefinition>
