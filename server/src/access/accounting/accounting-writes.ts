import type { Insertable, Kysely } from 'kysely'
import { type InsertStatement, insert, type RowWrite } from '../../store/row-write.ts'
import type { AccountingRecordTable, Schema, SessionTable } from '../../store/schema.ts'
import { type AccountingRecord, NAS_WIDE } from './accounting-record.ts'

const RECORD: InsertStatement<'accounting_records'> = {
  table: 'accounting_records',
  columns: [
    'idempotency_key',
    'client',
    'acct_session_id',
    'class',
    'status_type',
    'user_name',
    'decision_id',
    'framed_ip_address',
    'calling_station_id',
    'called_station_id',
    'nas_port',
    'input_octets',
    'output_octets',
    'input_packets',
    'output_packets',
    'session_seconds',
    'terminate_cause',
    'event_at',
    'received_at',
    'attributes',
  ],
  onConflict: '(idempotency_key) do nothing',
  conflictKey: ['idempotency_key'],
}

const COUNTERS = [
  'input_octets',
  'output_octets',
  'input_packets',
  'output_packets',
  'session_seconds',
] as const
/** Known once, known for good: a Stop that leaves the address out does not erase it. */
const KEPT = [
  'acct_multi_session_id',
  'class',
  'decision_id',
  'user_name',
  'framed_ip_address',
  'framed_ipv6_prefix',
  'calling_station_id',
  'called_station_id',
  'nas_address',
  'nas_identifier',
  'nas_port',
  'nas_port_id',
  'nas_port_type',
] as const

/**
 * Requests arrive twice, late and in the wrong order, so the merge does not depend on order: counters keep their maximum,
 * an ended session never comes back to life, what is known is kept.
 */
const SESSION: InsertStatement<'sessions'> = {
  table: 'sessions',
  columns: [
    'id',
    'client',
    'acct_session_id',
    ...KEPT,
    ...COUNTERS,
    'state',
    'terminate_cause',
    'started_at',
    'updated_at',
    'stopped_at',
  ],
  onConflict: `(id) do update set ${[
    ...KEPT.map((column) => `${column} = coalesce(excluded.${column}, sessions.${column})`),
    ...COUNTERS.map((column) => greater(column)),
    `state = case when sessions.state = 'live' then excluded.state else sessions.state end`,
    `terminate_cause = coalesce(sessions.terminate_cause, excluded.terminate_cause)`,
    `started_at = case when excluded.started_at < sessions.started_at then excluded.started_at else sessions.started_at end`,
    greater('updated_at'),
    `stopped_at = coalesce(sessions.stopped_at, excluded.stopped_at)`,
  ].join(', ')}`,
  conflictKey: ['id'],
}

function greater(column: string): string {
  return `${column} = case when excluded.${column} > sessions.${column} then excluded.${column} else sessions.${column} end`
}

/** What storing one record means: its row, and what it changes in the session directory. */
export function accountingWrites(record: AccountingRecord, kysely: Kysely<Schema>): RowWrite[] {
  const row = insert(RECORD, recordRow(record))
  if (record.sessionId !== null) return [row, insert(SESSION, sessionRow(record, record.sessionId))]
  return NAS_WIDE.has(record.statusType) ? [row, { query: loseSessionsOf(record, kysely) }] : [row]
}

function recordRow(record: AccountingRecord): Insertable<AccountingRecordTable> {
  return {
    idempotency_key: record.idempotencyKey,
    client: record.client,
    acct_session_id: record.acctSessionId,
    class: record.class,
    status_type: record.statusType,
    user_name: record.userName,
    decision_id: record.decisionId,
    framed_ip_address: record.framedIpAddress,
    calling_station_id: record.callingStationId,
    called_station_id: record.calledStationId,
    nas_port: record.nasPort,
    input_octets: record.inputOctets,
    output_octets: record.outputOctets,
    input_packets: record.inputPackets,
    output_packets: record.outputPackets,
    session_seconds: record.sessionSeconds,
    terminate_cause: record.terminateCause,
    event_at: record.eventAt,
    received_at: record.receivedAt,
    attributes: JSON.stringify(record.attributes),
  }
}

function sessionRow(record: AccountingRecord, id: string): Insertable<SessionTable> {
  const isStop = record.statusType === 'Stop'
  const seconds = record.sessionSeconds ?? 0
  return {
    id,
    client: record.client,
    acct_session_id: record.acctSessionId ?? '',
    acct_multi_session_id: record.acctMultiSessionId,
    class: record.class,
    decision_id: record.decisionId,
    user_name: record.userName,
    framed_ip_address: record.framedIpAddress,
    framed_ipv6_prefix: record.framedIpv6Prefix,
    calling_station_id: record.callingStationId,
    called_station_id: record.calledStationId,
    nas_address: record.nasAddress,
    nas_identifier: record.nasIdentifier,
    nas_port: record.nasPort,
    nas_port_id: record.nasPortId,
    nas_port_type: record.nasPortType,
    input_octets: record.inputOctets ?? 0,
    output_octets: record.outputOctets ?? 0,
    input_packets: record.inputPackets ?? 0,
    output_packets: record.outputPackets ?? 0,
    session_seconds: seconds,
    state: isStop ? 'stopped' : 'live',
    terminate_cause: record.terminateCause,
    // Where the Start was lost, the session's own clock says when it began.
    started_at: record.eventAt - seconds * 1000,
    updated_at: record.eventAt,
    stopped_at: isStop ? record.eventAt : null,
  }
}

/** Accounting-On and -Off: the NAS has no sessions left from before (RFC 2866 section 5.1). */
function loseSessionsOf(record: AccountingRecord, kysely: Kysely<Schema>) {
  const { client, nasIdentifier, nasAddress, statusType, eventAt } = record
  let lose = kysely
    .updateTable('sessions')
    .set({ state: 'lost', stopped_at: eventAt, terminate_cause: statusType })
    .where('client', '=', client)
    .where('state', '=', 'live')
    .where('started_at', '<=', eventAt)
  // One client entry can cover a whole network of devices: only the sessions of the one that restarted.
  if (nasIdentifier !== null) lose = lose.where('nas_identifier', '=', nasIdentifier)
  else if (nasAddress !== null) lose = lose.where('nas_address', '=', nasAddress)
  return lose.compile()
}
