import type { PacketView } from '@sallyport/radius'
import {
  AcctMultiSessionId,
  AcctSessionId,
  CalledStationId,
  CallingStationId,
  FramedIPv6Prefix,
  FramedIpAddress,
  NasIdentifier,
  NasIPv6Address,
  NasIpAddress,
  NasPort,
  NasPortId,
  UserName,
} from '@sallyport/radius/attributes'
import { formatMac, MAC_FORMATS, normaliseStationMac } from '../../../kernel/mac-address.ts'
import { addressKey } from '../../sessions/address-key.ts'
import { stationKeyOf } from '../../sessions/session-keys.ts'

/** What a sender says of the session it means (RFC 5176 section 3). All that is said has to be true of it. */
export interface WantedSession {
  readonly acct_session_id?: string
  readonly acct_multi_session_id?: string
  readonly user_name?: string
  readonly ipv4_key?: string
  readonly ipv6_key?: string
  readonly station_key?: string
  /** In every way it can be written, where it is a MAC address. */
  readonly called_station_id?: readonly string[]
  readonly nas_identifier?: string
  readonly nas_address?: string
  readonly nas_port?: number
  readonly nas_port_id?: string
}

/** Why a request does not say which session it means: Error-Cause of RFC 5176 section 3.5. */
export type SessionFault = 'Missing-Attribute' | 'Unsupported-Attribute' | 'Invalid-Attribute-Value'

/**
 * A fault rather than a guess: what cannot be read or compared would leave more sessions than were meant, and the device
 * alone would mean every session it has.
 */
export function wantedSession(packet: PacketView): WantedSession | SessionFault {
  if (NOT_COMPARED.some((type) => packet.hasType(type))) return 'Unsupported-Attribute'
  const read = COMPARED.map((definition) => packet.get(definition))
  const isUnreadable = COMPARED.some(
    ({ path }, index) => packet.hasType(path[0] ?? 0) && read[index] === undefined,
  )
  if (isUnreadable) return 'Invalid-Attribute-Value'
  const calling = packet.get(CallingStationId)
  const session = withoutAbsent({
    acct_session_id: packet.get(AcctSessionId),
    acct_multi_session_id: packet.get(AcctMultiSessionId),
    user_name: packet.get(UserName),
    ipv4_key: keyOf(packet.get(FramedIpAddress)),
    ipv6_key: keyOf(packet.get(FramedIPv6Prefix)),
    station_key: calling === undefined ? undefined : stationKeyOf(calling),
  })
  if (Object.keys(session).length === 0) return 'Missing-Attribute'
  const called = packet.get(CalledStationId)
  return {
    ...session,
    ...withoutAbsent({
      called_station_id: called === undefined ? undefined : writings(called),
      nas_identifier: packet.get(NasIdentifier),
      nas_address: packet.get(NasIpAddress) ?? packet.get(NasIPv6Address),
      nas_port: packet.get(NasPort),
      nas_port_id: packet.get(NasPortId),
    }),
  }
}

/** What is compared with the session directory. */
const COMPARED = [
  UserName,
  AcctSessionId,
  AcctMultiSessionId,
  CallingStationId,
  CalledStationId,
  FramedIpAddress,
  FramedIPv6Prefix,
  NasIdentifier,
  NasIpAddress,
  NasIPv6Address,
  NasPort,
  NasPortId,
] as const

/**
 * Session identification of RFC 5176 section 3 and later documents that the directory does not keep, or not to be looked
 * up: Chargeable-User-Identity, Framed-Interface-Id, Delegated-IPv6-Prefix, Framed-IPv6-Address.
 */
const NOT_COMPARED = [89, 96, 123, 168]

/** An address that is none is the address of no session. */
function keyOf(address: string | undefined): string | undefined {
  return address === undefined ? undefined : (addressKey(address) ?? 'none')
}

/** The sender may write a MAC address in another way than the device does. */
function writings(station: string): readonly string[] {
  const mac = normaliseStationMac(station)
  if (mac === undefined || mac.length !== station.replace(/[^0-9a-f]/gi, '').length) return [station]
  return MAC_FORMATS.flatMap((format) => {
    const text = formatMac(mac, format)
    return [text, text.toUpperCase()]
  })
}

function withoutAbsent<Fields extends object>(fields: Fields) {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined)
  // The same fields, without those that are undefined.
  return Object.fromEntries(present) as { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> }
}
