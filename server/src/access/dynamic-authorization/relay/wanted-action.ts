import { type Attribute, PacketCode, type PacketView } from '@sallyport/radius'
import {
  ArubaPortBounceHost,
  CiscoAVPair,
  HpPortBounceHost,
  ServiceType,
  ServiceTypeValue,
} from '@sallyport/radius/attributes'
import type { DynamicAction } from '../action.ts'

export interface WantedAction {
  readonly action: DynamicAction
  /** Of a change: what the session gets. */
  readonly attributes?: readonly Attribute[]
}

/**
 * Attributes that name session and device, or belong to this hop alone; the device gets its own (RFC 5176 section 3.6).
 * User-Name, NAS-IP-Address, NAS-Port, Framed-IP-Address, State, Called-Station-Id, Calling-Station-Id, NAS-Identifier,
 * Proxy-State, Acct-Session-Id, Acct-Multi-Session-Id, Event-Timestamp, Message-Authenticator, NAS-Port-Id,
 * NAS-IPv6-Address, Framed-IPv6-Prefix, Error-Cause.
 */
const OF_THIS_HOP: ReadonlySet<number> = new Set([
  1, 4, 5, 8, 24, 30, 31, 32, 33, 44, 50, 55, 80, 87, 95, 97, 101,
])

const CISCO_COMMANDS: ReadonlyMap<string, DynamicAction> = new Map([
  ['subscriber:command=reauthenticate', 'reauthenticate'],
  ['subscriber:command=bounce-host-port', 'bounce-port'],
])

/**
 * What a sender wants, in terms every device's vendor has words for: the words of one vendor's NAC become those of
 * another vendor's switch. What is none of them is a change, whose attributes go on as they are.
 */
export function wantedAction(packet: PacketView): WantedAction {
  if (packet.code === PacketCode.DisconnectRequest) return { action: 'disconnect' }
  for (const pair of packet.getAll(CiscoAVPair)) {
    const action = CISCO_COMMANDS.get(pair)
    if (action !== undefined) return { action }
  }
  if (packet.get(HpPortBounceHost) !== undefined || packet.get(ArubaPortBounceHost) !== undefined) {
    return { action: 'bounce-port' }
  }
  // RFC 5176 section 3.2.
  if (packet.get(ServiceType) === ServiceTypeValue['Authorize-Only']) return { action: 'reauthenticate' }
  const attributes = [...packet.attributes()]
    .filter(({ type }) => !OF_THIS_HOP.has(type))
    .map(({ type, octets }) => ({ type, octets: octets.slice() }))
  return { action: 'change', attributes }
}
