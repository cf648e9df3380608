import { RECEIPT } from '../../journal/testing.ts'
import type { Database } from '../../store/database.ts'

/** A session as accounting stores it, live unless told otherwise. */
export async function insertSession(
  database: Database,
  id: string,
  over: {
    readonly decision_id?: string | null
    readonly user_name?: string
    readonly user_key?: string
    readonly state?: 'live' | 'stopped'
    readonly calling_station_id?: string
    readonly started_at?: number
  },
): Promise<void> {
  const none = {
    ...{ acct_multi_session_id: null, class: null, user_name: null, framed_ip_address: null },
    ...{ framed_ipv6_prefix: null, calling_station_id: null, called_station_id: null, nas_address: null },
    ...{ nas_identifier: null, nas_port: null, nas_port_id: null, nas_port_type: null },
    ...{ input_octets: 0, output_octets: 0, input_packets: 0, output_packets: 0, session_seconds: 0 },
    ...{ terminate_cause: null, stopped_at: null, decision_id: null },
  }
  await database.kysely
    .insertInto('sessions')
    .values({
      ...none,
      ...{ id, client: 'switch', acct_session_id: id, state: 'live' },
      ...{ started_at: RECEIPT.at, updated_at: RECEIPT.at },
      ...over,
    })
    .execute()
}
