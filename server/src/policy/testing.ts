import { compilePolicy } from './compile.ts'
import type { Facts } from './facts.ts'
import type { Policy } from './policy.ts'
import type { Profile, Rule } from './rule.ts'

/** Facts of an ordinary login, for tests: alice of VPN Users and Staff, by MS-CHAPv2 in PEAP, on a Monday at ten. */
export const ALICE: Facts = {
  door: 'network',
  user: {
    name: 'alice',
    realm: 'example.org',
    source: 'local',
    groups: ['VPN Users', 'Staff'],
    attributes: { mail: 'alice@example.org' },
  },
  auth: { method: 'peap', inner: 'eap-mschapv2', outerIdentity: 'anonymous', resumed: false },
  client: { name: 'vpn-1', vendor: 'strongswan', address: '192.0.2.10' },
  request: {
    callingStationId: '02-00-00-00-00-01',
    attributes: { 'NAS-Port': ['1'], 'NAS-IP-Address': ['192.0.2.10'] },
  },
  time: { now: '2026-01-05T10:00:00.000Z', hour: 10, weekday: 1 },
}

/** Compiles rules that have to be right. */
export function policyOf(rules: readonly Rule[], profiles: readonly Profile[] = []): Policy {
  const compiled = compilePolicy(rules, profiles)
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
  return compiled.policy
}
