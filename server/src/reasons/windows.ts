import type { ReasonDefinition } from './code-table.ts'

/** Enrolment of Windows computers and people. */
export const WINDOWS = {
  'kerberos-refused': { area: 'identity', outcome: 'reject', values: { why: 'text' } },
  'kerberos-unavailable': { area: 'identity', outcome: 'error', values: { why: 'text' } },
} as const satisfies Record<string, ReasonDefinition>
