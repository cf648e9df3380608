import type { Sealer } from '../kernel/seal.ts'
import { CHECKS, duplicateNames } from './checks.ts'
import type { DataSection } from './data-section.ts'
import type { ObjectChange } from './difference.ts'
import { type ConfigurationText, parseConfiguration, withLine } from './document.ts'
import { planConfiguration } from './planner.ts'
import type { Check, DataOfDocument, Problem } from './problem.ts'
import { resetFields } from './reset-fields.ts'
import type { Configuration } from './schema.ts'
import { type GeneratedSecret, resolveSecrets, sealConfiguration, secretsOf } from './secrets.ts'
import type { SectionWrites } from './version-store.ts'

/** What applying a text would do. `prepared` holds secrets and stays in the process; the rest may be shown. */
export interface Plan {
  /** The version it was compared with. */
  readonly baseVersion: number
  readonly changes: readonly ObjectChange[]
  readonly problems: readonly Problem[]
  /** Undefined where an error among the problems forbids applying. */
  readonly prepared: Prepared | undefined
}

export interface Prepared {
  readonly configuration: Configuration
  /** As the store will keep it. */
  readonly document: string
  readonly generated: readonly GeneratedSecret[]
  readonly writes: readonly SectionWrites[]
}

export interface PlanContext {
  readonly baseVersion: number
  readonly current: Configuration
  readonly prune: boolean
  readonly sealer: Sealer
  readonly sections: readonly DataSection[]
  /** Besides those of config/ itself. */
  readonly checks: readonly Check[]
}

/** Parses, resolves secrets, compares, checks. Writes nothing. */
export async function makePlan(text: string, context: PlanContext): Promise<Plan> {
  const { baseVersion, current } = context
  const refused = (problems: readonly Problem[], changes: readonly ObjectChange[] = []): Plan => ({
    baseVersion,
    changes,
    problems,
    prepared: undefined,
  })
  const parsed = parseConfiguration(text, context.sections)
  if (!parsed.ok) return refused(parsed.problems)
  const { document } = parsed
  const duplicates = duplicateNames(document.configuration)
  if (duplicates.length > 0) return refused(duplicates.map((problem) => withLine(problem, parsed.text)))

  const resolved = resolveSecrets(document.configuration, secretsOf(current))
  const { next, changes } = planConfiguration(current, resolved.sections, context)
  const data = await planData(document, next, context)
  const problems = [
    ...resolved.problems,
    ...checkConfiguration(next, context.checks, document.data),
    ...resetFields(changes, parsed.text),
    ...data.problems,
  ].map((problem) => withLine(problem, parsed.text))
  const allChanges = [...changes, ...data.changes]
  if (problems.some((problem) => problem.severity === 'error')) return refused(problems, allChanges)
  return {
    baseVersion,
    changes: allChanges,
    problems,
    prepared: {
      configuration: next,
      document: sealConfiguration(next, context.sealer),
      generated: resolved.generated,
      writes: data.writes,
    },
  }
}

/** True where applying would change nothing. */
export function isUnchanged(plan: Plan): boolean {
  return plan.changes.every((change) => change.action === 'unchanged')
}

export function checkConfiguration(
  configuration: Configuration,
  checks: readonly Check[],
  document: DataOfDocument = {},
): Problem[] {
  return [...CHECKS, ...checks].flatMap((check) => check(configuration, document))
}

async function planData(document: ConfigurationText, next: Configuration, context: PlanContext) {
  const changes: ObjectChange[] = []
  const problems: Problem[] = []
  const writes: SectionWrites[] = []
  for (const section of context.sections) {
    const items = document.data[section.name]
    if (items === undefined) continue
    const plan = await section.plan(items, {
      configuration: next,
      document: document.data,
      prune: context.prune,
    })
    changes.push(...plan.changes)
    problems.push(...plan.problems)
    if (plan.writes.length > 0) writes.push({ section: section.name, writes: plan.writes })
  }
  return { changes, problems, writes }
}
