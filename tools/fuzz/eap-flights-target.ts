import { EapType } from '@sallyport/eap'
import { PacketCode } from '@sallyport/radius'
import { Door, NAS } from '../../server/test/door.ts'
import { DOOR_PKI } from '../../server/test/door-pki.ts'
import { EAP_LOGINS, EapClient, eapPeer, eapRequest, type Flight } from '../../server/test/eap-client.ts'
import { proofOctets } from '../../server/test/proof-octets.ts'
import { readReply } from '../../server/test/requests.ts'
import { mutate } from './mutate.ts'
import type { Random } from './random.ts'
import { Finding, type FuzzTarget, type OpenTarget } from './target.ts'

/** Logins of our own peer by every method, in which one flight is altered on the way to the door. */
export const eapFlightsTarget: FuzzTarget = {
  name: 'eap-peer-flights',
  share: 1 / 40,
  open: async () => {
    const door = await Door.open({ lockoutThreshold: 0, conversations: 200 })
    await door.users.add('alice')
    return new EapFlightsFuzz(door)
  },
}

/** No login here takes more; how many one takes depends on its method. */
const MOST_FLIGHTS = 14
const OFTEN_THERE = [2, 3, 5, 8]

class EapFlightsFuzz implements OpenTarget {
  readonly #door: Door
  #count = 0

  constructor(door: Door) {
    this.#door = door
  }

  async attempt(random: Random, tell: (input: Uint8Array) => void): Promise<string> {
    const door = this.#door
    door.forget()
    door.clock.advance(10_000)
    door.eap.expire(door.clock.monotonic())
    this.#count += 50
    const isImpostor = random.oneIn(4)
    const name = random.pick(EAP_LOGINS)
    const peer = eapPeer(name, {
      version: random.pick(['TLSv1.2', 'TLSv1.3'] as const),
      ...(isImpostor ? { password: 'guess', certificate: DOOR_PKI.impostor } : {}),
    })
    const client = new EapClient(door, peer, { number: this.#count })
    const heard: Uint8Array[] = []
    try {
      const target = random.below(random.pick(OFTEN_THERE))
      for (let at = 0; at < MOST_FLIGHTS; at++) {
        const flight = await client.next()
        if (flight === undefined) return 'broken off'
        heard.push(flight.eap)
        if (at === target) return await this.#alter(flight, heard, client, random, tell)
        const { code } = await client.send(flight)
        if (code === PacketCode.AccessAccept && isImpostor)
          throw new Finding(`${name}: an impostor was accepted`)
        if (code !== PacketCode.AccessChallenge) return 'ended before'
      }
      return 'went on'
    } finally {
      client.close()
    }
  }

  async close(): Promise<void> {
    this.#door.clock.advance(60_000)
    for (const name of EAP_LOGINS) {
      this.#count += 50
      const { code } = await new EapClient(this.#door, eapPeer(name), { number: this.#count }).run()
      if (code !== PacketCode.AccessAccept) throw new Finding(`${name} no longer lets alice in`)
    }
    this.#door.close()
  }

  async #alter(
    flight: Flight,
    heard: readonly Uint8Array[],
    client: EapClient,
    random: Random,
    tell: (input: Uint8Array) => void,
  ): Promise<string> {
    const door = this.#door
    const eap = alteredEap(flight.eap, heard, random)
    const datagram = eapRequest(eap, flight.state, this.#count + 49)
    tell(datagram)
    const reply = await door.send(datagram, NAS)
    const accepted = reply !== undefined && readReply(reply, datagram).code === PacketCode.AccessAccept
    const isProof = !isAcknowledgement(flight.eap)
    if (accepted && isProof && proofOctets(datagram) !== proofOctets(flight.datagram)) {
      throw new Finding(`an altered flight was accepted; it was ${Buffer.from(flight.eap).toString('hex')}`)
    }
    // What was ignored, the peer says again as it should be.
    if (reply === undefined) await client.send(flight).catch(() => {})
    const error = door.broken[0] ?? door.logged.find(({ err }) => err !== undefined)?.err
    if (error !== undefined) throw new Finding(`caught inside: ${JSON.stringify(error)}`)
    return reply === undefined ? 'silence' : `code ${reply[0]}`
  }
}

/** EAP header and type. */
const HEADER = 5

/** A flight without TLS records says "go on" (RFC 5216 section 2.1.5); whatever it ends was proved before it. */
function isAcknowledgement(eap: Uint8Array): boolean {
  const carriesTls = [EapType.Tls, EapType.Ttls, EapType.Peap].some((type) => type === eap[4])
  return carriesTls && eap.length === HEADER + 1
}

/** What is behind header and type is altered most of the time, and the Length then put right. */
function alteredEap(eap: Uint8Array, heard: readonly Uint8Array[], random: Random): Uint8Array {
  if (random.oneIn(4)) return mutate(eap, random, heard).subarray(0, 3500)
  const data = mutate(eap.subarray(HEADER), random, heard).subarray(0, 3500)
  const packet = Buffer.concat([eap.subarray(0, HEADER), data])
  packet.writeUInt16BE(packet.length, 2)
  return packet
}
