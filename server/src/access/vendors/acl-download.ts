import { createHmac } from 'node:crypto'
import { fromUtf8, timingSafeEqual } from '@sallyport/bytes'
import { type Attribute, attribute, encodeReply, PacketCode, type PacketView } from '@sallyport/radius'
import { CiscoAVPair, State, UserName } from '@sallyport/radius/attributes'
import { type Reason, reason } from '../../reasons/index.ts'
import type { AccessRequest } from '../access-request.ts'
import { AclCatalogue } from './acl-catalogue.ts'
import { pair } from './cisco-pairs.ts'
import { DOWNLOAD_PREFIX } from './downloadable-acl.ts'

const EVENT = 'aaa:event=acl-download'
/** Octets of entries in one answer: a packet has 4096, and header, signature, User-Name and State need some of them. */
const ROOM = 3600
const PROXY_STATE = 33
/** Header of a Vendor-Specific and of the pair in it (RFC 2865 section 5.26). */
const PAIR_OVERHEAD = 8

/** A list is asked for, not a login: its name as User-Name, no password, and Cisco's pairs that say so. */
export function isAclDownload(packet: PacketView): boolean {
  if (packet.get(UserName)?.startsWith(DOWNLOAD_PREFIX) !== true) return false
  return packet.getAll(CiscoAVPair).includes(EVENT)
}

export type AclAnswer =
  | { readonly ok: true; readonly octets: Uint8Array }
  | { readonly ok: false; readonly reason: Reason }

/**
 * A Cisco device fetches the list an accept named. There is no password: what proves the request is its
 * Message-Authenticator, so it is required whatever the client is otherwise allowed. A list that does not fit one answer
 * goes in several: Access-Challenge with State, and Access-Accept at the end. Nothing is kept in between.
 */
export function downloadAcl(request: AccessRequest, catalogue: AclCatalogue): AclAnswer {
  const { packet, secret, client } = request
  const list = packet.get(UserName) ?? ''
  const refuse = (detail: string): AclAnswer => {
    return { ok: false, reason: reason('acl-download-refused', { client: client.name, list, detail }) }
  }
  if (!AclCatalogue.isFor(client.vendor)) return refuse(`its vendor is "${client.vendor}", none of Cisco's`)
  if (packet.messageAuthenticatorAt < 0) return refuse('the request has no Message-Authenticator')
  const entries = catalogue.find(list, client.vendor)
  if (entries === undefined)
    return refuse('the configuration that is served has no list of this name and version')
  const state = packet.get(State)
  const from = state === undefined ? 0 : positionIn(state, request, list, entries.length)
  if (from === undefined) return refuse('its State is none we gave for this list')
  const { attributes, next } = chunk(entries, from, ROOM - proxyStates(packet))
  if (next === from) return refuse('its Proxy-State leaves no room for an entry')
  if (next < entries.length) {
    attributes.push(attribute(State, stateFor(next, request, list)))
    const code = PacketCode.AccessChallenge
    return { ok: true, octets: encodeReply({ code, request: packet, secret, attributes }) }
  }
  const all = [attribute(UserName, list), ...attributes]
  const octets = encodeReply({ code: PacketCode.AccessAccept, request: packet, secret, attributes: all })
  return { ok: true, octets }
}

/** They go back as they are (RFC 2865 section 5.33). */
function proxyStates(packet: PacketView): number {
  let octets = 0
  for (const { type, octets: value } of packet.attributes()) {
    if (type === PROXY_STATE) octets += 2 + value.length
  }
  return octets
}

function chunk(
  entries: readonly string[],
  from: number,
  most: number,
): { attributes: Attribute[]; next: number } {
  const attributes: Attribute[] = []
  let room = most
  let next = from
  for (; next < entries.length; next++) {
    const text = `ip:inacl#${next + 1}=${entries[next]}`
    room -= PAIR_OVERHEAD + Buffer.byteLength(text)
    if (room < 0) break
    attributes.push(pair(text))
  }
  return { attributes, next }
}

/** Two octets of position and a MAC under the client's secret: good for this client, this list and no other place in it. */
function stateFor(position: number, request: AccessRequest, list: string): Uint8Array {
  const head = Uint8Array.of(position >> 8, position & 0xff)
  const mac = createHmac('sha256', request.secret.octets)
    .update(fromUtf8(`acl-download\0${request.client.name}\0${list}\0`))
    .update(head)
    .digest()
  return Uint8Array.from([...head, ...mac.subarray(0, 16)])
}

function positionIn(
  state: Uint8Array,
  request: AccessRequest,
  list: string,
  end: number,
): number | undefined {
  const position = ((state[0] ?? 0) << 8) | (state[1] ?? 0)
  if (position === 0 || position >= end) return undefined
  return timingSafeEqual(state, stateFor(position, request, list)) ? position : undefined
}
