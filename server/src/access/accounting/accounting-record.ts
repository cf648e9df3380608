import { hash } from 'node:crypto'
import { toHex, toUtf8 } from '@sallyport/bytes'
import { formatValue, type PacketView } from '@sallyport/radius'
import {
  AcctDelayTime,
  AcctInputGigawords,
  AcctInputOctets,
  AcctInputPackets,
  AcctInterimInterval,
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
  DelegatedIPv6Prefix,
  EventTimestamp,
  FramedIPv6Address,
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
import { storable } from '../../kernel/storable.ts'
import { decisionIdOf } from '../decision-class.ts'
import { readableAttributes } from '../readable-attributes.ts'

/** What another server is to be given of it. */
export interface Forwarding {
  readonly group: string
  /** As they follow the header of a packet. */
  readonly attributes: Uint8Array
}

/** One Accounting-Request as it is stored: plain data that crosses to the store thread. Times in milliseconds. */
export interface AccountingRecord {
  /** What a retransmission repeats, whatever its Identifier; the time of the event is the other half. */
  readonly eventKey: string
  /** Event-Timestamp, else arrival, minus Acct-Delay-Time; in seconds. */
  readonly eventSeconds: number
  /** The NAS said when it happened: its retransmissions name the same second, whenever they arrive. */
  readonly isTimed: boolean
  readonly delaySeconds: number
  /** Client, NAS and Acct-Session-Id: a session, or several one after the other. Absent for Accounting-On and -Off. */
  readonly sessionKey: string | null
  /** Client and NAS. */
  readonly nasKey: string
  readonly client: string
  readonly nas: string
  readonly statusType: string
  readonly forwarding?: Forwarding
  readonly acctSessionId: string | null
  readonly acctMultiSessionId: string | null
  readonly class: string | null
  readonly decisionId: string | null
  readonly userName: string | null
  readonly framedIpAddress: string | null
  readonly framedIpv6Prefix: string | null
  readonly framedIpv6Address: string | null
  readonly delegatedIpv6Prefix: string | null
  readonly callingStationId: string | null
  readonly calledStationId: string | null
  readonly nasAddress: string | null
  readonly nasIdentifier: string | null
  readonly nasPort: number | null
  readonly nasPortId: string | null
  readonly nasPortType: string | null
  /** With the upper half where the NAS sent one, else modulo 2^32. */
  readonly inputOctets: number | null
  readonly outputOctets: number | null
  /** Which octet counters came with their upper half (RFC 2869 sections 5.1 and 5.2): bit 1 input, bit 2 output. */
  readonly gigawords: number
  readonly inputPackets: number | null
  readonly outputPackets: number | null
  readonly sessionSeconds: number | null
  /** Acct-Interim-Interval where the NAS repeats it. */
  readonly interimSeconds: number | null
  readonly terminateCause: string | null
  /** When it happened: Event-Timestamp, else arrival minus Acct-Delay-Time. */
  readonly eventAt: number
  readonly receivedAt: number
  /** JSON: every attribute by name, list of texts. */
  readonly attributes: string
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
  const acctSessionId = textOf(packet, AcctSessionId) ?? null
  if (acctSessionId === null && !NAS_WIDE.has(statusType)) return { ok: false, fault: 'no-session-id' }
  const { client, sourceAddress, receivedAt } = origin
  const nasAddress = packet.get(NasIpAddress) ?? packet.get(NasIPv6Address) ?? null
  const nasIdentifier = textOf(packet, NasIdentifier) ?? null
  const nas = nasIdentifier ?? nasAddress ?? sourceAddress
  // RFC 2866 section 5.13 puts an Acct-Session-Id into Accounting-On and -Off too: it numbers the boot, not a session.
  const isSession = acctSessionId !== null && !NAS_WIDE.has(statusType)
  const classes = packet.getAll(Class)
  const { eventSeconds, isTimed, delaySeconds, eventAt } = timeOf(packet, receivedAt)
  const terminateCause = packet.get(AcctTerminateCause)
  const portType = packet.get(NasPortType)
  const inputGigawords = packet.get(AcctInputGigawords)
  const outputGigawords = packet.get(AcctOutputGigawords)
  return {
    ok: true,
    record: {
      eventKey: eventKey(packet, client, nas, statusType, acctSessionId, classes),
      // Named one by one: an object made by spreading costs several times as much, and this is made for every request.
      eventSeconds,
      isTimed,
      delaySeconds,
      eventAt,
      sessionKey: isSession ? sessionKey(client, nas, acctSessionId) : null,
      nasKey: JSON.stringify([client, nas]),
      client,
      nas,
      statusType,
      acctSessionId,
      acctMultiSessionId: textOf(packet, AcctMultiSessionId) ?? null,
      class: classes.length === 0 ? null : classes.map(textOrHex).join(' '),
      decisionId: storable(decisionIdOf(classes) ?? '') || null,
      userName: textOf(packet, UserName) ?? null,
      framedIpAddress: packet.get(FramedIpAddress) ?? null,
      framedIpv6Prefix: packet.get(FramedIPv6Prefix) ?? null,
      framedIpv6Address: packet.get(FramedIPv6Address) ?? null,
      delegatedIpv6Prefix: packet.get(DelegatedIPv6Prefix) ?? null,
      callingStationId: textOf(packet, CallingStationId) ?? null,
      calledStationId: textOf(packet, CalledStationId) ?? null,
      nasAddress,
      nasIdentifier,
      nasPort: packet.get(NasPort) ?? null,
      nasPortId: textOf(packet, NasPortId) ?? null,
      nasPortType: portType === undefined ? null : formatValue(NasPortType, portType),
      inputOctets: octets(packet.get(AcctInputOctets), inputGigawords),
      outputOctets: octets(packet.get(AcctOutputOctets), outputGigawords),
      gigawords:
        (inputGigawords === undefined ? 0 : INPUT_GIGAWORDS) |
        (outputGigawords === undefined ? 0 : OUTPUT_GIGAWORDS),
      inputPackets: packet.get(AcctInputPackets) ?? null,
      outputPackets: packet.get(AcctOutputPackets) ?? null,
      sessionSeconds: packet.get(AcctSessionTime) ?? null,
      interimSeconds: packet.get(AcctInterimInterval) ?? null,
      terminateCause: terminateCause === undefined ? null : formatValue(AcctTerminateCause, terminateCause),
      receivedAt,
      attributes: JSON.stringify(readableAttributes(packet)),
    },
  }
}

export const INPUT_GIGAWORDS = 1
export const OUTPUT_GIGAWORDS = 2

const DAY = 86_400_000
/** Records that a proxy kept through an outage are older than they look to us; nothing is newer than now. */
const [OLDEST_BELIEVED, NEWEST_BELIEVED] = [30 * DAY, DAY]

/**
 * The time that tells events apart is (Event-Timestamp, else arrival) minus Acct-Delay-Time; the time an event happened
 * is Event-Timestamp (RFC 2869 section 5.3), else arrival minus Acct-Delay-Time (RFC 2866 section 5.2). A NAS that has
 * just started may believe it is 1970: then the arrival counts.
 */
function timeOf(packet: PacketView, receivedAt: number) {
  const delaySeconds = packet.get(AcctDelayTime) ?? 0
  const arrival = receivedAt - delaySeconds * 1000
  const stamp = packet.get(EventTimestamp)?.getTime()
  const eventSeconds = Math.floor((stamp ?? receivedAt) / 1000) - delaySeconds
  const isBelieved =
    stamp !== undefined && stamp > arrival - OLDEST_BELIEVED && stamp < arrival + NEWEST_BELIEVED
  return { eventSeconds, isTimed: stamp !== undefined, delaySeconds, eventAt: isBelieved ? stamp : arrival }
}

/** 64-bit counters come in two halves (RFC 2869 sections 5.1 and 5.2). */
function octets(low: number | undefined, gigawords: number | undefined): number | null {
  if (low === undefined) return null
  return Math.min(Number.MAX_SAFE_INTEGER, (gigawords ?? 0) * 0x1_0000_0000 + low)
}

/**
 * A retransmission repeats client, session, Class, status type and counters. Its Identifier, its Acct-Delay-Time and with
 * it the authenticator may have changed (RFC 2866 section 4.1), so they stay out.
 */
function eventKey(
  packet: PacketView,
  client: string,
  nas: string,
  statusType: string,
  acctSessionId: string | null,
  classes: readonly Uint8Array[],
): string {
  return digest(
    ...[client, nas, statusType, acctSessionId ?? '', ...classes.map(toHex)],
    ...PROGRESS.map((counter) => packet.get(counter) ?? ''),
  )
}

const NOT_HEX = /[^0-9a-f]+/g
const NOTED_DIGITS = 16

/**
 * The digest tells sessions apart. A NAS counts its sessions, or names them by the time: with the last digits of
 * Acct-Session-Id before the digest, sessions of one hour lie together in every index, and few pages are written for many.
 */
function sessionKey(client: string, nas: string, acctSessionId: string): string {
  const digits = acctSessionId.toLowerCase().replace(NOT_HEX, '').slice(-NOTED_DIGITS)
  return `${digits || '0'}-${digest(client, nas, acctSessionId)}`
}

const PROGRESS = [AcctSessionTime, AcctInputOctets, AcctOutputOctets, AcctInputPackets, AcctOutputPackets]

function digest(...parts: readonly (string | number)[]): string {
  return hash('sha256', JSON.stringify(parts), 'hex').slice(0, 32)
}

function textOf(packet: PacketView, definition: typeof UserName): string | undefined {
  const text = packet.get(definition)
  return text === undefined ? undefined : storable(text)
}

function textOrHex(value: Uint8Array): string {
  const text = toUtf8(value)
  return text !== undefined && /^[\x20-\x7e]*$/.test(text) ? text : `0x${toHex(value)}`
}
