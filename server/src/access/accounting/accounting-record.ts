import { hash } from 'node:crypto'
import { toHex, toUtf8 } from '@sallyport/bytes'
import { formatValue, type PacketView } from '@sallyport/radius'
import {
  AcctDelayTime,
  AcctInputGigawords,
  AcctInputOctets,
  AcctInputPackets,
  AcctMultiSessionId,
  AcctOutputGigawords,
  AcctOutputOctets,
  AcctOutputPackets,
  AcctSessionId,
  AcctSessionTime,
  AcctStatusType,
  AcctTerminateCause,
  CalledStationId,
  CallingStationId,
  Class,
  EventTimestamp,
  FramedIPv6Prefix,
  FramedIpAddress,
  NasIdentifier,
  NasIPv6Address,
  NasIpAddress,
  NasPort,
  NasPortId,
  NasPortType,
  UserName,
} from '@sallyport/radius/attributes'
import { decisionIdOf } from '../decision-class.ts'
import { readableAttributes } from '../readable-attributes.ts'

/** One Accounting-Request as it is stored: plain data that crosses to the store thread. Times in milliseconds. */
export interface AccountingRecord {
  /** The same for a retransmission under a new Identifier, different for everything else. */
  readonly idempotencyKey: string
  /** Tells sessions apart: client, NAS and Acct-Session-Id. Absent for Accounting-On and -Off. */
  readonly sessionId: string | null
  readonly client: string
  readonly nas: string
  readonly statusType: string
  readonly acctSessionId: string | null
  readonly acctMultiSessionId: string | null
  readonly class: string | null
  readonly decisionId: string | null
  readonly userName: string | null
  readonly framedIpAddress: string | null
  readonly framedIpv6Prefix: string | null
  readonly callingStationId: string | null
  readonly calledStationId: string | null
  readonly nasAddress: string | null
  readonly nasIdentifier: string | null
  readonly nasPort: number | null
  readonly nasPortId: string | null
  readonly nasPortType: string | null
  readonly inputOctets: number | null
  readonly outputOctets: number | null
  readonly inputPackets: number | null
  readonly outputPackets: number | null
  readonly sessionSeconds: number | null
  readonly terminateCause: string | null
  /** When it happened: Event-Timestamp, else arrival minus Acct-Delay-Time. */
  readonly eventAt: number
  readonly receivedAt: number
  readonly attributes: Readonly<Record<string, readonly string[]>>
}

/** What an Accounting-Request lacks to be one (RFC 2866 sections 4.1 and 5.5). */
export type AccountingFault = 'no-status-type' | 'no-session-id'

export type AccountingRead =
  | { readonly ok: true; readonly record: AccountingRecord }
  | { readonly ok: false; readonly fault: AccountingFault }

/** Requests about the whole NAS, not about one session. */
export const NAS_WIDE: ReadonlySet<string> = new Set(['Accounting-On', 'Accounting-Off'])

export interface AccountingOrigin {
  readonly client: string
  readonly sourceAddress: string
  readonly receivedAt: number
}

export function readAccountingRecord(packet: PacketView, origin: AccountingOrigin): AccountingRead {
  const status = packet.get(AcctStatusType)
  if (status === undefined) return { ok: false, fault: 'no-status-type' }
  const statusType = formatValue(AcctStatusType, status)
  const acctSessionId = packet.get(AcctSessionId) ?? null
  if (acctSessionId === null && !NAS_WIDE.has(statusType)) return { ok: false, fault: 'no-session-id' }
  const { client, sourceAddress, receivedAt } = origin
  const nasAddress = packet.get(NasIpAddress) ?? packet.get(NasIPv6Address) ?? null
  const nasIdentifier = packet.get(NasIdentifier) ?? null
  const nas = nasIdentifier ?? nasAddress ?? sourceAddress
  // RFC 2866 section 5.13 puts an Acct-Session-Id into Accounting-On and -Off too: it numbers the boot, not a session.
  const isSession = acctSessionId !== null && !NAS_WIDE.has(statusType)
  const classes = packet.getAll(Class)
  const eventAt = happenedAt(packet, receivedAt)
  const attributes = readableAttributes(packet)
  const terminateCause = packet.get(AcctTerminateCause)
  const portType = packet.get(NasPortType)
  return {
    ok: true,
    record: {
      idempotencyKey: idempotencyKey(packet, client, nas, statusType, acctSessionId, eventAt),
      sessionId: isSession ? digest(client, nas, acctSessionId) : null,
      client,
      nas,
      statusType,
      acctSessionId,
      acctMultiSessionId: packet.get(AcctMultiSessionId) ?? null,
      class: classes.length === 0 ? null : classes.map(textOrHex).join(' '),
      decisionId: decisionIdOf(classes) ?? null,
      userName: packet.get(UserName) ?? null,
      framedIpAddress: packet.get(FramedIpAddress) ?? null,
      framedIpv6Prefix: packet.get(FramedIPv6Prefix) ?? null,
      callingStationId: packet.get(CallingStationId) ?? null,
      calledStationId: packet.get(CalledStationId) ?? null,
      nasAddress,
      nasIdentifier,
      nasPort: packet.get(NasPort) ?? null,
      nasPortId: packet.get(NasPortId) ?? null,
      nasPortType: portType === undefined ? null : formatValue(NasPortType, portType),
      inputOctets: octets(packet.get(AcctInputOctets), packet.get(AcctInputGigawords)),
      outputOctets: octets(packet.get(AcctOutputOctets), packet.get(AcctOutputGigawords)),
      inputPackets: packet.get(AcctInputPackets) ?? null,
      outputPackets: packet.get(AcctOutputPackets) ?? null,
      sessionSeconds: packet.get(AcctSessionTime) ?? null,
      terminateCause: terminateCause === undefined ? null : formatValue(AcctTerminateCause, terminateCause),
      eventAt,
      receivedAt,
      attributes,
    },
  }
}

/** RFC 2869 section 5.3 where the NAS has a clock, else RFC 2866 section 5.2. */
function happenedAt(packet: PacketView, receivedAt: number): number {
  const event = packet.get(EventTimestamp)
  if (event !== undefined) return event.getTime()
  return receivedAt - (packet.get(AcctDelayTime) ?? 0) * 1000
}

/** 64-bit counters come in two halves (RFC 2869 sections 5.1 and 5.2). */
function octets(low: number | undefined, gigawords: number | undefined): number | null {
  if (low === undefined) return null
  return Math.min(Number.MAX_SAFE_INTEGER, (gigawords ?? 0) * 0x1_0000_0000 + low)
}

/** A NAS without a clock may count its sessions from one again after a restart, but not within the hour. */
const HOUR = 3_600_000

/**
 * A retransmission repeats everything that tells one event from the next, whatever its Identifier. Acct-Delay-Time and
 * with it the authenticator may have changed (RFC 2866 section 4.1), so they stay out. Where the NAS has no clock, the
 * counters tell two interim updates apart, and the hour of arrival two sessions of the same number.
 */
function idempotencyKey(
  packet: PacketView,
  client: string,
  nas: string,
  statusType: string,
  acctSessionId: string | null,
  eventAt: number,
): string {
  const event = packet.get(EventTimestamp)?.getTime() ?? `hour ${Math.floor(eventAt / HOUR)}`
  const progress = [AcctSessionTime, AcctInputOctets, AcctOutputOctets].map(
    (counter) => packet.get(counter) ?? '',
  )
  const classes = packet.getAll(Class).map(toHex)
  return digest(client, nas, statusType, acctSessionId ?? '', ...classes, event, ...progress)
}

function digest(...parts: readonly (string | number)[]): string {
  return hash('sha256', JSON.stringify(parts), 'hex').slice(0, 32)
}

function textOrHex(value: Uint8Array): string {
  const text = toUtf8(value)
  return text !== undefined && /^[\x20-\x7e]*$/.test(text) ? text : `0x${toHex(value)}`
}
