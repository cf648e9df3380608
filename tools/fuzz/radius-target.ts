import { attribute, builtInDictionary, PacketCode } from '@sallyport/radius'
import { ChapChallenge, UserName } from '@sallyport/radius/attributes'
import { allVectors } from '../../packages/radius/test/vectors.ts'
import { Door, NAS } from '../../server/test/door.ts'
import { proofOctets } from '../../server/test/proof-octets.ts'
import {
  accounting,
  login,
  PROOFS,
  proof,
  readReply,
  request,
  sign,
  walk,
} from '../../server/test/requests.ts'
import { mutate } from './mutate.ts'
import type { Random } from './random.ts'
import { Finding, type FuzzTarget, type OpenTarget } from './target.ts'

/** Reads every kind of fact, so that nothing of a packet goes unread; lets in who proved to be somebody. */
const RULES = [
  {
    name: 'odd',
    when: 'request.attributes["Filter-Id"][0] == "odd" || request.nasPortType == "odd"',
    effect: 'reject',
  },
  { name: 'everybody', when: 'true', effect: 'accept' },
] as const

/** Mutated packets, signed with the right secret after the mutation, through the whole network door. */
export const radiusTarget: FuzzTarget = {
  name: 'radius',
  share: 1,
  open: async () => {
    const door = await Door.open({ rules: RULES, lockoutThreshold: 0, conversations: 2000 })
    await door.users.add('alice')
    return new RadiusFuzz(door)
  },
}

const EAP_RESPONSES = [
  Uint8Array.of(2, 1, 0, 10, 1, ...Buffer.from('alice')),
  Uint8Array.of(2, 2, 0, 6, 3, 4),
  Uint8Array.of(2, 3, 0, 22, 4, 16, ...new Uint8Array(16)),
  new Uint8Array(0),
]

class RadiusFuzz implements OpenTarget {
  readonly #door: Door
  readonly #seeds: readonly Uint8Array[]
  /** What the seeds prove that may be accepted. */
  readonly #proofs: ReadonlySet<string>
  #count = 0

  constructor(door: Door) {
    this.#door = door
    const logins = PROOFS.map((method) => login(method))
    const alice = attribute(UserName, 'alice')
    const chapByAuthenticator = request([
      alice,
      ...proof('chap').slice(0, 1),
      attribute(ChapChallenge, new Uint8Array(16)),
    ])
    this.#seeds = [
      ...logins,
      chapByAuthenticator,
      accounting(),
      accounting({ messageAuthenticator: true }),
      request([], { code: PacketCode.StatusServer }),
      ...EAP_RESPONSES.map((octets) => request([alice, { type: 79, octets }])),
      ...allVectors().map(({ datagram }) => datagram),
    ]
    this.#proofs = new Set(logins.map(proofOctets))
  }

  async attempt(random: Random, tell: (input: Uint8Array) => void): Promise<string> {
    const door = this.#door
    const datagram = sign(this.#make(random))
    tell(datagram)
    this.#settleIn()
    const kind = datagram[0] === PacketCode.AccountingRequest ? 'accounting' : 'authentication'
    // A port for each case, or one would be taken for a duplicate of another.
    const from = { ...NAS, port: 1024 + (this.#count % 60_000) }
    const reply = await door.send(datagram, from, kind)
    this.#assertUnbroken()
    return reply === undefined ? 'silence' : this.#judge(reply, datagram)
  }

  async close(): Promise<void> {
    const door = this.#door
    door.clock.advance(60_000)
    const probe = login('pap', { number: 4711 })
    const reply = await door.send(probe)
    door.close()
    if (reply?.[0] !== PacketCode.AccessAccept) throw new Finding('the door no longer lets alice in')
  }

  #make(random: Random): Uint8Array {
    let packet = random.pick(this.#seeds)
    if (random.oneIn(3)) packet = withAttributes(packet, random)
    // Most damage lies inside attributes that are still framed; behind a broken frame nobody looks any further.
    if (!random.oneIn(3)) packet = withDamagedAttributes(packet, random)
    else if (!random.oneIn(4)) packet = mutate(packet, random, this.#seeds)
    if (packet.length >= 20 && !random.oneIn(20)) packet = withLength(packet)
    if (!random.oneIn(20)) packet = withMessageAuthenticator(packet)
    return packet
  }

  #judge(reply: Uint8Array, datagram: Uint8Array): string {
    const { code } = readReply(reply, datagram)
    if (code !== PacketCode.AccessAccept) return `code ${code}`
    if (datagram[0] === PacketCode.StatusServer) return 'status'
    if (!this.#proofs.has(proofOctets(datagram))) throw new Finding('an accept without a right proof')
    return 'accept'
  }

  /** Whatever was caught on the way and logged is a fault of ours all the same. */
  #assertUnbroken(): void {
    const { broken, logged } = this.#door
    const error = broken[0] ?? logged.find(({ err }) => err !== undefined)?.err
    if (error !== undefined) throw new Finding(`caught inside: ${JSON.stringify(error)}`)
  }

  #settleIn(): void {
    const door = this.#door
    door.forget()
    this.#count++
    door.clock.advance(1)
    if (this.#count % 500 === 0) door.eap.expire(door.clock.monotonic())
  }
}

const DEFINITIONS = [...builtInDictionary.definitions]

/** Some attributes more, of numbers that mean something, with values that hardly do. */
function withAttributes(packet: Uint8Array, random: Random): Uint8Array {
  const parts = [packet]
  for (let left = random.between(1, 4); left > 0; left--) {
    const { path } = random.pick(DEFINITIONS)
    const value = random.octets(random.pick([0, 1, 2, 4, 6, 8, 16, 17, 32, 50]))
    parts.push(nested(path, value))
  }
  return Buffer.concat(parts)
}

/** Values altered, attributes repeated, left out and put elsewhere; each keeps a length that is its own. */
function withDamagedAttributes(packet: Uint8Array, random: Random): Uint8Array {
  if (packet.length < 20) return packet
  const attributes = [...walk(packet)].map(({ type, value }) => tlv(type, value))
  for (let left = random.between(1, 4); left > 0 && attributes.length > 0; left--) {
    const at = random.below(attributes.length)
    const one = attributes[at] ?? new Uint8Array(2)
    switch (random.below(6)) {
      case 0:
        attributes.splice(random.below(attributes.length + 1), 0, one)
        break
      case 1:
        attributes.splice(at, 1)
        break
      case 2:
        attributes.splice(random.below(attributes.length), 0, ...attributes.splice(at, 1))
        break
      case 3:
        attributes[at] = tlv(random.below(256), one.subarray(2))
        break
      default:
        attributes[at] = tlv(one[0] ?? 0, mutate(one.subarray(2), random))
    }
  }
  return Buffer.concat([packet.subarray(0, 20), ...attributes])
}

/** `[26, 9, 1]` becomes a Vendor-Specific of vendor 9 (RFC 2865 section 5.26); other numbers descend as TLVs. */
function nested(path: readonly number[], value: Uint8Array): Uint8Array {
  const [type = 0, ...rest] = path
  if (type !== 26) {
    const inside = rest.length === 0 ? value : nested(rest, value)
    return tlv(type, inside)
  }
  const [vendor = 0, ...types] = rest
  const inside = types.length === 0 ? value : nested(types, value)
  const head = Buffer.alloc(4)
  head.writeUInt32BE(vendor)
  return tlv(26, Buffer.concat([head, inside]))
}

function tlv(type: number, value: Uint8Array): Uint8Array {
  const fitting = value.subarray(0, 253)
  return Uint8Array.of(type & 255, fitting.length + 2, ...fitting)
}

function withLength(packet: Uint8Array): Uint8Array {
  const octets = Uint8Array.from(packet)
  octets.set([octets.length >> 8, octets.length & 255], 2)
  return octets
}

/** Appended where there is none: a place for the signature. */
function withMessageAuthenticator(packet: Uint8Array): Uint8Array {
  if (packet.length < 20 || [...walk(packet)].some(({ type }) => type === 80)) return packet
  return withLength(Buffer.concat([packet, tlv(80, new Uint8Array(16))]))
}
