import type { CheckLine } from './check-line.ts'
import { identityLines } from './identity-lines.ts'
import { requestLines } from './request-lines.ts'
import { secretLines } from './secret-lines.ts'
import type { GatewaySeen } from './seen.ts'
import { sessionLines } from './session-lines.ts'

/** What a gateway does right and wrong, as far as its packets tell. Pure. */
export function gatewayCheck(seen: GatewaySeen): readonly CheckLine[] {
  return [...requestLines(seen), ...secretLines(seen), ...sessionLines(seen), ...identityLines(seen)]
}
