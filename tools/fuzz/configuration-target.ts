import { makePlan, type PlanContext } from '../../server/src/config/plan.ts'
import { EMPTY_CONFIGURATION } from '../../server/src/config/schema.ts'
import { Sealer } from '../../server/src/kernel/seal.ts'
import { configurationChecks } from '../../server/src/main/configuration-checks.ts'
import { mutateText, mutateTokens } from './mutate.ts'
import type { Random } from './random.ts'
import { Finding, type FuzzTarget, type OpenTarget } from './target.ts'

/** The YAML that an administrator applies: read, or refused with problems. */
export const configurationTarget: FuzzTarget = {
  name: 'yaml',
  share: 1 / 40,
  open: async () => new ConfigurationFuzz(),
}

const DOCUMENT = `settings:
  timeZone: Europe/Berlin
  receipts: { keepDays: 90, maximumMegabytes: 2048 }
clients:
  - name: vpn-1
    address: 192.0.2.0/24
    vendor: cisco
    secret: "a secret of some length"
    requireMessageAuthenticator: true
sources:
  - name: local
    kind: local
    lockout: { threshold: 10, durationMinutes: 15 }
realms:
  - { name: default, default: true, sources: [local] }
  - { name: example.org, suffixes: [example.org], prefixes: [EXAMPLE], sources: [local] }
profiles:
  - name: vpn
    vlan: 42
    attributes: [{ name: Cisco-AVPair, value: "ip:inacl#1=permit ip any any" }]
rules:
  - name: vpn-users
    when: '"VPN Users" in user.groups'
    methods: { outer: [peap], inner: [eap-mschapv2] }
    effect: accept
    profiles: [vpn]
`
const WORDS = [
  ...'- : ? | > & * ! !! !!js/function !!binary !!set !!timestamp <<: *a &a %YAML --- ... {} [] {a: &b [*b]} null ~ 0x1f .inf .nan 1e999 2001-01-01'.split(
    ' ',
  ),
  ...'name: address: secret: {generate: true} {ref: x} 0.0.0.0/0 ::/0 300.1.1.1 __proto__: constructor: toString: users: groups:'.split(
    ' ',
  ),
  '\n  ',
  '\n- ',
  '\t',
  'a: &a [x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: [*c, *c, *c]\n',
  '[[[[[[[[[[[[[[[[',
  '{{{{{{{{{{{{{{{{',
  '"\\u0000"',
  '"\\ud800"',
]

const CONTEXT: PlanContext = {
  baseVersion: 0,
  current: EMPTY_CONFIGURATION,
  prune: true,
  sealer: new Sealer([{ id: 'fuzz', key: new Uint8Array(32) }]),
  sections: [],
  checks: configurationChecks(() => new Set(['nt-hash']), Date.now, {
    authenticationPorts: [1812],
    accountingPorts: [1813],
  }),
}

class ConfigurationFuzz implements OpenTarget {
  async attempt(random: Random, tell: (input: Uint8Array) => void): Promise<string> {
    const text = random.pick([mutateText, mutateTokens])(DOCUMENT, random, WORDS)
    tell(Buffer.from(text))
    const { prepared, problems } = await makePlan(text, CONTEXT)
    if (prepared !== undefined) return 'planned'
    if (!problems.some(({ severity }) => severity === 'error')) throw new Finding('refused without an error')
    return 'refused'
  }

  async close(): Promise<void> {
    const { problems } = await makePlan(DOCUMENT, CONTEXT)
    if (problems.length > 0) throw new Finding(`the good document: ${JSON.stringify(problems)}`)
  }
}
