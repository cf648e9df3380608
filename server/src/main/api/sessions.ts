import { type SessionRow, SessionStore } from '../../access/session-store.ts'
import type { Services, Session } from '../../listeners/https/services.ts'
import type { Database } from '../../store/database.ts'
import { instant, optional } from './instant.ts'

export function sessionApi(reader: Database): Services['sessions'] {
  const store = new SessionStore(reader)
  return {
    list: async (query) => {
      const { rows, next } = await store.list(query)
      return { items: rows.map(sessionOf), ...optional('next', next) }
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
    ...optional('user', row.proved_user ?? row.user_name),
    ...optional('receipt', row.decision_id),
    ...optional('framedIpAddress', row.framed_ip_address),
    ...optional('callingStationId', row.calling_station_id),
    ...optional('calledStationId', row.called_station_id),
    ...optional('terminateCause', row.terminate_cause),
    ...optional('stoppedAt', row.stopped_at === null ? null : instant(row.stopped_at)),
  }
}
