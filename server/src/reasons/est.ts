import type { ReasonDefinition } from './code-table.ts'

/** Enrolment by password and by EST (RFC 7030). */
export const EST = {
  'enrolment-guessing': {
    area: 'enrolment',
    outcome: 'reject',
    values: { user: 'text', address: 'text', seconds: 'number' },
  },
  'est-request-unreadable': { area: 'enrolment', outcome: 'reject', values: { detail: 'text' } },
  'est-request-unproved': { area: 'enrolment', outcome: 'reject', values: {} },
  'est-channel-binding': { area: 'enrolment', outcome: 'reject', values: { detail: 'text' } },
  'est-names-differ': {
    area: 'enrolment',
    outcome: 'reject',
    values: { asked: 'text', held: 'text' },
  },
  'est-server-key-needs-template': { area: 'enrolment', outcome: 'reject', values: { label: 'text?' } },
} as const satisfies Record<string, ReasonDefinition>
