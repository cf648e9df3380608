import { reason } from '../reasons/index.ts'
import { mergeProfiles, NO_AUTHORIZATION } from './authorization.ts'
import { type Condition, compileCondition } from './condition.ts'
import type { Decision } from './decision.ts'
import { isEarlyFact } from './fact-types.ts'
import { ALL_INNER, ALL_METHODS, ANY_PROOF, allowedSets, bitOf, MAB_SET, TUNNEL_SET } from './method-set.ts'
import { MAB, METHODS } from './methods.ts'
import type { CompiledRule, Policy } from './policy.ts'
import type { PolicyProblem, PolicyProblemCode } from './problem.ts'
import type { Profile, Rule } from './rule.ts'
import { RuleIndex } from './rule-index.ts'
import { keySetsOf } from './rule-key.ts'
import { nearest } from './suggestion.ts'

export type CompiledPolicy =
  | { readonly ok: true; readonly policy: Policy; readonly warnings: readonly PolicyProblem[] }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] }

/** Checks and compiles the rules of one configuration version: all of it, or nothing and every problem found. */
export function compilePolicy(rules: readonly Rule[], profiles: readonly Profile[]): CompiledPolicy {
  const problems: PolicyProblem[] = []
  const byName = new Map<string, Profile>()
  for (const profile of profiles) {
    if (byName.has(profile.name)) {
      const path = `profiles/${profile.name}`
      problems.push(error(path, 'profile-name-twice', `Two profiles are named ${profile.name}.`))
    }
    byName.set(profile.name, profile)
  }
  const compiled = rules.flatMap((rule) => compileRule(rule, byName, problems) ?? [])
  problems.push(...rulesNamedTwice(rules), ...rulesNeverReached(compiled))
  if (problems.some((problem) => problem.severity === 'error')) return { ok: false, problems }
  const reads = new Set(compiled.flatMap((rule) => [...(rule.condition?.reads ?? []), ...methodsRead(rule)]))
  const keys = compiled.map(({ condition }) => (condition === undefined ? [] : keySetsOf(condition.tree)))
  const earlyKeys = keys.map((sets) => sets.filter((set) => set.every(({ path }) => isEarlyFact(path))))
  const policy: Policy = {
    rules: compiled,
    reads,
    decisionIndex: new RuleIndex(keys),
    offerIndex: new RuleIndex(earlyKeys),
  }
  return { ok: true, policy, warnings: problems }
}

/** Undefined where the condition has an error: a missing condition must never be taken for "always". */
/** A rule that does not allow every method looks at the one that was used. */
function methodsRead({ allowed }: CompiledRule): string[] {
  const outer = (allowed.outer & ANY_PROOF) === ANY_PROOF ? [] : ['auth.method']
  return allowed.inner === ALL_INNER ? outer : [...outer, 'auth.inner']
}

function compileRule(
  rule: Rule,
  profiles: ReadonlyMap<string, Profile>,
  problems: PolicyProblem[],
): CompiledRule | undefined {
  problems.push(
    ...problemsOfMethods(rule),
    ...problemsOfProfiles(rule, profiles),
    ...problemsOfOpenness(rule),
    ...problemsOfMab(rule),
  )
  const path = `rules/${rule.name}`
  let condition: Condition | undefined
  if (rule.when !== undefined) {
    const result = compileCondition(rule.when)
    if (!result.ok) problems.push({ path: `${path}/when`, severity: 'error', ...result.problem })
    condition = result.ok ? result.condition : undefined
  }
  const decision = decisionOf(rule, profiles, problems)
  if (rule.when !== undefined && condition === undefined) return undefined
  return {
    name: rule.name,
    mode: rule.mode ?? 'enforce',
    effect: rule.effect,
    condition,
    allowed: allowedSets(rule.methods, rule.effect),
    decision,
  }
}

function decisionOf(rule: Rule, profiles: ReadonlyMap<string, Profile>, problems: PolicyProblem[]): Decision {
  if (rule.effect === 'reject') {
    if (rule.maximumSessions !== undefined) {
      const message = 'A reject has no sessions to count.'
      problems.push(error(`rules/${rule.name}/maximumSessions`, 'limit-on-reject', message))
    }
    return {
      kind: 'reject',
      rule: rule.name,
      reason: reason('rejected-by-rule', { rule: rule.name }),
      profiles: [],
      obligations: NO_AUTHORIZATION,
      shadow: [],
    }
  }
  const named = (rule.profiles ?? []).flatMap((name) => profiles.get(name) ?? [])
  const { authorization, conflicts } = mergeProfiles(named)
  for (const { field, winner, loser } of conflicts) {
    const message = `Profiles ${winner} and ${loser} both set ${field}; the value of ${winner} is used.`
    problems.push(warning(`rules/${rule.name}/profiles`, 'profile-conflict', message))
  }
  return {
    kind: 'accept',
    rule: rule.name,
    reason: reason('accepted', { rule: rule.name }),
    profiles: named.map((profile) => profile.name),
    obligations: authorization,
    shadow: [],
    ...(rule.maximumSessions === undefined ? {} : { sessionLimit: rule.maximumSessions }),
  }
}

/** A rule that accepts everybody who proved who he is has to say so in words. */
function problemsOfOpenness(rule: Rule): PolicyProblem[] {
  const { outer, inner } = rule.methods ?? {}
  if (rule.effect !== 'accept' || outer !== undefined || inner !== undefined) return []
  const path = `rules/${rule.name}/when`
  if (rule.when === undefined) {
    const message =
      "The rule has neither a condition nor methods. If everybody may come in, write when: 'true'."
    return [error(path, 'rule-open', message)]
  }
  if (rule.when.trim() !== 'true') return []
  return [warning(path, 'rule-open', 'The rule accepts every known user, on every client, by every method.')]
}

/** An accept whose condition speaks of MAC authentication, and which no such login can ever come in by. */
function problemsOfMab({ name, effect, when = '', methods }: Rule): PolicyProblem[] {
  if (effect !== 'accept' || methods?.outer?.includes(MAB) === true) return []
  if (!/\bmac\.|(["'])mab\1/.test(when)) return []
  const message =
    'The condition speaks of MAC authentication, but an accept covers it only where methods.outer lists mab.'
  return [warning(`rules/${name}/methods`, 'rule-mab-not-listed', message)]
}

function problemsOfMethods(rule: Rule): PolicyProblem[] {
  const path = `rules/${rule.name}/methods`
  const problems: PolicyProblem[] = []
  const { outer, inner } = rule.methods ?? {}
  for (const [where, list] of [
    ['outer', outer],
    ['inner', inner],
  ] as const) {
    if (list?.length === 0) {
      problems.push(error(`${path}/${where}`, 'rule-methods-empty', 'An empty list allows nothing at all.'))
    }
    for (const method of list ?? []) {
      const notInside = where === 'inner' && (bitOf(method) & ~ALL_INNER) !== 0
      if (bitOf(method) !== 0 && !notInside) continue
      const message = notInside
        ? `${method} cannot run inside ${method === MAB ? 'a' : 'another'} tunnel.`
        : `There is no method named ${method}.`
      problems.push(error(`${path}/${where}`, 'method-unknown', message, nearest(method, METHODS)))
    }
  }
  const allowed = allowedSets(rule.methods, rule.effect)
  if (inner !== undefined && outer === undefined) {
    const message =
      'Inner methods are listed and outer ones are not: the rule is about tunnels (peap, eap-ttls) only.'
    problems.push(warning(path, 'rule-inner-without-outer', message))
  } else if (inner !== undefined && (allowed.outer & TUNNEL_SET) === 0) {
    const message = 'Inner methods are listed, but no outer method has a tunnel (peap, eap-ttls).'
    problems.push(warning(path, 'rule-inner-without-tunnel', message))
  }
  return problems
}

function problemsOfProfiles(rule: Rule, profiles: ReadonlyMap<string, Profile>): PolicyProblem[] {
  const path = `rules/${rule.name}/profiles`
  const names = rule.profiles ?? []
  if (rule.effect === 'reject' && names.length > 0) {
    return [error(path, 'profile-on-reject', 'A reject carries no authorization profile.')]
  }
  return names
    .filter((name) => !profiles.has(name))
    .map((name) =>
      error(path, 'profile-unknown', `There is no profile named ${name}.`, nearest(name, profiles.keys())),
    )
}

function rulesNamedTwice(rules: readonly Rule[]): PolicyProblem[] {
  const seen = new Set<string>()
  return rules.flatMap(({ name }) => {
    if (!seen.has(name)) {
      seen.add(name)
      return []
    }
    return [error(`rules/${name}`, 'rule-name-twice', `Two rules are named ${name}.`)]
  })
}

/** After a rule that always matches, by any method, nothing is ever asked. */
function rulesNeverReached(rules: readonly CompiledRule[]): PolicyProblem[] {
  const end = rules.findIndex(
    (rule) =>
      rule.mode === 'enforce' &&
      (rule.condition === undefined || rule.condition.text.trim() === 'true') &&
      (rule.allowed.outer & ANY_PROOF) === ANY_PROOF,
  )
  if (end < 0) return []
  const mabGoesOn = rules[end]?.allowed.outer !== ALL_METHODS
  return rules
    .slice(end + 1)
    .filter((rule) => !mabGoesOn || (rule.allowed.outer & MAB_SET) === 0)
    .map((rule) =>
      warning(
        `rules/${rule.name}`,
        'rule-unreachable',
        `The rule is never reached: ${rules[end]?.name} matches always.`,
      ),
    )
}

function error(path: string, code: PolicyProblemCode, message: string, suggestion?: string): PolicyProblem {
  const base = { path, severity: 'error', code, message } as const
  return suggestion === undefined ? base : { ...base, suggestion }
}

function warning(path: string, code: PolicyProblemCode, message: string): PolicyProblem {
  return { path, severity: 'warning', code, message }
}
