import { compilePolicy, decide, explain, offer } from '../../server/src/policy/index.ts'
import { ALICE } from '../../server/src/policy/testing.ts'
import { mutateText, mutateTokens } from './mutate.ts'
import type { Random } from './random.ts'
import { Finding, type FuzzTarget, type OpenTarget } from './target.ts'

/** Conditions of rules: refused, or compiled to something that decides and explains without fail. */
export const policyTarget: FuzzTarget = { name: 'cel', share: 1 / 20, open: async () => new PolicyFuzz() }

const CONDITIONS = [
  '"VPN Users" in user.groups && client.name == "vpn-1"',
  'user.groups.exists(g, g.startsWith("VPN")) || auth.method in ["peap", "eap-tls"]',
  '!has(certificate.issuer) || certificate.issuer == "CN=x"',
  'time.hour >= 7 && time.hour < 19 && time.weekday in [1, 2, 3, 4, 5]',
  'request.callingStationId.matches("^02-[0-9A-F-]+$")',
  'size(request.attributes["NAS-Port"]) == 1 ? door == "network" : false',
  'user.attributes.mail.endsWith("@example.org") && !auth.resumed',
]
const WORDS = [
  ...'user.name user.groups user.attributes certificate.emails request.attributes time.now client.address door auth.inner'.split(
    ' ',
  ),
  ...'&& || ! == != < >= in ? : ( ) [ ] { } , . + - * / % true false null 0 1 -1 9223372036854775807 1e308 "" "x"'.split(
    ' ',
  ),
  ...'.exists(x, .all(x, .map(x, .filter(x, .matches(" has( size( int( string( timestamp( duration( dyn( type('.split(
    ' ',
  ),
  '.matches("(a+)+$")',
  'user.constructor',
  'user.__proto__',
  '"a".matches(user.name)',
  '((((((((',
  '[[[[[[[[',
  '//',
]

/** Good conditions put together, then altered: by whole tokens most of the time, so that they still mean something. */
function condition(random: Random): string {
  const [one, other, third] = [random.pick(CONDITIONS), random.pick(CONDITIONS), random.pick(CONDITIONS)]
  const whole = random.pick([
    one,
    `(${one}) && (${other})`,
    `(${one}) || !(${other})`,
    `(${one}) ? (${other}) : (${third})`,
    `!(${one}) == (${other})`,
  ])
  if (random.oneIn(4)) return whole
  return random.oneIn(4) ? mutateText(whole, random, WORDS) : mutateTokens(whole, random, WORDS)
}

class PolicyFuzz implements OpenTarget {
  attempt(random: Random, tell: (input: Uint8Array) => void): string {
    const when = condition(random)
    tell(Buffer.from(when))
    const compiled = compilePolicy([{ name: 'rule', when, effect: 'accept' }], [])
    if (!compiled.ok) return 'refused'
    const { policy } = compiled
    const { door, client, request, auth, time } = ALICE
    offer(policy, { door, client, request, auth: { outerIdentity: auth.outerIdentity }, time })
    const decision = decide(policy, ALICE)
    const explained = explain(policy, ALICE)
    if (explained.decision.kind !== decision.kind)
      throw new Finding('decided one thing and explained another')
    const matched = explained.rules[0]?.outcome === 'matched'
    if (matched !== (decision.kind === 'accept'))
      throw new Finding(`${decision.kind}, but explained otherwise`)
    return decision.kind
  }

  close(): void {
    const broken = CONDITIONS.filter(
      (when) => !compilePolicy([{ name: 'rule', when, effect: 'accept' }], []).ok,
    )
    if (broken.length > 0) throw new Finding(`refused to begin with: ${broken.join(' | ')}`)
  }
}
