import { ForwardedAccountingStore } from '../../access/proxy/forwarded-accounting-store.ts'
import type { UpstreamPortKind, UpstreamPortSeen } from '../../access/proxy/upstream-port.ts'
import type { UpstreamSeen } from '../../access/proxy/upstreams.ts'
import type { Services, UpstreamStatus } from '../../listeners/https/services.ts'
import type { ApiParts } from '../api-services.ts'
import { instant, optional } from './instant.ts'

export function upstreamApi({
  configuration,
  workers,
  forwarding,
  reader,
  clock,
}: ApiParts): Services['upstreams'] {
  return {
    list: async () => {
      const byWorkers = await Promise.all(workers.map((worker) => worker.remote.upstreams()))
      const seen = [...byWorkers.flat(), ...forwarding.seen()]
      const queues = await new ForwardedAccountingStore(reader).queues()
      const items = configuration.snapshot.configuration.upstreams.map((upstream): UpstreamStatus => {
        const { name, group, host, enabled, priority, weight } = upstream
        return {
          name,
          group,
          host,
          enabled,
          priority,
          weight,
          authentication: status(seen, name, 'authentication', upstream.authenticationPort, clock.now()),
          accounting: status(seen, name, 'accounting', upstream.accountingPort, clock.now()),
        }
      })
      const waiting = queues.map(({ group, waiting: records, oldestAt }) => ({
        group,
        records,
        oldestAt: instant(oldestAt),
      }))
      return { items, waiting }
    },
  }
}

/** All threads together: counters add up, the state is that of whoever heard of the server last. */
function status(
  seen: readonly UpstreamSeen[],
  name: string,
  kind: UpstreamPortKind,
  port: number,
  now: number,
): UpstreamStatus['authentication'] {
  const views = seen
    .filter((upstream) => upstream.name === name)
    .flatMap(({ ports }) => ports.filter((view) => view.kind === kind))
    .toSorted((a, b) => (a.heardAgo ?? Number.POSITIVE_INFINITY) - (b.heardAgo ?? Number.POSITIVE_INFINITY))
  const [latest] = views
  const total = (count: (view: UpstreamPortSeen) => number): number =>
    views.reduce((sum, view) => sum + count(view), 0)
  return {
    port,
    state: latest?.state ?? 'unused',
    answersStatusServer: latest?.answersStatus ?? false,
    waiting: total(({ waiting }) => waiting),
    requests: total(({ requests }) => requests),
    replies: total(({ replies }) => replies),
    timeouts: total(({ timeouts }) => timeouts),
    invalid: total(({ invalid }) => invalid),
    ...optional('since', latest === undefined ? undefined : instant(now - latest.inStateFor)),
    ...optional('heardAt', latest?.heardAgo === undefined ? undefined : instant(now - latest.heardAgo)),
    ...optional('problem', latest?.problem),
  }
}
