import { nameKey, networkKeyOf, stationKeyOf } from '../sessions/session-keys.ts'
import {
  belongsTo,
  isStart,
  merge,
  newSession,
  retell,
  type SessionReport,
  type SessionRow,
} from '../sessions/session-merge.ts'
import { type AccountingRecord, type Forwarding, NAS_WIDE } from './accounting-record.ts'
import {
  type AccountingDatabase,
  type AccountingTables,
  type ForwardedRow,
  type RecordRow,
  reportOf,
} from './accounting-tables.ts'
import { candidates, KnownEvents, ownKey } from './known-events.ts'

/** Reports a session is told again from; at one every ten minutes, a month. */
const MOST_RETOLD = 5_000
/** Sessions of one Acct-Session-Id that are looked at, newest first. */
const MOST_INCARNATIONS = 8
/** RFC 2869 section 5.16: no NAS is asked for updates more often. */
const SHORTEST_INTERIM_SECONDS = 60
/** A session whose NAS sends no interim updates is not expected to be heard of sooner. */
export const NO_INTERIM_SECONDS = 86_400

/** Sessions that wait for their receipt; one that is left out learns its account with its next report. */
const MOST_UNRESOLVED = 10_000
const REUSED = 'Session-Id-Reused'

/** Decisions a session came of, while the receipt may still be on its way to the database. */
export interface KnownDecisions {
  accountOf(decisionId: string): string | undefined
  /** A report of its session is durable. */
  started(decisionId: string): void
}

/**
 * Writes batches of accounting records and keeps the session directory by them. Every record is stored once, whatever its
 * Identifier; a session is what its records say, in whatever order they came.
 */
export class AccountingLedger {
  readonly #database: AccountingDatabase
  readonly #decisions: KnownDecisions
  /** Records that were stored, and those that were there already. */
  stored = 0
  duplicates = 0
  /** Sessions whose receipt was not there yet, by id. */
  readonly #unresolved = new Map<string, string>()

  constructor(
    database: AccountingDatabase,
    decisions: KnownDecisions = { accountOf: () => undefined, started: () => {} },
  ) {
    this.#database = database
    this.#decisions = decisions
  }

  async write(records: readonly AccountingRecord[]): Promise<void> {
    const keys = new Set<string>()
    for (const { sessionKey } of records) if (sessionKey !== null) keys.add(sessionKey)
    let known = 0
    await this.#database.transaction([...keys], async (tables) => {
      known = await new Batch(tables, this.#decisions, this.#unresolved).write(records, [...keys])
    })
    this.duplicates += known
    this.stored += records.length - known
    for (const { decisionId } of records) if (decisionId !== null) this.#decisions.started(decisionId)
  }

  isRowFault(error: unknown): boolean {
    return this.#database.isRowFault(error)
  }

  /** Sessions, with their decisions, whose account was not known when they were written; told once. */
  takeUnresolved(): ReadonlyMap<string, string> {
    const taken = new Map(this.#unresolved)
    this.#unresolved.clear()
    return taken
  }
}

type Change = 'new' | 'progress' | 'all' | 'none'

interface Held {
  readonly row: SessionRow
  change: Change
}

/** One transaction: reads what the records are about, merges in memory, writes the outcome. */
class Batch {
  readonly #tables: AccountingTables
  readonly #decisions: KnownDecisions
  readonly #unresolved: Map<string, string>
  readonly #events = new KnownEvents()
  /** By Acct-Session-Id of a NAS: its sessions, oldest first. */
  readonly #chains = new Map<string, Held[]>()
  #records: RecordRow[] = []
  #forwarded: ForwardedRow[] = []
  #restarts: ReadonlyMap<string, number> = new Map()

  constructor(tables: AccountingTables, decisions: KnownDecisions, unresolved: Map<string, string>) {
    this.#tables = tables
    this.#decisions = decisions
    this.#unresolved = unresolved
  }

  /** Resolves to how many of them are stored already. */
  async write(records: readonly AccountingRecord[], sessionKeys: readonly string[]): Promise<number> {
    let known = 0
    const tables = this.#tables
    for (const key of await tables.knownEvents(records.flatMap(candidates))) this.#events.addStored(key)
    this.#restarts = await tables.latestRestarts([...new Set(records.map(({ nasKey }) => nasKey))])
    await this.#load(sessionKeys)
    await this.#loadTimes(records)
    for (const record of records) {
      if (this.#events.has(record)) {
        known++
        continue
      }
      this.#events.add(record)
      if (record.forwarding !== undefined) this.#forwarded.push(forwardedRow(record, record.forwarding))
      if (NAS_WIDE.has(record.statusType)) await this.#restart(record, sessionKeys)
      else await this.#report(record)
    }
    await this.#flush()
    return known
  }

  async #load(sessionKeys: readonly string[]): Promise<void> {
    this.#chains.clear()
    const rows = new Map((await this.#tables.sessions(sessionKeys)).map((row) => [row.id, row]))
    const later = sessionKeys.flatMap((key) => laterIds(key, rows.get(key)?.incarnations ?? 1))
    if (later.length > 0) for (const row of await this.#tables.sessions(later)) rows.set(row.id, row)
    for (const key of sessionKeys) {
      const held = [key, ...laterIds(key, rows.get(key)?.incarnations ?? 1)].flatMap((id) => {
        const row = rows.get(id)
        return row === undefined ? [] : [{ row, change: 'none' as const }]
      })
      this.#chains.set(key, held.sort(byStart))
    }
  }

  /** What is stored of the same sessions at the same times. */
  async #loadTimes(records: readonly AccountingRecord[]): Promise<void> {
    const wanted = records.flatMap(({ isTimed, sessionKey, nasKey, eventAt }) => {
      if (!isTimed) return []
      const ids =
        sessionKey === null ? [nasKey] : (this.#chains.get(sessionKey) ?? []).map(({ row }) => row.id)
      return ids.map((sessionId) => ({ sessionId, at: eventAt }))
    })
    if (wanted.length === 0) return
    for (const { key, at } of await this.#tables.eventsAt(wanted)) this.#events.addStored(key, at)
  }

  async #report(record: AccountingRecord): Promise<void> {
    const held = record.sessionKey === null ? undefined : this.#sessionOf(record, record.sessionKey)
    this.#records.push(recordRow(record, held?.row.id ?? null))
    if (held === undefined) return
    const { row } = held
    const before = { ...row }
    if (!merge(row, record)) {
      const stored = await this.#tables.reports(row.id, MOST_RETOLD)
      const fresh = this.#records.filter(({ session_id }) => session_id === row.id)
      this.#retell(row, [...stored, ...fresh.map((each) => reportOf(each))])
    }
    if (record.receivedAt >= before.heard_at) this.#hear(row, record, before)
    if (before.decision_id !== row.decision_id) row.account = null
    await this.#know(row)
    fillKeys(row, record)
    await this.#settleState(held, record)
    row.due_at =
      row.state === 'live' ? row.heard_at + (row.interim_seconds ?? NO_INTERIM_SECONDS) * 1000 : null
    if (held.change !== 'new' && held.change !== 'all')
      held.change = isProgress(before, row) ? 'progress' : 'all'
  }

  /** Where its first reports are no longer kept, what was counted then still counts. */
  #retell(row: SessionRow, reports: readonly SessionReport[]): void {
    const before = { ...row }
    retell(row, reports)
    if (reports.some(isStart) || before.has_start === 0) return
    row.input_octets = Math.max(row.input_octets, before.input_octets)
    row.output_octets = Math.max(row.output_octets, before.output_octets)
    row.input_packets = Math.max(row.input_packets, before.input_packets)
    row.output_packets = Math.max(row.output_packets, before.output_packets)
    row.session_seconds = Math.max(row.session_seconds, before.session_seconds)
  }

  /** The session a report is about; where there is none, a new one. */
  #sessionOf(record: AccountingRecord, key: string): Held {
    const chain = this.#chains.get(key) ?? []
    const known = chain.findLast(({ row }) => belongsTo(row, record))
    if (known !== undefined) return known
    const first = chain.find(({ row }) => row.id === key)
    const number = (first?.row.incarnations ?? 0) + 1
    const held: Held = { row: newSession(number === 1 ? key : `${key}-${number}`, record), change: 'new' }
    if (first !== undefined) {
      first.row.incarnations = number
      if (first.change !== 'new') first.change = 'all'
    }
    this.#chains.set(key, [...chain, held].sort(byStart))
    return held
  }

  #hear(row: SessionRow, record: AccountingRecord, before: SessionRow): void {
    row.heard_at = record.receivedAt
    const gap = Math.ceil((record.eventAt - before.updated_at) / 1000)
    const known = row.interim_seconds
    const isInterval =
      record.statusType === 'Interim-Update' &&
      before.heard_at > 0 &&
      before.state === 'live' &&
      // Many devices report once more right after the Start, when the address is known: that is no interval.
      gap >= SHORTEST_INTERIM_SECONDS &&
      // Three times as long as ever: updates were lost, not less frequent.
      gap <= (known === null ? NO_INTERIM_SECONDS : known * 3)
    const seconds = Math.max(known ?? 0, record.interimSeconds ?? 0, isInterval ? gap : 0)
    row.interim_seconds = seconds === 0 ? null : Math.min(seconds, NO_INTERIM_SECONDS)
  }

  /** The name behind an anonymous one, and how often the NAS was told to report, once the receipt is there. */
  async #know(row: SessionRow): Promise<void> {
    const { decision_id } = row
    if (decision_id === null || row.account !== null) return
    const decided = (await this.#tables.decisions([decision_id])).get(decision_id)
    row.account = decided?.account ?? this.#decisions.accountOf(decision_id) ?? null
    if (row.account === null && this.#unresolved.size < MOST_UNRESOLVED)
      this.#unresolved.set(row.id, decision_id)
    const asked = decided?.interimSeconds ?? null
    if (asked !== null) row.interim_seconds = Math.max(asked, row.interim_seconds ?? 0)
  }

  /** What ends a session besides its Stop: the NAS began anew, or began another session of the same number. */
  async #settleState({ row }: Held, { nasKey, sessionKey }: AccountingRecord): Promise<void> {
    if (row.state !== 'stopped' && (this.#restarts.get(nasKey) ?? -Infinity) >= row.updated_at) {
      const restart = await this.#tables.restartAfter(nasKey, row.updated_at)
      if (restart !== undefined) lose(row, restart.at, restart.statusType)
    }
    const chain = this.#chains.get(sessionKey ?? '') ?? []
    if (chain.length < 2) return
    for (const [index, earlier] of chain.entries()) {
      const next = chain[index + 1]
      const { state, terminate_cause, stopped_at } = earlier.row
      const isReused = state === 'lost' && terminate_cause === REUSED
      if (next === undefined || (state !== 'live' && !isReused)) continue
      if (isReused && stopped_at === next.row.started_at) continue
      lose(earlier.row, next.row.started_at, REUSED)
      if (earlier.change !== 'new') earlier.change = 'all'
    }
  }

  async #restart(record: AccountingRecord, sessionKeys: readonly string[]): Promise<void> {
    this.#records.push(recordRow(record, record.nasKey))
    await this.#flush()
    const { client, nas, nasIdentifier, nasAddress, statusType, eventAt, nasKey } = record
    const address = nasIdentifier === null ? nasAddress : null
    await this.#tables.endSessions({ client, nas, nasAddress: address, statusType, at: eventAt })
    const latest = Math.max(this.#restarts.get(nasKey) ?? -Infinity, eventAt)
    this.#restarts = new Map([...this.#restarts, [nasKey, latest]])
    await this.#load(sessionKeys)
  }

  async #flush(): Promise<void> {
    const tables = this.#tables
    const records = this.#records
    this.#records = []
    await tables.insertRecords(records)
    const forwarded = this.#forwarded
    this.#forwarded = []
    if (forwarded.length > 0) await tables.insertForwarded(forwarded)
    const changed: Record<Exclude<Change, 'none'>, SessionRow[]> = { new: [], progress: [], all: [] }
    for (const chain of this.#chains.values()) {
      for (const held of chain) {
        if (held.change !== 'none') changed[held.change].push(held.row)
        held.change = 'none'
      }
    }
    if (changed.new.length > 0) await tables.insertSessions(changed.new)
    if (changed.progress.length > 0) await tables.updateSessions(changed.progress, 'progress')
    if (changed.all.length > 0) await tables.updateSessions(changed.all, 'all')
  }
}

function byStart(a: Held, b: Held): number {
  return a.row.started_at - b.row.started_at
}

function lose(row: SessionRow, at: number, cause: string): void {
  row.state = 'lost'
  row.stopped_at = at
  row.terminate_cause = cause
  row.due_at = null
}

/** Ids of the sessions after the first of one Acct-Session-Id: the newest, oldest of them first. */
function laterIds(key: string, incarnations: number): string[] {
  const from = Math.max(2, incarnations - MOST_INCARNATIONS + 1)
  return Array.from({ length: Math.max(0, incarnations - from + 1) }, (_, index) => `${key}-${from + index}`)
}

function isProgress(before: SessionRow, after: SessionRow): boolean {
  return (
    before.state === after.state &&
    before.started_at === after.started_at &&
    before.stopped_at === after.stopped_at &&
    before.has_start === after.has_start &&
    before.incarnations === after.incarnations &&
    before.class === after.class &&
    before.user_name === after.user_name &&
    before.account === after.account &&
    before.framed_ip_address === after.framed_ip_address &&
    before.ipv6_key === after.ipv6_key &&
    before.delegated_key === after.delegated_key &&
    before.calling_station_id === after.calling_station_id &&
    before.called_station_id === after.called_station_id &&
    before.nas_port === after.nas_port &&
    before.nas_port_id === after.nas_port_id &&
    before.acct_multi_session_id === after.acct_multi_session_id
  )
}

/** What no merge depends on, and the normalised keys. */
function fillKeys(row: SessionRow, record: AccountingRecord): void {
  const isLatest = record.eventAt >= row.updated_at
  const pick = <T>(said: T | null, known: T | null): T | null =>
    isLatest ? (said ?? known) : (known ?? said)
  row.acct_multi_session_id = pick(record.acctMultiSessionId, row.acct_multi_session_id)
  row.framed_ipv6_prefix = pick(record.framedIpv6Prefix, row.framed_ipv6_prefix)
  row.framed_ipv6_address = pick(record.framedIpv6Address, row.framed_ipv6_address)
  row.delegated_ipv6_prefix = pick(record.delegatedIpv6Prefix, row.delegated_ipv6_prefix)
  row.nas_port_id = pick(record.nasPortId, row.nas_port_id)
  row.nas_port_type = pick(record.nasPortType, row.nas_port_type)
  row.nas_address = pick(record.nasAddress, row.nas_address)
  row.nas_identifier = pick(record.nasIdentifier, row.nas_identifier)
  row.user_key = row.account ?? (row.user_name === null ? null : nameKey(row.user_name))
  row.station_key = row.calling_station_id === null ? null : stationKeyOf(row.calling_station_id)
  row.ipv4_key = networkKeyOf(row.framed_ip_address)
  row.ipv6_key = networkKeyOf(row.framed_ipv6_prefix ?? row.framed_ipv6_address)
  row.delegated_key = networkKeyOf(row.delegated_ipv6_prefix)
}

function forwardedRow(record: AccountingRecord, { group, attributes }: Forwarding): ForwardedRow {
  return {
    upstream_group: group,
    session_key: record.sessionKey ?? record.nasKey,
    client: record.client,
    user_name: record.userName,
    status_type: record.statusType,
    // pg writes a Buffer as bytea, and node:sqlite takes one as well.
    attributes: Buffer.from(attributes),
    received_at: record.receivedAt,
  }
}

function recordRow(record: AccountingRecord, sessionId: string | null): RecordRow {
  return {
    idempotency_key: ownKey(record),
    session_id: sessionId,
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
    gigawords: record.gigawords,
    input_packets: record.inputPackets,
    output_packets: record.outputPackets,
    session_seconds: record.sessionSeconds,
    terminate_cause: record.terminateCause,
    event_at: record.eventAt,
    received_at: record.receivedAt,
    attributes: record.attributes,
  }
}
