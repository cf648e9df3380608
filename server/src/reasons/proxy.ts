import type { ReasonDefinition } from './code-table.ts'

/** What can happen to a request that another RADIUS server has to answer. */
export const PROXY = {
  'upstream-silent': {
    area: 'proxy',
    outcome: 'drop',
    values: { group: 'text', tried: 'texts', detail: 'text?' },
  },
  'upstreams-dead': { area: 'proxy', outcome: 'drop', values: { group: 'text' } },
  'upstream-reply-invalid': {
    area: 'proxy',
    outcome: 'drop',
    values: { upstream: 'text', detail: 'text' },
  },
  'upstream-reply-unusable': {
    area: 'proxy',
    outcome: 'reject',
    values: { upstream: 'text', detail: 'text' },
  },
  'upstream-rejected': {
    area: 'proxy',
    outcome: 'reject',
    values: { user: 'text', realm: 'text', upstream: 'text', message: 'text?' },
  },
  'proxy-loop': { area: 'proxy', outcome: 'reject', values: { client: 'text', detail: 'text' } },
  'request-not-forwardable': { area: 'proxy', outcome: 'reject', values: { group: 'text', detail: 'text' } },
  'realm-proxied': { area: 'proxy', outcome: 'reject', values: { user: 'text', realm: 'text' } },
} as const satisfies Record<string, ReasonDefinition>
