import { RequestError } from '../../kernel/errors.ts'
import { NAME_FAULTS, nameFault } from '../user-name.ts'
import { parseLogonHours } from './logon-hours.ts'

/** Why a local user cannot have this name; undefined: they can. */
export function userNameProblem(name: string): string | undefined {
  const fault = nameFault(name)
  if (fault !== undefined) return NAME_FAULTS[fault]
  // `realms.ts` would take such a name apart, or refuse it: nobody could ever log in with it.
  if (/[@\\]/.test(name)) return 'a local name carries no realm: neither @ nor \\'
  if (name.endsWith('.')) return NAME_FAULTS['dot-at-end']
  if (name.includes('..')) return NAME_FAULTS['empty-label']
  return undefined
}

export function groupNameProblem(name: string): string | undefined {
  const fault = nameFault(name)
  return fault === undefined ? undefined : NAME_FAULTS[fault]
}

export function logonHoursProblem(entries: readonly string[]): string | undefined {
  const parsed = parseLogonHours(entries)
  if (parsed.ok) return undefined
  return `'${parsed.fault}' is no span of logon hours; write 'Mon-Fri 07:00-19:00'`
}

/** Throws RequestError where there is a problem. */
export function refuse(code: string, subject: string, problem: string | undefined): void {
  if (problem !== undefined) {
    throw new RequestError(code, `${subject} is refused: ${problem}.`, { subject, why: problem })
  }
}
