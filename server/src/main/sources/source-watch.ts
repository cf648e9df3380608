import type { SourceSeen } from '../../identity/state/source-record.ts'
import type { Logger } from '../../kernel/logging.ts'
import type { Metrics } from '../../kernel/metrics.ts'
import { clientsText, type SeenByThread, type SourceStatus, statusOf } from './source-status.ts'

export interface SourceWatchParts {
  /** What each thread sees now. */
  readonly ask: () => Promise<readonly (readonly [thread: string, seen: readonly SourceSeen[]])[]>
  readonly now: () => number
  readonly log: Logger
  readonly metrics: Metrics
}

const LOOK_MILLISECONDS = 2000

/** Raises the alarm once when an identity source stops to answer, and once when it answers again. */
export class SourceWatch {
  readonly #parts: SourceWatchParts
  readonly #timer: NodeJS.Timeout
  /** Sources that are down, and since when. */
  readonly #down = new Map<string, number>()
  #latest: readonly SourceStatus[] = []
  #looking: Promise<void> | undefined

  constructor(parts: SourceWatchParts) {
    this.#parts = parts
    parts.metrics.gauges('source_up', 'Whether an identity source answers (1) or not (0)', ['source'], () =>
      this.#latest
        .filter(({ state }) => state !== 'unused')
        .map(({ source, state }) => [{ source }, state === 'up' ? 1 : 0] as const),
    )
    this.#timer = setInterval(() => void this.look().catch(() => undefined), LOOK_MILLISECONDS).unref()
  }

  /** By name. A source nobody was asked about yet may be missing. */
  async status(): Promise<ReadonlyMap<string, SourceStatus>> {
    await this.look()
    return new Map(this.#latest.map((status) => [status.source, status]))
  }

  /** One look at a time. Rejects where a thread is gone. */
  async look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
    })
    await this.#looking
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #look(): Promise<void> {
    const answers = await this.#parts.ask()
    const all = answers.flatMap(([thread, seen]) => seen.map((of): SeenByThread => ({ thread, seen: of })))
    const bySource = Map.groupBy(all, ({ seen }) => seen.source)
    this.#latest = [...bySource].map(([source, threads]) => statusOf(source, threads))
    for (const status of this.#latest) this.#compare(status)
    for (const source of this.#down.keys()) if (!bySource.has(source)) this.#down.delete(source)
  }

  #compare(status: SourceStatus): void {
    const { source, state, since = this.#parts.now() } = status
    const downSince = this.#down.get(source)
    if (state === 'down' && downSince === undefined) {
      this.#down.set(source, since)
      this.#parts.log.warn(fields(status), downSentence(status))
    }
    if (state === 'up' && downSince !== undefined) {
      this.#down.delete(source)
      const seconds = Math.max(1, Math.round((since - downSince) / 1000))
      const sentence = `Identity source "${source}" answers again, after ${seconds} s.`
      this.#parts.log.warn({ ...fields(status), seconds }, `${sentence}${affected(status)}`)
    }
  }
}

function fields({ source, lastError, servers, outage }: SourceStatus) {
  return {
    source,
    why: lastError?.why,
    servers: lastError?.servers.length === 0 ? servers.map(({ server }) => server) : lastError?.servers,
    silentLogins: outage.silences,
    offlineLogins: outage.offline,
    clients: outage.clients.map(({ client }) => client),
  }
}

/** What somebody must know who reads nothing else. */
export function downSentence(status: SourceStatus): string {
  const { source, since, lastError } = status
  const when = since === undefined ? '' : ` since ${new Date(since).toISOString()}`
  const why = lastError === undefined ? '' : `: ${lastError.why.replace(/\.$/, '')}`
  const asked = lastError === undefined ? [] : lastError.servers
  const servers = asked.length === 0 ? '' : ` (asked: ${asked.join(', ')})`
  return `Identity source "${source}" does not answer${when}${why}${servers}.${affected(status)}`
}

function affected({ outage }: SourceStatus): string {
  const { silences, offline } = outage
  const silent =
    silences === 0
      ? ''
      : ` ${silences} ${silences === 1 ? 'login' : 'logins'} got no answer; RADIUS clients that may turn to another server: ${clientsText(outage)}.`
  const known =
    offline === 0
      ? ''
      : ` ${offline} ${offline === 1 ? 'login was' : 'logins were'} decided on what it had said before.`
  return `${silent}${known}`
}
