import type { ReasonDefinition } from './code-table.ts'

/** What the rules said, and what became of the answer they asked for. */
export const POLICY = {
  accepted: { area: 'accept', outcome: 'accept', values: { rule: 'text' } },
  'no-rule-matched': { area: 'policy', outcome: 'reject', values: { rules: 'number' } },
  'rejected-by-rule': { area: 'policy', outcome: 'reject', values: { rule: 'text' } },
  'method-not-allowed': {
    area: 'policy',
    outcome: 'reject',
    values: { rule: 'text', method: 'text', inner: 'text?', allowed: 'texts', allowedInside: 'texts?' },
  },
  'mab-not-listed': { area: 'policy', outcome: 'reject', values: { rule: 'text' } },
  'session-limit-reached': {
    area: 'policy',
    outcome: 'reject',
    values: { rule: 'text', user: 'text', limit: 'number', per: 'text', live: 'number', sessions: 'texts' },
  },
  'session-not-countable': { area: 'policy', outcome: 'reject', values: { rule: 'text', client: 'text' } },
  'session-count-unknown': { area: 'policy', outcome: 'drop', values: { rule: 'text', user: 'text' } },
  'reply-unbuildable': {
    area: 'policy',
    outcome: 'reject',
    values: { rule: 'text?', attribute: 'text?', detail: 'text?' },
  },
  'acl-download-refused': {
    area: 'policy',
    outcome: 'reject',
    values: { client: 'text', list: 'text', detail: 'text' },
  },
} as const satisfies Record<string, ReasonDefinition>
