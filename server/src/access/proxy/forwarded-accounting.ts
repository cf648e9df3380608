import {
  type Attribute,
  attribute,
  encodeRequest,
  inspect,
  PacketCode,
  type PacketView,
  RadiusError,
  type RawAttribute,
  Secret,
} from '@sallyport/radius'
import { AcctDelayTime, AcctSessionId, Class, UserName } from '@sallyport/radius/attributes'
import type { AccessRequest } from '../access-request.ts'
import type { Forwarding } from '../accounting/accounting-record.ts'
import { decisionIdOf } from '../decision-class.ts'
import type { Served } from '../served.ts'
import { forwardedRequest } from './forwarded-request.ts'
import type { LoopMark } from './loop-mark.ts'

/** What an upstream is to be given of an Accounting-Request; undefined: nothing. */
export type ForwardAccounting = (request: AccessRequest) => Forwarding | undefined

/**
 * Accounting follows its user: to the group that answers the realm of User-Name. What goes round in circles stays here, and
 * Accounting-On and -Off, which are about a device and no user, do too.
 */
export function forwardAccounting(served: () => Served, mark: LoopMark): ForwardAccounting {
  return ({ packet, secret, source }) => {
    const { proxies, realms } = served()
    if (proxies.size === 0) return undefined
    const userName = packet.get(UserName)
    if (userName === undefined || packet.get(AcctSessionId) === undefined) return undefined
    const choice = realms.choose(userName)
    const proxy = choice.kind === 'realm' ? proxies.get(choice.realm.name) : undefined
    if (choice.kind !== 'realm' || proxy?.accounting !== true || mark.complaint(packet) !== undefined)
      return undefined
    const forwarded = forwardedRequest({
      packet,
      secret,
      sourceAddress: source.address,
      proxy,
      user: choice.user,
      mark,
      state: undefined,
    })
    if (!forwarded.ok) return undefined
    const attributes = withoutOurClass(forwarded.attributes.map((each) => each.attribute))
    try {
      return { group: proxy.group, attributes: octetsOf(attributes) }
    } catch (error) {
      // An attribute that no accounting packet may carry: the record is kept here.
      if (error instanceof RadiusError) return undefined
      throw error
    }
  }
}

const CLASS = Class.path[0]
const ANY_SECRET = new Secret('the authenticator is cut off')
const HEADER = 20

/** The first Class that names a decision is ours (`accept-attributes.ts`); an upstream would take it for its own. */
function withoutOurClass(attributes: readonly Attribute[]): Attribute[] {
  const ours = attributes.findIndex(
    (each) => 'type' in each && each.type === CLASS && decisionIdOf([each.octets]) !== undefined,
  )
  return attributes.filter((_, index) => index !== ours)
}

function octetsOf(attributes: readonly Attribute[]): Uint8Array {
  const code = PacketCode.AccountingRequest
  return encodeRequest({ code, id: 0, secret: ANY_SECRET, attributes }).slice(HEADER)
}

/** The stored attributes with the time they waited added to Acct-Delay-Time (RFC 2866 section 5.2). */
export function delayedAttributes(stored: Uint8Array, waitedMilliseconds: number): Attribute[] {
  const packet = packetOf(stored)
  if (packet === undefined) return []
  const delay = (packet.get(AcctDelayTime) ?? 0) + Math.max(0, Math.floor(waitedMilliseconds / 1000))
  const type = AcctDelayTime.path[0]
  const others: RawAttribute[] = [...packet.attributes()].filter((each) => each.type !== type)
  return delay === 0 && others.length === [...packet.attributes()].length
    ? others
    : [...others, attribute(AcctDelayTime, Math.min(delay, 0xffff_ffff))]
}

function packetOf(stored: Uint8Array): PacketView | undefined {
  const octets = Buffer.alloc(HEADER + stored.length)
  octets.writeUInt8(PacketCode.AccountingRequest, 0)
  octets.writeUInt16BE(octets.length, 2)
  octets.set(stored, HEADER)
  const inspected = inspect(octets)
  return inspected.ok ? inspected.packet : undefined
}
