import { type SessionRow, SessionStore } from '../../access/session-store.ts'
import { RequestError } from '../../kernel/errors.ts'
import type { Services, Session } from '../../listeners/https/services.ts'
import type { ApiParts } from '../api-services.ts'
import { instant, optional } from './instant.ts'

export function sessionApi({
  reader,
  stores,
  clock,
}: Pick<ApiParts, 'reader' | 'stores' | 'clock'>): Services['sessions'] {
  const store = new SessionStore(reader)
  return {
    list: async ({ mac, since, ...query }) => {
      const { rows, next } = await store.list({
        ...query,
        ...(mac === undefined ? {} : { station: mac }),
        ...(since === undefined ? {} : { since: Date.parse(since) }),
      })
      return { items: rows.map(sessionOf), ...optional('next', next) }
    },
    close: async (id) => {
      if (await stores.sessions.close(id, clock.now())) return
      throw new RequestError('not-found', `There is no live session ${id}.`)
    },
  }
}

function sessionOf(row: SessionRow): Session {
  return {
    id: row.id,
    client: row.client,
    state: row.state,
    acctSessionId: row.acct_session_id,
    inputOctets: row.input_octets,
    outputOctets: row.output_octets,
    sessionSeconds: row.session_seconds,
    startedAt: instant(row.started_at),
    updatedAt: instant(row.updated_at),
    ...optional('user', row.account ?? row.proved_user ?? row.user_name),
    ...optional('userName', row.user_name),
    ...optional('nas', row.nas === '' ? null : row.nas),
    ...optional('receipt', row.decision_id),
    ...optional('framedIpAddress', row.framed_ip_address),
    ...optional('framedIpv6Prefix', row.framed_ipv6_prefix),
    ...optional('framedIpv6Address', row.framed_ipv6_address),
    ...optional('delegatedIpv6Prefix', row.delegated_ipv6_prefix),
    ...optional('counterWraps', row.counter_wraps === 0 ? null : row.counter_wraps),
    ...optional('counterResets', row.counter_resets === 0 ? null : row.counter_resets),
    ...optional('heardAt', row.heard_at === 0 ? null : instant(row.heard_at)),
    ...optional('callingStationId', row.calling_station_id),
    ...optional('calledStationId', row.called_station_id),
    ...optional('terminateCause', row.terminate_cause),
    ...optional('stoppedAt', row.stopped_at === null ? null : instant(row.stopped_at)),
  }
}
