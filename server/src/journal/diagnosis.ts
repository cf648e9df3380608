import {
  type ConditionTrace,
  compareFacts,
  type Decision,
  explain,
  explainOffer,
  type FactChange,
  type Facts,
  type PartialFacts,
  type Policy,
  type RuleTrace,
} from '../policy/index.ts'
import { type Language, localMinute, render } from '../reasons/index.ts'
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
  /** Which of the connections its gateway serves. */
  readonly connection?: string
  readonly method?: string
  readonly configVersion: number
  /**
   * The rules tried, up to the one that decided. Absent where the login ended before they were asked, or their version is
   * not known any more.
   */
  readonly rules?: readonly RuleTrace[]
  /** The rules of that version decide differently today: the receipt was changed, or a fact was stored wrongly. */
  readonly traceDiffers: boolean
  readonly lastAccept?: { readonly id: string; readonly at: string }
  /** The device was told that it is refused, and had not answered when the receipt was written. */
  readonly unanswered: boolean
  /** Facts that changed since the last accept and that some rule reads. */
  readonly changes: readonly FactChange[]
  /** Other changes: seen, but no rule asks for them. */
  readonly otherChanges: readonly FactChange[]
}

export interface DiagnosisInput {
  readonly receipt: Receipt
  /** The rules of `receipt.configVersion`, compiled; absent where that version is gone. */
  readonly policy?: Policy | undefined
  /** The last accept of the same user and realm through the same client. */
  readonly lastAccept?: Receipt | undefined
  readonly language?: Language | undefined
}

export function diagnose({ receipt, policy, lastAccept, language }: DiagnosisInput): Diagnosis {
  const { title, sentence, nextStep } = render(receipt.reason, language)
  const { rules, differs } = policy === undefined ? UNTRACED : trace(policy, receipt)
  const changed = lastAccept === undefined ? [] : changesSince(lastAccept.facts, receipt)
  const nearest = receipt.reason.code === 'no-rule-matched' ? nearestRule(rules) : undefined
  const connection = receipt.facts.request?.connection
  const isRead = ({ path }: FactChange) => policy !== undefined && readsPath(policy.reads, path)
  return {
    id: receipt.id,
    at: new Date(receipt.at).toISOString(),
    outcome: receipt.outcome,
    reason: receipt.reason.code,
    title,
    sentence: nearest === undefined ? sentence : `${sentence} ${nearest}`,
    nextStep,
    client: receipt.network.client,
    ...(connection === undefined ? {} : { connection }),
    configVersion: receipt.configVersion,
    ...(receipt.user === undefined ? {} : { user: receipt.user }),
    ...(receipt.method === undefined ? {} : { method: methodText(receipt) }),
    ...(rules === undefined ? {} : { rules }),
    traceDiffers: differs,
    unanswered: receipt.eap?.unanswered === true,
    ...(lastAccept === undefined
      ? {}
      : { lastAccept: { id: lastAccept.id, at: new Date(lastAccept.at).toISOString() } }),
    changes: changed.filter(isRead),
    otherChanges: changed.filter((change) => !isRead(change) && !isPassing(change)),
  }
}

interface Traced {
  readonly rules: readonly RuleTrace[] | undefined
  /** The rules decide differently today. */
  readonly differs: boolean
}

const UNTRACED: Traced = { rules: undefined, differs: false }

function trace(policy: Policy, receipt: Receipt): Traced {
  const { decided, facts, reason } = receipt
  if (decided) {
    const { decision, rules } = explain(policy, facts as Facts) // `decided` says that the facts are whole
    return { rules, differs: differs(decision, receipt) }
  }
  // No rule could accept what was known, so no method was offered.
  if (reason.code === 'no-rule-matched' || reason.code === 'rejected-by-rule')
    return { rules: explainOffer(policy, facts), differs: false }
  return UNTRACED
}

/** A login that ended early never found out how it would have been proved: what it lacks has not changed. */
function changesSince(before: PartialFacts, { facts, decided }: Receipt): readonly FactChange[] {
  const changes = compareFacts(before, facts)
  return decided
    ? changes
    : changes.filter(({ path, after }) => after !== undefined && !path.startsWith('auth.'))
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
function differs({ kind, rule }: Decision, receipt: Receipt): boolean {
  if (receipt.reason.code === 'reply-unbuildable') return kind !== 'accept'
  return kind !== receipt.outcome || rule !== receipt.rule
}

function methodText({ method = '', inner, proxy }: Receipt): string {
  if (proxy !== undefined)
    return `${method}, answered by upstream ${proxy.upstream} of group ${proxy.group} in ${proxy.milliseconds} ms`
  return inner === undefined ? method : `${method} with ${inner} inside`
}

/** The accepting rule that lacked least and, of those, held most: the first of several. */
function nearestRule(rules: readonly RuleTrace[] | undefined): string | undefined {
  const [nearest] = (rules ?? [])
    .flatMap(({ rule, effect, mode, condition, because }) =>
      effect === 'accept' && mode === 'enforce' && condition !== undefined && because.length > 0
        ? [{ rule, because, lack: lackOf(condition), held: heldOf(condition) }]
        : [],
    )
    .sort((a, b) => a.lack - b.lack || b.held - a.held)
  if (nearest === undefined) return undefined
  return `The nearest is rule "${nearest.rule}": ${nearest.because.map(formatPart).join(', and ')}.`
}

/** How much of a condition does not hold. A rule for another client, request or MAC address is farther than one for another user. */
function lackOf({ kind, result, parts, seen }: ConditionTrace): number {
  if (result === true) return 0
  if (kind === 'and') return parts.reduce((sum, part) => sum + lackOf(part), 0)
  if (kind === 'or') return Math.min(...parts.map(lackOf))
  return Object.keys(seen).some((path) => /^(client|request|mac)\./.test(path)) ? 2 : 1
}

/** How many parts of a condition hold. */
function heldOf({ kind, result, parts }: ConditionTrace): number {
  if (kind === 'and' || kind === 'or') return parts.reduce((sum, part) => sum + heldOf(part), 0)
  return result === true ? 1 : 0
}

/** The diagnosis as plain text for a terminal, without the changes that no rule reads. */
export function formatDiagnosis(diagnosis: Diagnosis): string {
  const { user = 'unknown user', client, connection, method, configVersion } = diagnosis
  const place = connection === undefined ? client : `${client}, ${connection},`
  const lines = [
    `${diagnosis.outcome.toUpperCase()} ${user} through ${place}${method === undefined ? '' : ` by ${method}`}`,
    `${localMinute(diagnosis.at)}, receipt ${diagnosis.id}, configuration ${configVersion}`,
    '',
    `${diagnosis.sentence} (${diagnosis.reason})`,
    `Next: ${diagnosis.nextStep}`,
  ]
  if (diagnosis.unanswered) {
    lines.push(
      '',
      'The device was told that it is refused and has not answered: it shows an error, or nothing.',
    )
  }
  if (diagnosis.changes.length > 0) {
    lines.push('', `Changed since the last accept (${localMinute(diagnosis.lastAccept?.at ?? '')}):`)
    for (const { text } of diagnosis.changes) lines.push(`  ${text}`)
  }
  if (diagnosis.rules !== undefined) {
    lines.push('', ...formatRules(diagnosis.rules))
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

export function formatRules(rules: readonly RuleTrace[]): string[] {
  return ['Rules:', ...rules.flatMap(formatRule).map(printable)]
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
