import type { ASTNode } from '@marcbachmann/cel-js'
import type { Truth } from './condition.ts'
import { sourceOf } from './condition-source.ts'
import { readsOf } from './condition-tree.ts'
import { decide } from './decide.ts'
import type { Decision } from './decision.ts'
import { completeViews, ENVIRONMENT, type FactViews, type PartialFacts, partialViews } from './fact-view.ts'
import type { Facts } from './facts.ts'
import { allows } from './method-set.ts'
import type { CompiledRule, Policy } from './policy.ts'

/** How a decision came about: every rule up to the one that decided, recomputed from the facts. */
export interface Trace {
  readonly decision: Decision
  readonly rules: readonly RuleTrace[]
}

export interface RuleTrace {
  readonly rule: string
  readonly mode: 'enforce' | 'shadow'
  readonly effect: 'accept' | 'reject'
  readonly outcome: 'matched' | 'not-matched' | 'unknown' | 'method-not-allowed' | 'not-reached'
  /** Absent: the rule has no condition, or was not reached. */
  readonly condition?: ConditionTrace
  /** The innermost parts that kept the condition from being true. */
  readonly because: readonly ConditionTrace[]
}

/** A condition or a part of one, with what it came to. */
export interface ConditionTrace {
  readonly text: string
  readonly result: Truth
  /** Values of the facts it reads, by path; null where the fact is absent. Empty on `and`, `or` and `not`. */
  readonly seen: Readonly<Record<string, unknown>>
  readonly kind: 'and' | 'or' | 'not' | 'test'
  readonly parts: readonly ConditionTrace[]
}

/** Decides again and says how: same facts and policy, same decision. Slow next to `decide`; for people. */
export function explain(policy: Policy, facts: Facts): Trace {
  return { decision: decide(policy, facts), rules: traceRules(policy, facts, completeViews(facts)) }
}

/** The rules on what was known before anybody proved anything: why `offer` found no method worth offering. */
export function explainOffer(policy: Policy, facts: PartialFacts): readonly RuleTrace[] {
  return traceRules(policy, facts, partialViews(facts))
}

function traceRules(policy: Policy, facts: PartialFacts, views: FactViews): readonly RuleTrace[] {
  const rules: RuleTrace[] = []
  let decided = false
  for (const rule of policy.rules) {
    const { name, mode, effect } = rule
    if (decided) rules.push({ rule: name, mode, effect, outcome: 'not-reached', because: [] })
    else {
      const trace = traceRule(rule, facts, views)
      rules.push(trace)
      decided = trace.outcome === 'matched' && mode === 'enforce'
    }
  }
  return rules
}

function traceRule(rule: CompiledRule, facts: PartialFacts, views: FactViews): RuleTrace {
  const { name, mode, effect, condition } = rule
  const base = { rule: name, mode, effect }
  const traced =
    condition === undefined ? undefined : traceCondition(condition.tree, condition.text, facts, views)
  const seen = traced === undefined ? base : { ...base, condition: traced }
  if (traced !== undefined && traced.result !== true) {
    const outcome = traced.result === false ? 'not-matched' : 'unknown'
    return { ...seen, outcome, because: blame(traced, true) }
  }
  const methodAllowed =
    facts.auth?.method === undefined || allows(rule.allowed, facts.auth.method, facts.auth?.inner)
  return { ...seen, outcome: methodAllowed ? 'matched' : 'method-not-allowed', because: [] }
}

const KINDS: Readonly<Record<string, 'and' | 'or' | 'not'>> = { '&&': 'and', '||': 'or', '!_': 'not' }

function traceCondition(node: ASTNode, text: string, facts: PartialFacts, views: FactViews): ConditionTrace {
  const kind = KINDS[node.op] ?? 'test'
  const operands = operandsOf(node, node.op)
  const sources = operands.flatMap((operand) => sourceOf(operand) ?? [])
  if (kind === 'test' || sources.length < operands.length) {
    return { text, result: evaluate(text, views), kind: 'test', seen: valuesSeen(node, facts), parts: [] }
  }
  const parts = operands.map((operand, index) => traceCondition(operand, sources[index] ?? '', facts, views))
  return { text, result: combine(kind, parts), kind, seen: {}, parts }
}

/** CEL's three-valued logic: what is unknown matters only where the other operands do not settle the result. */
function combine(kind: 'and' | 'or' | 'not', parts: readonly ConditionTrace[]): Truth {
  const results = parts.map(({ result }) => result)
  if (kind === 'not') return typeof results[0] === 'boolean' ? !results[0] : 'unknown'
  const settling = kind === 'or'
  if (results.includes(settling)) return settling
  return results.includes('unknown') ? 'unknown' : !settling
}

/** What a condition is split into; `a && b && c` is one list of three to a reader. */
function operandsOf(node: ASTNode, operator: string): readonly ASTNode[] {
  if (node.op === '!_' && operator === node.op) return [node.args]
  if ((node.op !== '&&' && node.op !== '||') || node.op !== operator) return [node]
  return node.args.flatMap((part) => operandsOf(part, operator))
}

/** A part is an expression of its own; the inside of a macro, which is not, is never split. */
function evaluate(text: string, views: FactViews): Truth {
  try {
    const result: unknown = ENVIRONMENT.evaluate(text, views as Record<string, unknown>)
    return typeof result === 'boolean' ? result : 'unknown'
  } catch {
    return 'unknown'
  }
}

function valuesSeen(node: ASTNode, facts: PartialFacts): Readonly<Record<string, unknown>> {
  return Object.fromEntries(readsOf(node).map((path) => [path, valueAt(facts, path) ?? null]))
}

/** The value of a fact path; undefined where it is absent. Attribute names hold dots in no dictionary. */
export function valueAt(facts: PartialFacts, path: string): unknown {
  let value: unknown = facts
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Record<string, unknown>)[step]
  }
  return value
}

/** Which parts are to blame that a condition is not `wanted`: the first of an `and` that failed, all of an `or`. */
function blame(trace: ConditionTrace, wanted: boolean): readonly ConditionTrace[] {
  const wrong = trace.parts.filter((part) => part.result !== wanted)
  switch (trace.kind) {
    case 'test':
      return [trace]
    case 'not':
      return trace.parts.flatMap((part) => blame(part, !wanted))
    default: {
      const oneIsEnough = (trace.kind === 'and') === wanted
      // What was refuted says more than what is unknown.
      const worst = wrong.find((part) => part.result === !wanted) ?? wrong[0]
      const guilty = oneIsEnough ? (worst === undefined ? [] : [worst]) : wrong
      return guilty.flatMap((part) => blame(part, wanted))
    }
  }
}
