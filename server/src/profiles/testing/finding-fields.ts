import type { Finding } from '../profile-output.ts'
import type { Field } from './golden.ts'

/** What an output says in one case, for a golden file: `case: severity code (setting) = message`; a case without is a line too. */
export function findingFields(name: string, findings: readonly Finding[]): readonly Field[] {
  if (findings.length === 0) return [[`${name}: nothing`, '']]
  return findings.map(({ severity, code, message, setting }) => {
    const place = setting === undefined ? '' : ` (${setting})`
    return [`${name}: ${severity} ${code}${place}`, message]
  })
}
