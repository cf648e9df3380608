import type { ReasonDefinition } from './code-table.ts'

/** Why somebody did not get the file of a connection. */
export const PROFILE = {
  'profile-needs-approval': {
    area: 'enrolment',
    outcome: 'reject',
    values: { user: 'text', template: 'text' },
    http: 403,
  },
} as const satisfies Record<string, ReasonDefinition>
