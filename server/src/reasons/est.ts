import type { ReasonDefinition } from './code-table.ts'

/** Enrolment by password and by EST (RFC 7030). */
export const EST = {
  'enrolment-guessing': {
    area: 'identity',
    outcome: 'reject',
    values: { user: 'text', address: 'text', seconds: 'number' },
  },
} as const satisfies Record<string, ReasonDefinition>
