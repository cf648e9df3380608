import type { HidingKey, PacketView } from '@sallyport/radius'
import { EapMessage, State } from '@sallyport/radius/attributes'
import { type CarriedAttribute, carriedAttributes } from './carried-attributes.ts'
import type { RealmProxy } from './realm-proxy.ts'
import { type Places, placeOf, placesOf, rewrite } from './rewriting.ts'

export type Returned =
  | {
      readonly ok: true
      readonly attributes: readonly CarriedAttribute[]
      readonly state: Uint8Array | undefined
    }
  | { readonly ok: false; readonly detail: string }

/** Each neighbour has its own (RFC 2865 section 5.33, RFC 3579 section 3.2). */
const OF_THE_TRANSPORT = placesOf(['State', 'Proxy-State', 'Message-Authenticator'])

/** What a challenge or a reject may say: it asks, explains or closes, and grants nothing. */
const OF_A_REFUSAL = placesOf([
  'EAP-Message',
  'Reply-Message',
  'Prompt',
  'Session-Timeout',
  'MS-CHAP-Error',
  'Error-Cause',
])

export function returnedAccept(packet: PacketView, key: HidingKey, proxy: RealmProxy): Returned {
  const returned = take(packet, key, proxy.allowed)
  return returned.ok ? { ...returned, attributes: rewrite(returned.attributes, proxy.reply) } : returned
}

export function returnedRefusal(packet: PacketView, key: HidingKey): Returned {
  return take(packet, key, OF_A_REFUSAL)
}

function take(packet: PacketView, key: HidingKey, allowed: Places | undefined): Returned {
  const carried = carriedAttributes(packet, key)
  if (!carried.ok)
    return { ok: false, detail: `${carried.unreadable} cannot be opened with the shared secret` }
  const attributes = carried.attributes.filter((each) => {
    const place = placeOf(each)
    return !OF_THE_TRANSPORT.has(place) && (allowed === undefined || allowed.has(place))
  })
  return { ok: true, attributes, state: packet.get(State)?.slice() }
}

const EAP_REQUEST = 1
const EAP_SUCCESS = 3
const EAP_FAILURE = 4

/**
 * Whether code and EAP packet say the same (RFC 3579 section 2.6.3): who sends Access-Accept with EAP-Failure inside, or
 * says yes to EAP without EAP-Success, leaves it to the device which of the two it believes.
 */
export function contradiction(
  kind: 'accept' | 'reject' | 'challenge',
  packet: PacketView,
  isEap: boolean,
): string | undefined {
  const eap = packet.get(EapMessage)
  if (!isEap) return eap === undefined ? undefined : 'EAP in the answer to a login without EAP'
  const code = eap?.[0]
  if (kind === 'reject')
    return code === undefined || code === EAP_FAILURE ? undefined : 'a reject without EAP-Failure'
  const wanted = kind === 'accept' ? EAP_SUCCESS : EAP_REQUEST
  if (code === wanted) return undefined
  return kind === 'accept' ? 'an accept without EAP-Success' : 'a challenge without an EAP request'
}
