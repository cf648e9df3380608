import { randomFillSync } from 'node:crypto'
import { Writer } from '@sallyport/bytes'
import type { WriteContext } from './attribute-content.ts'
import { hasDigestAuthenticator, hasRandomAuthenticator, isAccessReply, isRequest } from './codes.ts'
import type { Attribute } from './definition.ts'
import { RadiusError } from './error.ts'
import type { HidingKey } from './hiding.ts'
import { MAXIMUM_LENGTH } from './inspect.ts'
import type { PacketView } from './packet-view.ts'
import type { Secret } from './secret.ts'
import { attributeLength, isOctet, writeAttribute } from './write-attribute.ts'

/** Fills the array with unpredictable octets. Passed in by tests. */
export type RandomFill = (octets: Uint8Array) => void

export interface ReplyToEncode {
  readonly code: number
  /** The verified request: its identifier, authenticator and every Proxy-State go into the reply. */
  readonly request: PacketView
  /** The one `verify` said had matched. */
  readonly secret: Secret
  readonly attributes: readonly Attribute[]
  readonly random?: RandomFill
}

export interface RequestToEncode {
  readonly code: number
  readonly id: number
  readonly secret: Secret
  readonly attributes: readonly Attribute[]
  /** 16 octets for Access-Request and Status-Server; random where left out. */
  readonly authenticator?: Uint8Array
  /** Whether it opens with a Message-Authenticator. Default: Access-Request and Status-Server do. */
  readonly messageAuthenticator?: boolean
  readonly random?: RandomFill
}

const PROXY_STATE = 33
const MESSAGE_AUTHENTICATOR = 80
const MESSAGE_AUTHENTICATOR_LENGTH = 18
const HEADER_LENGTH = 20
const ZEROS = new Uint8Array(16)

function systemRandom(octets: Uint8Array): void {
  randomFillSync(octets)
}

/**
 * Encodes and signs a reply. Access-Accept, -Reject and -Challenge always open with a Message-Authenticator, other
 * replies do when their request carried one. Throws RadiusError on anything that cannot be represented; nothing is
 * ever left out silently.
 */
export function encodeReply(reply: ReplyToEncode): Uint8Array<ArrayBuffer> {
  const { code, request, secret } = reply
  refuseMessageAuthenticator(reply.attributes)
  const authenticator = request.authenticator
  const isSigned = isAccessReply(code) || request.messageAuthenticatorAt >= 0
  const attributes = request.hasType(PROXY_STATE)
    ? [...reply.attributes, ...proxyStates(request)]
    : reply.attributes
  // RFC 2868 section 3.5 hides with the authenticator of the request.
  const hiding = hasRandomAuthenticator(request.code) ? { secret, authenticator } : undefined
  const octets = encodePacket({
    code,
    id: request.id,
    authenticator,
    attributes,
    hasMessageAuthenticator: isSigned,
    hiding,
    random: reply.random,
  })
  if (isSigned) signMessage(octets, secret)
  signPacket(octets, secret)
  return octets
}

/** RFC 2865 section 5.33: all of them, unchanged and in order. */
function proxyStates(request: PacketView): Attribute[] {
  return [...request.attributes()].filter(({ type }) => type === PROXY_STATE)
}

/** Encodes and signs a request. The authenticator its reply is checked with stands in octets 4 to 19. */
export function encodeRequest(request: RequestToEncode): Uint8Array<ArrayBuffer> {
  const { code, secret } = request
  refuseMessageAuthenticator(request.attributes)
  if (!isRequest(code)) {
    throw new RadiusError('value-not-representable', `code ${code} is not a request`, { code })
  }
  const isRandom = hasRandomAuthenticator(code)
  const authenticator = isRandom ? (request.authenticator ?? freshAuthenticator(request.random)) : ZEROS
  if (authenticator.length !== 16) {
    throw new RadiusError('value-not-representable', 'an authenticator has 16 octets')
  }
  const isSigned = request.messageAuthenticator ?? isRandom
  const octets = encodePacket({
    code,
    id: request.id,
    authenticator,
    attributes: request.attributes,
    hasMessageAuthenticator: isSigned,
    hiding: isRandom ? { secret, authenticator } : undefined,
    random: request.random,
  })
  if (isSigned) signMessage(octets, secret)
  if (hasDigestAuthenticator(code)) signPacket(octets, secret)
  return octets
}

function freshAuthenticator(random: RandomFill = systemRandom): Uint8Array {
  const authenticator = new Uint8Array(16)
  random(authenticator)
  return authenticator
}

export interface PacketToEncode {
  readonly code: number
  readonly id: number
  readonly authenticator: Uint8Array
  readonly attributes: readonly Attribute[]
  readonly hasMessageAuthenticator: boolean
  readonly hiding: HidingKey | undefined
  readonly random: RandomFill | undefined
}

/** The octets of a packet before it is signed: measure, allocate once, fill. */
export function encodePacket(packet: PacketToEncode): Uint8Array<ArrayBuffer> {
  if (!isOctet(packet.code) || !isOctet(packet.id)) {
    throw new RadiusError(
      'value-not-representable',
      `code ${packet.code} and identifier ${packet.id} must be octets`,
    )
  }
  let length = HEADER_LENGTH + (packet.hasMessageAuthenticator ? MESSAGE_AUTHENTICATOR_LENGTH : 0)
  for (const attribute of packet.attributes) length += attributeLength(attribute)
  if (length > MAXIMUM_LENGTH) {
    throw new RadiusError('packet-too-long', `${length} octets; RFC 2865 allows ${MAXIMUM_LENGTH}`, {
      length,
    })
  }
  const writer = new Writer(length)
  writer.u8(packet.code).u8(packet.id).u16(length).bytes(packet.authenticator)
  if (packet.hasMessageAuthenticator) {
    writer.u8(MESSAGE_AUTHENTICATOR).u8(MESSAGE_AUTHENTICATOR_LENGTH).bytes(ZEROS)
  }
  const context = new Salts(packet.hiding, packet.random)
  for (const attribute of packet.attributes) writeAttribute(writer, attribute, context)
  return writer.finish()
}

function refuseMessageAuthenticator(attributes: readonly Attribute[]): void {
  for (const attribute of attributes) {
    const type = 'definition' in attribute ? attribute.definition.path[0] : attribute.type
    if (type === MESSAGE_AUTHENTICATOR) {
      throw new RadiusError('attribute-not-allowed', 'Message-Authenticator is placed by the encoder')
    }
  }
}

/** RFC 2868 section 3.5: the top bit of a salt is set, and no two in a packet are the same. */
class Salts implements WriteContext {
  readonly hiding: HidingKey | undefined
  readonly #random: RandomFill
  #next = -1

  constructor(hiding: HidingKey | undefined, random: RandomFill = systemRandom) {
    this.hiding = hiding
    this.#random = random
  }

  nextSalt(): Uint8Array {
    const salt = new Uint8Array(2)
    if (this.#next < 0) {
      this.#random(salt)
      this.#next = ((salt[0] as number) << 8) | (salt[1] as number)
    } else this.#next++
    salt[0] = 0x80 | (this.#next >>> 8)
    salt[1] = this.#next
    return salt
  }
}

/** Message-Authenticator over the packet with the authenticator that stands in it now (RFC 3579 section 3.2). */
function signMessage(octets: Uint8Array, secret: Secret): void {
  secret.hmacStart().update(octets)
  secret.hmacFinish(octets, HEADER_LENGTH + 2)
}

/** Response Authenticator, or the digest of a request, over what stands in the authenticator field now. */
function signPacket(octets: Uint8Array, secret: Secret): void {
  secret.md5Start().update(octets).update(secret.octets).finish(octets, 4)
}
