import type { ReasonDefinition } from './code-table.ts'

/** What can be wrong with a grant that was decided again, and with what was to be done about it. */
export const GRANTS = {
  'authorization-changed': {
    area: 'grant',
    outcome: 'notice',
    values: { rule: 'text?', before: 'texts', after: 'texts' },
  },
  'proof-outdated': { area: 'grant', outcome: 'notice', values: { user: 'text', detail: 'text' } },
  'grant-undecidable': {
    area: 'grant',
    outcome: 'notice',
    values: { user: 'text?', client: 'text', detail: 'text' },
  },
  'grant-no-answer': {
    area: 'grant',
    outcome: 'notice',
    values: { client: 'text', attempts: 'number?', detail: 'text?' },
  },
  'grant-refused': { area: 'grant', outcome: 'notice', values: { client: 'text', detail: 'text?' } },
  'grant-unsupported': { area: 'grant', outcome: 'notice', values: { client: 'text', detail: 'text?' } },
  'grant-still-live': { area: 'grant', outcome: 'notice', values: { client: 'text', seconds: 'number' } },
} as const satisfies Record<string, ReasonDefinition>
