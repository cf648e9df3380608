/** EAP lengths that lie, fragments without end, and peers that refuse every method. */
import assert from 'node:assert/strict'
import { type Attribute, attribute, encodeRequest, inspect, PacketCode, Secret } from '@sallyport/radius'
import { EapMessage, State, UserName } from '@sallyport/radius/attributes'
import type { LabCase } from '../../scenario.ts'
import { type AbuseHouse, GATEWAY, SECRET } from './house.ts'
import { openSender, type Sender } from './sender.ts'

const [IDENTITY, NAK, PEAP, MSCHAPV2] = [1, 3, 25, 26]
const MOST_ROUNDS = 120

/** What a hostile peer says to each EAP-Request; undefined ends it. */
type Peer = (asked: Uint8Array, round: number) => Uint8Array | undefined

const PEERS: readonly (readonly [name: string, peer: Peer])[] = [
  [
    'fragments without end',
    (asked) => (asked[4] === PEAP ? eap(asked, PEAP, [0x40, ...filler(1000)]) : nak(asked, PEAP)),
  ],
  [
    '4 GiB promised in the first fragment',
    (asked) =>
      asked[4] === PEAP ? eap(asked, PEAP, [0xc0, 255, 255, 255, 255, ...filler(500)]) : nak(asked, PEAP),
  ],
  ['fragments of nothing', (asked) => (asked[4] === PEAP ? eap(asked, PEAP, [0x40]) : nak(asked, PEAP))],
  ['acknowledgements without end', (asked) => (asked[4] === PEAP ? eap(asked, PEAP, [0]) : nak(asked, PEAP))],
  ['a Nak to everything', (asked, round) => nak(asked, round % 2 === 0 ? PEAP : MSCHAPV2)],
  ['a Nak that wants nothing', (asked) => eap(asked, NAK, [0])],
  ['a length longer than the packet', (asked) => lying(eap(asked, NAK, [PEAP]), 2000)],
  ['a length shorter than a header', (asked) => lying(eap(asked, NAK, [PEAP]), 2)],
  ['identity again and again', (asked) => eap(asked, IDENTITY, [...Buffer.from('alice')])],
]

export const FRAGMENTS: readonly LabCase<AbuseHouse>[] = PEERS.map(([name, peer]) => ({
  name: `hostile peer: ${name}`,
  async run(house: AbuseHouse) {
    const before = house.megabytes()
    using sender = await openSender(GATEWAY)
    const seen = await talk(sender, house.server.authPort, peer)
    assert.ok(seen.rounds < MOST_ROUNDS, 'it went on without end')
    assert.notEqual(seen.end, PacketCode.AccessAccept)
    assert.equal(await house.pap('alice'), 'Access-Accept')
    assert.ok(house.megabytes() - before < 30)
    return `${seen.rounds} rounds, ended with ${seen.end === undefined ? 'silence' : 'Access-Reject'}`
  },
}))

async function talk(sender: Sender, port: number, peer: Peer) {
  let said: Uint8Array | undefined = Uint8Array.of(2, 1, 0, 10, IDENTITY, ...Buffer.from('alice'))
  let state: Uint8Array | undefined
  for (let round = 0; round < MOST_ROUNDS && said !== undefined; round++) {
    const attributes: Attribute[] = [attribute(UserName, 'alice'), attribute(EapMessage, said)]
    if (state !== undefined) attributes.push(attribute(State, state))
    const secret = new Secret(SECRET)
    const datagram = encodeRequest({ code: PacketCode.AccessRequest, id: round & 0xff, secret, attributes })
    const answer = await sender.ask(datagram, port, 1000)
    const inspected = answer === undefined ? undefined : inspect(answer)
    if (inspected?.ok !== true) return { rounds: round + 1, end: undefined }
    const { packet } = inspected
    if (packet.code !== PacketCode.AccessChallenge) return { rounds: round + 1, end: packet.code }
    state = packet.get(State)?.slice()
    said = peer(packet.get(EapMessage) as Uint8Array, round)
  }
  return { rounds: MOST_ROUNDS, end: undefined }
}

function eap(asked: Uint8Array, type: number, data: readonly number[]): Uint8Array {
  const length = 5 + data.length
  return Uint8Array.of(2, asked[1] as number, length >> 8, length & 0xff, type, ...data)
}

function nak(asked: Uint8Array, wanted: number): Uint8Array {
  return eap(asked, NAK, [wanted])
}

function lying(packet: Uint8Array, length: number): Uint8Array {
  packet[2] = length >> 8
  packet[3] = length & 0xff
  return packet
}

function filler(length: number): number[] {
  return Array.from({ length }, (_, index) => index & 0xff)
}
