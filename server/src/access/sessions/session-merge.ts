import type { Selectable } from 'kysely'
import type { SessionTable } from '../../store/schema.ts'
import type { AccountingRecord } from '../accounting/accounting-record.ts'
import { type CounterState, count, INPUT, newCounters, OUTPUT } from './octet-counter.ts'

export type SessionRow = Selectable<SessionTable>

/** One report as the merge needs it; an accounting row of the database can be read back as one. */
export type SessionReport = Pick<
  AccountingRecord,
  | 'statusType'
  | 'class'
  | 'decisionId'
  | 'userName'
  | 'framedIpAddress'
  | 'callingStationId'
  | 'calledStationId'
  | 'nasPort'
  | 'inputOctets'
  | 'outputOctets'
  | 'gigawords'
  | 'inputPackets'
  | 'outputPackets'
  | 'sessionSeconds'
  | 'terminateCause'
  | 'eventAt'
>

/** Clocks, delays and roundings of two reports about one instant. */
const SLACK = 30_000
const SAME_INSTANT = 2_000

export const isStop = ({ statusType }: SessionReport): boolean => statusType === 'Stop'
export const isStart = ({ statusType }: SessionReport): boolean => statusType === 'Start'

/** When the session of a report began, as far as the report tells. */
export function beganAt(report: SessionReport): number | undefined {
  if (isStart(report)) return report.eventAt
  return report.sessionSeconds === null ? undefined : report.eventAt - report.sessionSeconds * 1000
}

/**
 * Whether a report is about this session, or about another one of the same Acct-Session-Id: a NAS may count from one
 * again after a restart. The Class of a decision settles it; else the time at which the session began.
 */
export function belongsTo(row: SessionRow, report: SessionReport): boolean {
  const hasSameDecision = row.decision_id !== null && row.decision_id === report.decisionId
  if (hasSameDecision) return true
  const began = beganAt(report)
  if (began === undefined) return report.eventAt >= row.started_at - SLACK
  const apart = Math.abs(began - row.started_at)
  const hasOtherDecision = row.decision_id !== null && report.decisionId !== null
  // A login makes a new Class; an update may carry one too (re-authentication), a Start only for a new session.
  if (isStart(report) && hasOtherDecision) return apart <= SAME_INSTANT
  if (apart <= SLACK) return true
  // The Start of a NAS without a clock, overtaken by what came after it.
  if (isStart(report)) {
    const isBeginningUnknown = row.has_start === 0 && (row.session_seconds === 0 || began > row.started_at)
    return isBeginningUnknown && began <= row.updated_at + SLACK
  }
  return began > row.started_at && began <= row.updated_at
}

/** What is known once is known until a later report says otherwise. */
function describe(row: SessionRow, report: SessionReport): void {
  row.class = report.class ?? row.class
  row.decision_id = report.decisionId ?? row.decision_id
  row.user_name = report.userName ?? row.user_name
  row.framed_ip_address = report.framedIpAddress ?? row.framed_ip_address
  row.calling_station_id = report.callingStationId ?? row.calling_station_id
  row.called_station_id = report.calledStationId ?? row.called_station_id
  row.nas_port = report.nasPort ?? row.nas_port
}

/** Whether a report comes after all that is known of the session. */
function isInOrder(row: SessionRow, report: SessionReport): boolean {
  const { sessionSeconds, eventAt } = report
  return eventAt >= row.updated_at && (sessionSeconds === null || sessionSeconds >= row.session_seconds)
}

/**
 * Takes a report into its session. False: it came late and changes what later reports were taken to mean, so the session
 * has to be told again from all its reports (`retell`).
 */
export function merge(row: SessionRow, report: SessionReport): boolean {
  if (row.counter_resets > 0) return false
  if (isInOrder(row, report)) {
    if (row.stopped_at !== null && row.state === 'stopped' && !isStop(report)) return false
    advance(row, report, countersOf(row))
    return true
  }
  if (isStop(report) || !isHarmless(row, report)) return false
  row.has_start = isStart(report) ? 1 : row.has_start
  row.started_at = Math.min(row.started_at, beganAt(report) ?? report.eventAt)
  if (report.eventAt > row.updated_at) {
    row.updated_at = report.eventAt
    if (row.state === 'lost') revive(row)
  }
  fillIn(row, report)
  return true
}

function revive(row: SessionRow): void {
  row.state = 'live'
  row.stopped_at = null
  row.terminate_cause = null
}

/** A late report that says nothing new, or only what nobody has said. */
function isHarmless(row: SessionRow, report: SessionReport): boolean {
  const isSame = <T>(known: T | null, said: T | null): boolean =>
    said === null || known === null || known === said
  return (
    row.counter_wraps === 0 &&
    hidesNoWrap(report.inputOctets, (report.gigawords & INPUT) !== 0, row.input_packets) &&
    hidesNoWrap(report.outputOctets, (report.gigawords & OUTPUT) !== 0, row.output_packets) &&
    (report.inputOctets ?? 0) <= row.input_octets &&
    (report.outputOctets ?? 0) <= row.output_octets &&
    (report.inputPackets ?? 0) <= row.input_packets &&
    (report.outputPackets ?? 0) <= row.output_packets &&
    (report.sessionSeconds ?? 0) <= row.session_seconds &&
    isSame(row.class, report.class) &&
    isSame(row.decision_id, report.decisionId) &&
    isSame(row.user_name, report.userName) &&
    isSame(row.framed_ip_address, report.framedIpAddress) &&
    isSame(row.calling_station_id, report.callingStationId) &&
    isSame(row.called_station_id, report.calledStationId) &&
    isSame(row.nas_port, report.nasPort)
  )
}

/** A packet is at most 65,535 octets: so few cannot have brought a 32-bit counter round between two reports. */
function hidesNoWrap(octets: number | null, isWide: boolean, packets: number): boolean {
  return octets === null || isWide || (packets > 0 && packets * 0xffff < 2 ** 32)
}

function fillIn(row: SessionRow, report: SessionReport): void {
  row.class ??= report.class
  row.decision_id ??= report.decisionId
  row.user_name ??= report.userName
  row.framed_ip_address ??= report.framedIpAddress
  row.calling_station_id ??= report.callingStationId
  row.called_station_id ??= report.calledStationId
  row.nas_port ??= report.nasPort
}

function advance(row: SessionRow, report: SessionReport, counters: CounterState): void {
  const { sessionSeconds, eventAt } = report
  const seconds =
    sessionSeconds === null || row.session_seconds === 0
      ? (eventAt - row.updated_at) / 1000
      : sessionSeconds - row.session_seconds
  count(counters, report, seconds)
  row.input_octets = counters.total.inputOctets
  row.output_octets = counters.total.outputOctets
  row.input_packets = counters.total.inputPackets
  row.output_packets = counters.total.outputPackets
  row.counter_wraps = counters.wraps
  row.counter_resets = counters.resets
  row.session_seconds = Math.max(row.session_seconds, sessionSeconds ?? 0)
  row.updated_at = Math.max(row.updated_at, eventAt)
  row.started_at = Math.min(row.started_at, beganAt(report) ?? eventAt)
  describe(row, report)
  if (isStart(report)) row.has_start = 1
  if (isStop(report)) {
    row.state = 'stopped'
    row.stopped_at = eventAt
    row.terminate_cause = report.terminateCause
  } else if (row.state === 'lost') revive(row)
}

function countersOf(row: SessionRow): CounterState {
  const total = {
    inputOctets: row.input_octets,
    outputOctets: row.output_octets,
    inputPackets: row.input_packets,
    outputPackets: row.output_packets,
  }
  return { ...newCounters(), total, wraps: row.counter_wraps, resets: row.counter_resets }
}

/** The session as all its reports tell it, whatever order they came in. */
export function retell(row: SessionRow, reports: readonly SessionReport[]): void {
  const began = Math.min(row.started_at, ...reports.map((report) => beganAt(report) ?? report.eventAt))
  // The clock of the session itself does not suffer from delays on the way.
  const position = ({ sessionSeconds, eventAt }: SessionReport): number =>
    sessionSeconds === null ? eventAt - began : sessionSeconds * 1000
  const inOrder = reports.toSorted(
    (a, b) => rank(a) - rank(b) || position(a) - position(b) || a.eventAt - b.eventAt,
  )
  const latest = Math.max(row.updated_at, ...reports.map(({ eventAt }) => eventAt))
  Object.assign(row, {
    ...{ class: null, decision_id: null, user_name: null, framed_ip_address: null },
    ...{ calling_station_id: null, called_station_id: null, nas_port: null },
    ...{ state: 'live', stopped_at: null, terminate_cause: null, session_seconds: 0 },
    ...{ started_at: began, updated_at: began },
  })
  const counters = newCounters()
  for (const report of inOrder) advance(row, report, counters)
  row.updated_at = latest
}

/** A Start is the beginning and a Stop the end, whatever their times say. */
function rank(report: SessionReport): number {
  return isStart(report) ? 0 : isStop(report) ? 2 : 1
}

export function newSession(id: string, record: AccountingRecord): SessionRow {
  return {
    id,
    client: record.client,
    acct_session_id: record.acctSessionId ?? '',
    acct_multi_session_id: null,
    class: null,
    decision_id: null,
    user_name: null,
    framed_ip_address: null,
    framed_ipv6_prefix: null,
    framed_ipv6_address: null,
    delegated_ipv6_prefix: null,
    calling_station_id: null,
    called_station_id: null,
    nas_address: null,
    nas_identifier: null,
    nas_port: null,
    nas_port_id: null,
    nas_port_type: null,
    input_octets: 0,
    output_octets: 0,
    input_packets: 0,
    output_packets: 0,
    session_seconds: 0,
    state: 'live',
    terminate_cause: null,
    started_at: beganAt(record) ?? record.eventAt,
    updated_at: record.eventAt,
    stopped_at: null,
    nas: record.nas,
    account: null,
    user_key: null,
    station_key: null,
    ipv4_key: null,
    ipv6_key: null,
    delegated_key: null,
    incarnations: 1,
    has_start: 0,
    heard_at: 0,
    due_at: null,
    interim_seconds: null,
    counter_wraps: 0,
    counter_resets: 0,
  }
}
