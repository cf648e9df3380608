import { type KnownServer, lintEap } from './eap-rules.ts'
import type { LintFinding } from './lint-finding.ts'
import { type ProfileFacts, type ProfileFormat, UnreadableProfile } from './profile-facts.ts'
import { readProfile } from './read-profile.ts'
import { lintTunnels } from './tunnel-rules.ts'

export interface LintReport {
  readonly format: ProfileFormat
  /** Errors first. */
  readonly findings: readonly LintFinding[]
}

/** The traps in a profile of anybody. @param known what the server really is @throws UnreadableProfile */
export function lintProfile(content: Uint8Array, known?: KnownServer): LintReport {
  const facts = readProfile(content)
  const findings = [...faultFindings(facts), ...lintEap(facts, known), ...lintTunnels(facts)]
  if (facts.eap.length + facts.tunnels.length + facts.networks.length === 0) {
    throw new UnreadableProfile('The file describes no VPN, no Wi-Fi, no wired network and no EAP method.')
  }
  const rank = ({ severity }: LintFinding) => (severity === 'error' ? 0 : 1)
  return { format: facts.format, findings: findings.sort((a, b) => rank(a) - rank(b)) }
}

function faultFindings({ faults }: ProfileFacts): LintFinding[] {
  return faults.map(({ place, code, message }) => ({
    ...{ severity: 'error' as const, code, place, message },
    cure: CURES[code],
  }))
}

const CURES = {
  'namespace-wrong': 'Take the namespace of the schema: Windows ignores or refuses the part otherwise.',
  'order-wrong': 'Put it where the schema has it.',
  'value-wrong': 'Write it as the format wants it.',
  contradiction: 'Leave out one of both.',
} as const
