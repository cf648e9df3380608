import type { ReasonDefinition } from './code-table.ts'

/** Why somebody did not get the file of a connection. */
export const PROFILE = {
  'profile-needs-approval': {
    area: 'enrolment',
    outcome: 'reject',
    values: { user: 'text', template: 'text' },
    http: 403,
  },
  'profile-link-unknown': { area: 'enrolment', outcome: 'reject', values: { from: 'text' }, http: 404 },
  'profile-link-used': {
    area: 'enrolment',
    outcome: 'reject',
    values: { id: 'number', user: 'text', from: 'text', usedAt: 'instant', usedFrom: 'text' },
    http: 404,
  },
  'profile-link-expired': {
    area: 'enrolment',
    outcome: 'reject',
    values: { id: 'number', user: 'text', from: 'text', expiredAt: 'instant' },
    http: 404,
  },
  'profile-link-choice': {
    area: 'enrolment',
    outcome: 'reject',
    values: { id: 'number', user: 'text', connection: 'text' },
    http: 403,
  },
  'profile-code-guessing': {
    area: 'enrolment',
    outcome: 'reject',
    values: { from: 'text', seconds: 'number' },
    http: 429,
  },
  'profile-not-in-groups': {
    area: 'enrolment',
    outcome: 'reject',
    values: { user: 'text' },
    http: 403,
  },
} as const satisfies Record<string, ReasonDefinition>
