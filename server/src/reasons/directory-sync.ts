import type { ReasonDefinition } from './code-table.ts'

/** Why users and groups of a directory could not be read, or what changed there is not seen. What was known stays. */
export const DIRECTORY_SYNC = {
  'directory-sync-broken-off': {
    area: 'service',
    outcome: 'notice',
    values: { server: 'text?', detail: 'text' },
  },
  'directory-sync-refused': {
    area: 'service',
    outcome: 'notice',
    values: { server: 'text', result: 'number', detail: 'text?' },
  },
  'directory-sync-base-missing': {
    area: 'service',
    outcome: 'notice',
    values: { server: 'text', base: 'text' },
  },
  'directory-changes-unseen': {
    area: 'service',
    outcome: 'notice',
    values: { source: 'text', detail: 'text' },
  },
  'directory-sync-size-limit': { area: 'service', outcome: 'notice', values: { server: 'text' } },
  'directory-sync-many-deletions': {
    area: 'service',
    outcome: 'notice',
    values: { server: 'text', kind: 'text', deleted: 'number', known: 'number' },
  },
} as const satisfies Record<string, ReasonDefinition>
