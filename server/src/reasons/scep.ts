import type { ReasonDefinition } from './code-table.ts'

/** SCEP (RFC 8894) and the challenges certificates are asked for with. */
export const SCEP = {
  'scep-message-malformed': { area: 'enrolment', outcome: 'reject', values: { detail: 'text' } },
  'scep-message-type': { area: 'enrolment', outcome: 'reject', values: { type: 'text' } },
  'scep-signature-invalid': { area: 'enrolment', outcome: 'reject', values: { detail: 'text' } },
  'scep-algorithm': { area: 'enrolment', outcome: 'reject', values: { detail: 'text' } },
  'scep-content-unreadable': { area: 'enrolment', outcome: 'reject', values: {} },
  'scep-key-of-another': { area: 'enrolment', outcome: 'reject', values: { subject: 'text' } },
  'scep-renewal-foreign': {
    area: 'enrolment',
    outcome: 'reject',
    values: { subject: 'text', issuer: 'text' },
  },
  'scep-transaction-unknown': { area: 'enrolment', outcome: 'reject', values: { transaction: 'text' } },
  'scep-certificate-unknown': {
    area: 'enrolment',
    outcome: 'reject',
    values: { issuer: 'text', serial: 'text' },
  },
  'challenge-missing': { area: 'enrolment', outcome: 'reject', values: { subject: 'text' } },
  'challenge-unknown': { area: 'enrolment', outcome: 'reject', values: { subject: 'text' } },
  'challenge-spent': {
    area: 'enrolment',
    outcome: 'reject',
    values: { id: 'number', holder: 'text', usedAt: 'instant?' },
  },
  'challenge-expired': {
    area: 'enrolment',
    outcome: 'reject',
    values: { id: 'number', holder: 'text', expiredAt: 'instant' },
  },
  'challenge-mismatch': {
    area: 'enrolment',
    outcome: 'reject',
    values: { rule: 'text', wanted: 'text', found: 'text' },
  },
  'challenge-rejected': {
    area: 'enrolment',
    outcome: 'reject',
    values: { validator: 'text', rule: 'text', detail: 'text?' },
  },
  'challenge-validator-silent': {
    area: 'enrolment',
    outcome: 'reject',
    values: { validator: 'text', detail: 'text' },
  },
} as const satisfies Record<string, ReasonDefinition>
