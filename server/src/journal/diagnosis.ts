import {
  type ConditionTrace,
  compareFacts,
  explain,
  type FactChange,
  type Facts,
  type Policy,
  type RuleTrace,
  type Trace,
} from '../policy/index.ts'
import { type Language, render } from '../reasons/index.ts'
import type { Receipt } from './receipt.ts'

/** One receipt explained: what happened, who does what next, how it came about, and what was different last time. */
export interface Diagnosis {
  readonly id: string
  /** ISO 8601. */
  readonly at: string
  readonly outcome: Receipt['outcome']
  readonly reason: string
  readonly title: string
  readonly sentence: string
  readonly nextStep: string
  readonly user?: string
  readonly client: string
  readonly method?: string
  readonly configVersion: number
  /** Absent where the login ended before the rules were asked, or their version is not known any more. */
  readonly trace?: Trace
  /** The rules of that version decide differently today: the receipt was changed, or a fact was stored wrongly. */
  readonly traceDiffers: boolean
  readonly lastAccept?: { readonly id: string; readonly at: string }
  /** Facts that changed since the last accept and that some rule reads. */
  readonly changes: readonly FactChange[]
  /** Other changes: seen, but no rule asks for them. */
  readonly otherChanges: readonly FactChange[]
}

export interface DiagnosisInput {
  readonly receipt: Receipt
  /** The rules of `receipt.configVersion`, compiled; absent where that version is gone. */
  readonly policy?: Policy | undefined
  /** The last accept of the same user through the same client. */
  readonly lastAccept?: Receipt | undefined
  readonly language?: Language | undefined
}

export function diagnose({ receipt, policy, lastAccept, language }: DiagnosisInput): Diagnosis {
  const { title, sentence, nextStep } = render(receipt.reason, language)
  // `decided` says that the facts are whole.
  const trace = policy !== undefined && receipt.decided ? explain(policy, receipt.facts as Facts) : undefined
  const changed = lastAccept === undefined ? [] : compareFacts(lastAccept.facts, receipt.facts)
  const isRead = ({ path }: FactChange) => policy !== undefined && readsPath(policy.reads, path)
  return {
    id: receipt.id,
    at: new Date(receipt.at).toISOString(),
    outcome: receipt.outcome,
    reason: receipt.reason.code,
    title,
    sentence,
    nextStep,
    client: receipt.network.client,
    configVersion: receipt.configVersion,
    ...(receipt.user === undefined ? {} : { user: receipt.user }),
    ...(receipt.method === undefined ? {} : { method: methodText(receipt) }),
    ...(trace === undefined ? {} : { trace }),
    traceDiffers: trace !== undefined && differs(trace, receipt),
    ...(lastAccept === undefined
      ? {}
      : { lastAccept: { id: lastAccept.id, at: new Date(lastAccept.at).toISOString() } }),
    changes: changed.filter(isRead),
    otherChanges: changed.filter((change) => !isRead(change) && !isPassing(change)),
  }
}

/** A rule that reads `request.attributes.NAS-Port` or all of `request.attributes` reads both ways of naming it. */
function readsPath(reads: ReadonlySet<string>, path: string): boolean {
  for (const read of reads) {
    if (read === path || path.startsWith(`${read}.`) || read.startsWith(`${path}.`)) return true
  }
  return false
}

/** Differs at every login and means nothing by itself, unless a rule reads it. */
function isPassing({ path }: FactChange): boolean {
  return path.startsWith('time.') || path.startsWith('request.attributes.') || path === 'auth.resumed'
}

/** An accept whose answer could not be built is a reject, and rightly so. */
function differs(trace: Trace, receipt: Receipt): boolean {
  if (receipt.reason.code === 'reply-unbuildable') return trace.decision.kind !== 'accept'
  return trace.decision.kind !== receipt.outcome || trace.decision.rule !== receipt.rule
}

function methodText({ method = '', inner }: Receipt): string {
  return inner === undefined ? method : `${method} with ${inner} inside`
}

/** The diagnosis as plain text for a terminal. */
export function formatDiagnosis(diagnosis: Diagnosis): string {
  const { user = 'unknown user', client, method, configVersion } = diagnosis
  const lines = [
    `${diagnosis.outcome.toUpperCase()} ${user} through ${client}${method === undefined ? '' : ` by ${method}`}`,
    `${diagnosis.at}, receipt ${diagnosis.id}, configuration ${configVersion}`,
    '',
    `${diagnosis.sentence} (${diagnosis.reason})`,
    `Next: ${diagnosis.nextStep}`,
  ]
  if (diagnosis.changes.length + diagnosis.otherChanges.length > 0) {
    lines.push('', `Changed since the last accept (${diagnosis.lastAccept?.at}):`)
    for (const { text } of diagnosis.changes) lines.push(`  ${text}`)
    for (const { text } of diagnosis.otherChanges) lines.push(`  ${text} (no rule asks for it)`)
  }
  if (diagnosis.trace !== undefined) {
    lines.push('', 'Rules:')
    for (const rule of diagnosis.trace.rules) lines.push(...formatRule(rule))
  }
  if (diagnosis.traceDiffers) {
    lines.push('', 'Attention: decided again from the stored facts, the outcome is another one.')
  }
  return lines.map(printable).join('\n')
}

const OUTCOMES: Readonly<Record<RuleTrace['outcome'], string>> = {
  matched: 'matched',
  'not-matched': 'did not match',
  unknown: 'did not match: a fact it asks for is unknown',
  'method-not-allowed': 'matched, but does not allow the method',
  'not-reached': 'not reached',
}

function formatRule({ rule, mode, effect, outcome, because }: RuleTrace): string[] {
  const shadow = mode === 'shadow' ? ', shadow' : ''
  return [
    `  ${rule} (${effect}${shadow}): ${OUTCOMES[outcome]}`,
    ...because.map((part) => `    ${formatPart(part)}`),
  ]
}

function formatPart({ text, result, seen }: ConditionTrace): string {
  const values = Object.entries(seen).map(
    ([path, value]) => `${path} ${value === null ? 'is absent' : `= ${JSON.stringify(value)}`}`,
  )
  return `${text} is ${result}${values.length === 0 ? '' : `; ${values.join(', ')}`}`
}

/** Values come from the network and end in a terminal: no control characters. */
function printable(line: string): string {
  return line.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')
}
