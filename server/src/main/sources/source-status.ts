import type { OutageSeen, SourceSeen } from '../../identity/state/source-record.ts'

/** What one thread saw: `worker 0`, or `main` for live sessions that are decided again. */
export interface SeenByThread {
  readonly thread: string
  readonly seen: SourceSeen
}

export interface SourceStatus extends SourceSeen {
  readonly threads: readonly SeenByThread[]
}

/** All threads together: counts add up, the state is that of the thread that asked last. */
export function statusOf(source: string, threads: readonly SeenByThread[]): SourceStatus {
  const seen = threads.map((thread) => thread.seen)
  const [latest] = seen.toSorted((a, b) => (b.heardAt ?? 0) - (a.heardAt ?? 0))
  const total = (count: (of: SourceSeen) => number): number => seen.reduce((sum, of) => sum + count(of), 0)
  const since = seen.flatMap((of) => (of.state === latest?.state && of.since !== undefined ? [of.since] : []))
  const errors = seen.flatMap(({ lastError }) => (lastError === undefined ? [] : [lastError]))
  const lastError = errors.toSorted((a, b) => b.at - a.at)[0]
  return {
    ...{ source, state: latest?.state ?? 'unused', threads },
    // Down since the first thread found it so, up since the last one did.
    ...(since.length > 0 && { since: latest?.state === 'down' ? Math.min(...since) : Math.max(...since) }),
    ...(latest?.heardAt !== undefined && { heardAt: latest.heardAt }),
    ...(lastError !== undefined && { lastError }),
    answers: total(({ answers }) => answers),
    unanswered: total(({ unanswered }) => unanswered),
    servers: latest?.servers ?? [],
    outage: together(seen.map(({ outage }) => outage)),
  }
}

function together(outages: readonly OutageSeen[]): OutageSeen {
  const byClient = Map.groupBy(
    outages.flatMap(({ clients }) => clients),
    ({ client }) => client,
  )
  const clients = [...byClient].map(([client, of]) => ({
    client,
    silences: of.reduce((sum, { silences }) => sum + silences, 0),
    lastAt: Math.max(...of.map(({ lastAt }) => lastAt)),
  }))
  return {
    silences: outages.reduce((sum, { silences }) => sum + silences, 0),
    offline: outages.reduce((sum, { offline }) => sum + offline, 0),
    clients: clients.toSorted((a, b) => b.silences - a.silences),
  }
}

/** The clients an outage may drive to another server, the most affected first. */
export function clientsText({ clients }: OutageSeen, most = 20): string {
  const named = clients.slice(0, most).map(({ client, silences }) => `${client} (${silences})`)
  const left = clients.length - named.length
  return [...named, ...(left > 0 ? [`and ${left} more`] : [])].join(', ')
}
