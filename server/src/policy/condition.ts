import type { ASTNode, ParseResult } from '@marcbachmann/cel-js'
import { needsOf } from './condition-needs.ts'
import { childrenOf, pathOf, readsOf } from './condition-tree.ts'
import { FACT_NAMESPACES, FACT_PATHS, type FactNamespace, isFactField } from './fact-types.ts'
import { ENVIRONMENT, type FactViews } from './fact-view.ts'
import { complaintAboutPattern } from './pattern.ts'
import type { PolicyProblem, PolicyProblemCode } from './problem.ts'
import { nearest } from './suggestion.ts'

/** `unknown`: the condition depends on a fact that is absent, so it is neither fulfilled nor refuted. */
export type Truth = boolean | 'unknown'

/** A type-checked CEL condition. */
export interface Condition {
  readonly text: string
  readonly tree: ASTNode
  /** Fact paths it reads: `user.groups`, `user.attributes.mail`. */
  readonly reads: readonly string[]
  readonly evaluate: (facts: FactViews) => Truth
  /** Whether it is true; as `evaluate`, without the detour where a needed fact is absent. For complete facts. */
  readonly holds: (facts: FactViews) => boolean
}

export type CompiledCondition =
  | { readonly ok: true; readonly condition: Condition }
  | { readonly ok: false; readonly problem: Omit<PolicyProblem, 'path' | 'severity'> }

/** Parses and type-checks a condition; what is wrong comes with its position and, where one is near, the right name. */
export function compileCondition(text: string): CompiledCondition {
  if (text.trim() === '') {
    return problem('condition-blank', 'A blank condition is refused: leave it out, or write true.', 0)
  }
  let parsed: ParseResult
  try {
    parsed = ENVIRONMENT.parse(text)
  } catch (error) {
    return problemOf('condition-syntax', error, text)
  }
  const checked = parsed.check()
  if (!checked.valid) return problemOf('condition-type', checked.error, text)
  if (checked.type !== 'bool') {
    return problem('condition-not-boolean', `The condition gives ${checked.type}, not true or false.`, 0)
  }
  const doubt = findDoubt(parsed.ast)
  if (doubt !== undefined) return doubt
  const evaluate = truthOf(parsed)
  const needs = needsOf(parsed.ast).map((path) => path.split('.') as [FactNamespace, string])
  const holds = (facts: FactViews) =>
    needs.every(([namespace, field]) => facts[namespace][field] !== undefined) && evaluate(facts) === true
  return { ok: true, condition: { text, tree: parsed.ast, reads: readsOf(parsed.ast), evaluate, holds } }
}

/**
 * CEL's own logic is the three-valued one wanted here: an absent fact makes its comparison an error, `!` keeps the
 * error, and `&&` and `||` drop it only where the other side alone settles the result (CEL language definition, "Logical
 * operators"). So neither `certificate.issuer == "x"` nor its negation holds where there is no certificate.
 */
function truthOf(parsed: ParseResult): Condition['evaluate'] {
  return (facts) => {
    try {
      const result: unknown = parsed(facts as Record<string, unknown>)
      return typeof result === 'boolean' ? result : 'unknown'
    } catch {
      return 'unknown'
    }
  }
}

/** What CEL's checker lets pass: fields inside has(), and patterns. */
function findDoubt(node: ASTNode): Extract<CompiledCondition, { ok: false }> | undefined {
  if (node.op === 'call' && node.args[0] === 'has') {
    const path = node.args[1][0] === undefined ? undefined : pathOf(node.args[1][0])
    const [namespace = '', field] = path?.split('.') ?? []
    if (field !== undefined && isNamespace(namespace) && !isFactField(namespace, field)) {
      return unknownName(`${namespace}.${field}`, node.start)
    }
  }
  if (node.op === 'rcall' && node.args[0] === 'matches') {
    const pattern = node.args[2][0]
    if (pattern?.op !== 'value' || typeof pattern.args !== 'string') {
      return problem('condition-pattern', 'A pattern must be written out as text.', node.start)
    }
    const complaint = complaintAboutPattern(pattern.args)
    if (complaint !== undefined) return problem('condition-pattern', complaint, pattern.start)
  }
  for (const child of childrenOf(node)) {
    const found = findDoubt(child)
    if (found !== undefined) return found
  }
  return undefined
}

function isNamespace(name: string): boolean {
  return (FACT_NAMESPACES as readonly string[]).includes(name)
}

function problemOf(code: PolicyProblemCode, error: unknown, text: string): CompiledCondition {
  // cel-js throws ParseError and returns TypeError, both with `code`, `summary` and `range`.
  const { code: celCode, summary, range, message } = error as Partial<Record<string, unknown>>
  const { start = 0, end = start } = (range ?? {}) as { start?: number; end?: number }
  if (celCode === 'unknown_variable') return unknownName(text.slice(start, end), start)
  if (celCode === 'no_such_key') {
    // The range may be the field alone or the whole access: take the dotted name that ends there.
    const typed = /[\w.]+$/.exec(text.slice(0, end))?.[0]
    if (typed !== undefined) return unknownName(typed, end - typed.length)
  }
  return problem(code, `${String(summary ?? message)}.`, start)
}

function unknownName(typed: string, position: number): Extract<CompiledCondition, { ok: false }> {
  const known = typed.includes('.') ? FACT_PATHS : ['door', ...FACT_NAMESPACES]
  const suggestion = nearest(typed, known)
  return problem('condition-unknown-name', `There is no fact named ${typed}.`, position, suggestion)
}

function problem(
  code: PolicyProblemCode,
  message: string,
  position: number,
  suggestion?: string,
): Extract<CompiledCondition, { ok: false }> {
  const base = { code, message, position }
  return { ok: false, problem: suggestion === undefined ? base : { ...base, suggestion } }
}
