import type { GrantActionRecord } from '../../grants/grant-action-row.ts'
import type { Verdict } from '../../grants/grant-kind.ts'
import type { GrantActionUpdate, GrantStore } from '../../grants/grant-store.ts'
import type { AuditStore } from '../../journal/index.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logging.ts'
import type { Metrics } from '../../kernel/metrics.ts'
import type { Remote } from '../../kernel/rpc.ts'
import { render } from '../../reasons/index.ts'

const DAY = 86_400_000
const COUNT_MILLISECONDS = 10_000

export interface GrantReportParts {
  readonly metrics: Metrics
  readonly log: Logger
  readonly audit: Remote<AuditStore>
  readonly read: Pick<GrantStore, 'counts'>
  readonly clock: Clock
}

/** What the outside hears of grants: metrics, log, and the trail of what was done by itself. */
export class GrantReport {
  readonly #parts: GrantReportParts
  readonly #decided: (verdict: Verdict['verdict']) => void
  readonly #acted: (action: string, state: string) => void
  #counts = { open: 0, failed: 0 }
  #timer: NodeJS.Timeout | undefined

  constructor(parts: GrantReportParts) {
    this.#parts = parts
    const { metrics } = parts
    const decided = metrics.counter('grants_decided_total', 'Grants decided again, by verdict', ['verdict'])
    const acted = metrics.counter('grant_actions_total', 'Actions on grants by what became of them', [
      'action',
      'state',
    ])
    this.#decided = (verdict) => decided.labels({ verdict }).inc()
    this.#acted = (action, state) => acted.labels({ action, state }).inc()
    metrics.gauge(
      'grant_actions_open',
      'Actions on grants that wait or are under way',
      () => this.#counts.open,
    )
    metrics.gauge(
      'grant_actions_failed',
      'Actions given up within 24 hours: their grants may still be live',
      () => this.#counts.failed,
    )
  }

  watch(): void {
    this.#timer = setInterval(() => void this.#count(), COUNT_MILLISECONDS).unref()
  }

  close(): void {
    clearInterval(this.#timer)
  }

  decided(verdict: Verdict['verdict']): void {
    this.#decided(verdict)
  }

  tried(entry: GrantActionRecord, update: GrantActionUpdate): void {
    const { log } = this.#parts
    const wasSent = update.attempts > entry.attempts
    if (!wasSent && update.state === entry.state) return
    this.#acted(update.action, update.state)
    const { code } = update.reason
    const line = {
      grant: `${entry.kind}/${entry.grantId}`,
      user: entry.subject ?? undefined,
      client: entry.lane,
      action: update.action,
      state: update.state,
      receipt: entry.decisionId ?? undefined,
      cause: entry.cause,
      code,
    }
    if (update.state === 'failed' || update.state === 'left') {
      log.warn({ ...line, result: update.result?.code }, render(update.result ?? update.reason).sentence)
    } else log.info(line, render(update.reason).sentence)
    if (update.state === 'done' || update.state === 'failed') this.#record(entry, update)
  }

  /** In the trail beside what administrators do. */
  #record(entry: GrantActionRecord, update: GrantActionUpdate): void {
    const { audit, log } = this.#parts
    audit
      .record({
        at: update.at,
        actor: entry.askedBy,
        action: `grant.${update.action}`,
        target: `${entry.kind}/${entry.grantId}`,
        outcome: update.state === 'done' ? 'done' : 'refused',
        details: {
          cause: entry.cause,
          reason: update.reason.code,
          changes: update.changes,
          decision: entry.decisionId,
          attempts: update.attempts,
          result: update.result?.code,
        },
      })
      .catch((error: unknown) => log.error({ err: error }, 'audit entry not written'))
  }

  async #count(): Promise<void> {
    const { read, clock, log } = this.#parts
    try {
      this.#counts = await read.counts(clock.now() - DAY)
    } catch (error) {
      log.debug({ err: error }, 'Actions on grants could not be counted.')
    }
  }
}
