import type { Insertable } from 'kysely'
import type { AccountingRecordTable, ForwardedAccountingTable } from '../../store/schema.ts'
import type { SessionReport, SessionRow } from '../sessions/session-merge.ts'

export type RecordRow = Insertable<AccountingRecordTable>
export type ForwardedRow = Insertable<ForwardedAccountingTable>

/** Accounting-On and -Off: which sessions end by it. */
export interface Restart {
  readonly client: string
  readonly nas: string
  /** The NAS named itself by its address alone: sessions that also carry a name are its own too. */
  readonly nasAddress: string | null
  readonly statusType: string
  readonly at: number
}

/** What one transaction of the ledger reads and writes; the engines differ in how, not in what. */
export interface AccountingTables {
  /** Those of the keys that are stored already. */
  knownEvents(keys: readonly string[]): Promise<ReadonlySet<string>>
  /** What is stored of sessions (or NAS) at these times. */
  eventsAt(
    wanted: readonly { readonly sessionId: string; readonly at: number }[],
  ): Promise<readonly { readonly key: string; readonly at: number }[]>
  sessions(ids: readonly string[]): Promise<readonly SessionRow[]>
  /** The reports of a session that are kept, newest first, at most `most`. */
  reports(sessionId: string, most: number): Promise<readonly SessionReport[]>
  /** The latest Accounting-On or -Off by NAS. */
  latestRestarts(nasKeys: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** The first Accounting-On or -Off of a NAS at or after an instant. */
  restartAfter(nasKey: string, at: number): Promise<{ at: number; statusType: string } | undefined>
  /** Accounts and what was asked of the NAS, by decision. */
  decisions(ids: readonly string[]): Promise<ReadonlyMap<string, Decided>>
  insertRecords(rows: readonly RecordRow[]): Promise<void>
  insertForwarded(rows: readonly ForwardedRow[]): Promise<void>
  insertSessions(rows: readonly SessionRow[]): Promise<void>
  /** `progress`: nothing but counters and times has changed. */
  updateSessions(rows: readonly SessionRow[], kind: 'progress' | 'all'): Promise<void>
  endSessions(restart: Restart): Promise<void>
}

export interface Decided {
  /** As a receipt keeps names: lower case. */
  readonly account: string | null
  /** Acct-Interim-Interval of the accept. */
  readonly interimSeconds: number | null
}

/** Opens a transaction that is durable once the promise resolves. */
export interface AccountingDatabase {
  transaction(
    sessionKeys: readonly string[],
    work: (tables: AccountingTables) => Promise<void>,
  ): Promise<void>
  isRowFault(error: unknown): boolean
}

export const SESSION_COLUMNS = [
  ...['id', 'client', 'nas', 'acct_session_id', 'acct_multi_session_id', 'class', 'decision_id'],
  ...['user_name', 'account', 'user_key', 'framed_ip_address', 'ipv4_key', 'framed_ipv6_prefix'],
  ...['framed_ipv6_address', 'ipv6_key', 'delegated_ipv6_prefix', 'delegated_key', 'calling_station_id'],
  ...['station_key', 'called_station_id', 'nas_address', 'nas_identifier', 'nas_port', 'nas_port_id'],
  ...['nas_port_type', 'state', 'terminate_cause', 'started_at', 'stopped_at', 'incarnations', 'has_start'],
  ...['input_octets', 'output_octets', 'input_packets', 'output_packets', 'session_seconds', 'updated_at'],
  ...['heard_at', 'due_at', 'interim_seconds', 'counter_wraps', 'counter_resets'],
] as readonly (keyof SessionRow)[]

/** No index but that of `due_at` has to be touched for these. */
export const PROGRESS_COLUMNS = [
  ...['input_octets', 'output_octets', 'input_packets', 'output_packets', 'session_seconds', 'updated_at'],
  ...['heard_at', 'due_at', 'interim_seconds', 'counter_wraps', 'counter_resets'],
] as readonly (keyof SessionRow)[]

export const RECORD_COLUMNS = [
  ...['idempotency_key', 'session_id', 'client', 'acct_session_id', 'class', 'status_type', 'user_name'],
  ...['decision_id', 'framed_ip_address', 'calling_station_id', 'called_station_id', 'nas_port'],
  ...['input_octets', 'output_octets', 'gigawords', 'input_packets', 'output_packets', 'session_seconds'],
  ...['terminate_cause', 'event_at', 'received_at', 'attributes'],
] as readonly (keyof RecordRow)[]

export const FORWARDED_COLUMNS = [
  ...['upstream_group', 'session_key', 'client', 'user_name', 'status_type', 'attributes', 'received_at'],
] as readonly (keyof ForwardedRow)[]

export const INTERIM_IN_RECEIPT = /"name":"Acct-Interim-Interval","value":"(\d{1,9})"/

/** From the row of a receipt. */
export function decidedOf(receipt: { user_name: string | null; body: string }): Decided {
  const seconds = INTERIM_IN_RECEIPT.exec(receipt.body)?.[1]
  return { account: receipt.user_name, interimSeconds: seconds === undefined ? null : Number(seconds) }
}

/** A stored row as the merge reads reports. */
export function reportOf(row: Readonly<Record<string, unknown>>): SessionReport {
  return {
    statusType: row.status_type,
    class: row.class,
    decisionId: row.decision_id,
    userName: row.user_name,
    framedIpAddress: row.framed_ip_address,
    callingStationId: row.calling_station_id,
    calledStationId: row.called_station_id,
    nasPort: row.nas_port,
    inputOctets: row.input_octets,
    outputOctets: row.output_octets,
    gigawords: row.gigawords,
    inputPackets: row.input_packets,
    outputPackets: row.output_packets,
    sessionSeconds: row.session_seconds,
    terminateCause: row.terminate_cause,
    eventAt: row.event_at,
  } as SessionReport // the columns of AccountingRecordTable
}
