import { attribute, type PacketView, type Secret } from '@sallyport/radius'
import {
  ChapChallenge,
  ChapPassword,
  EapMessage,
  MessageAuthenticator,
  NasIdentifier,
  NasIPv6Address,
  NasIpAddress,
  ProxyState,
  State,
  UserName,
} from '@sallyport/radius/attributes'
import { type CarriedAttribute, carriedAttributes } from './carried-attributes.ts'
import type { LoopMark } from './loop-mark.ts'
import type { RealmProxy } from './realm-proxy.ts'
import { rewrite } from './rewriting.ts'

export interface Passage {
  readonly packet: PacketView
  /** Of the RADIUS client. */
  readonly secret: Secret
  readonly sourceAddress: string
  readonly proxy: RealmProxy
  /** The name without its realm. */
  readonly user: string
  readonly mark: LoopMark
  /** The State the upstream gave out; undefined in the first request. */
  readonly state: Uint8Array | undefined
}

export type Forwarded =
  | { readonly ok: true; readonly attributes: readonly CarriedAttribute[] }
  | { readonly ok: false; readonly detail: string }

/** What the upstream gets: as it came, but State and Message-Authenticator, which each neighbour has of its own. */
export function forwardedRequest(passage: Passage): Forwarded {
  const { packet, secret, proxy, mark, state } = passage
  const carried = carriedAttributes(packet, packet.hidingKey(secret))
  if (!carried.ok)
    return { ok: false, detail: `${carried.unreadable} cannot be opened with the shared secret` }
  const own = carried.attributes.filter(
    ({ path: [type] }) => type !== STATE && type !== MESSAGE_AUTHENTICATOR,
  )
  const named = proxy.stripRealm && !packet.hasType(EAP_MESSAGE) ? withName(own, passage.user) : own
  const whole = [...named, ...missing(passage)]
  const last = state === undefined ? [] : [carriedOf(attribute(State, state))]
  return {
    ok: true,
    attributes: [...rewrite(whole, proxy.request), ...last, carriedOf(attribute(ProxyState, mark.value))],
  }
}

const STATE = State.path[0]
const MESSAGE_AUTHENTICATOR = MessageAuthenticator.path[0]
const USER_NAME = UserName.path[0]
const EAP_MESSAGE = EapMessage.path[0] as number

function withName(attributes: readonly CarriedAttribute[], user: string): CarriedAttribute[] {
  return attributes.map((carried) =>
    carried.path[0] === USER_NAME ? carriedOf(attribute(UserName, user)) : carried,
  )
}

/** What a packet of ours must have and the one that came had no need of. */
function missing({ packet, sourceAddress }: Passage): CarriedAttribute[] {
  const added: CarriedAttribute[] = []
  // RFC 2865 section 5.3: without it the challenge is the authenticator, and ours is another one.
  if (packet.get(ChapPassword) !== undefined && packet.get(ChapChallenge) === undefined)
    added.push(carriedOf(attribute(ChapChallenge, packet.authenticator)))
  // RFC 2865 section 4.1: the upstream sees our address, so it could not tell one NAS from another.
  if ([NasIpAddress, NasIPv6Address, NasIdentifier].every(({ path }) => !packet.hasType(path[0] as number)))
    added.push(
      carriedOf(
        sourceAddress.includes(':')
          ? attribute(NasIPv6Address, sourceAddress)
          : attribute(NasIpAddress, sourceAddress),
      ),
    )
  return added
}

function carriedOf(typed: CarriedAttribute['attribute'] & { definition: { path: readonly number[] } }) {
  return { path: typed.definition.path, attribute: typed }
}
