/** What somebody can do who saw, or took part in, a login of another. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { attribute, encodeRequest, inspect, PacketCode, Secret } from '@sallyport/radius'
import { EapMessage, State, UserName } from '@sallyport/radius/attributes'
import { eapolTest } from '../../eapol-test.ts'
import type { LabCase } from '../../scenario.ts'
import { type AbuseHouse, GATEWAY, OTHER, PASSWORD, SECRET, SERVER_NAME } from './house.ts'
import { openSender } from './sender.ts'

export const REPLAYS: readonly LabCase<AbuseHouse>[] = [
  {
    name: 'a whole login of eapol_test, played again from this client and from another: never an accept',
    async run(house) {
      const datagrams = await record(house)
      let answers = 0
      for (const address of [GATEWAY, OTHER]) {
        using sender = await openSender(address)
        for (const datagram of datagrams) await sender.ask(datagram, house.server.authPort, 300)
        answers += sender.heard.length
        for (const octets of sender.heard) assert.notEqual(octets[0], PacketCode.AccessAccept)
      }
      return `${datagrams.length} datagrams twice, ${answers} answers, none an accept`
    },
  },
  {
    name: 'State of another client, altered, empty, overlong, and used again: refused, and the login goes on',
    async run(house) {
      using senders = await pair()
      const [mine, other] = senders
      const identity = Buffer.from('0201000a01616c696365', 'hex')
      const challenge = await mine.ask(request(1, identity), house.server.authPort)
      const state = stateOf(challenge)
      const answer = Buffer.from('020200060315', 'hex') // Nak: anything, but not this
      const altered = state.map((octet, index) => (index === state.length - 1 ? octet ^ 1 : octet))
      const tries: readonly (readonly [string, typeof mine, Uint8Array])[] = [
        ['of another client', other, state],
        ['altered', mine, Uint8Array.from(altered)],
        ['overlong', mine, new Uint8Array(253).fill(7)],
        ['short', mine, state.subarray(0, 4)],
      ]
      for (const [index, [what, sender, shown]] of tries.entries()) {
        const heard = await sender.ask(request(10 + index, answer, shown), house.server.authPort, 1000)
        assert.ok(heard === undefined || heard[0] === PacketCode.AccessReject, `State ${what}: ${heard?.[0]}`)
      }
      // The right one still stands: nobody could end the login by showing a State that is not his.
      const next = await mine.ask(request(30, answer, state), house.server.authPort)
      assert.ok(next !== undefined && next[0] !== PacketCode.AccessAccept)
      return `${tries.length} refused; the right State was answered with code ${next[0]}`
    },
  },
]

async function pair() {
  const [mine, other] = [await openSender(GATEWAY), await openSender(OTHER)]
  return Object.assign([mine, other] as const, {
    [Symbol.dispose]() {
      mine[Symbol.dispose]()
      other[Symbol.dispose]()
    },
  })
}

function request(id: number, eap: Uint8Array, state?: Uint8Array): Uint8Array {
  const attributes = [attribute(UserName, 'alice'), attribute(EapMessage, eap)]
  if (state !== undefined) attributes.push(attribute(State, state))
  return encodeRequest({ code: PacketCode.AccessRequest, id, secret: new Secret(SECRET), attributes })
}

function stateOf(octets: Uint8Array | undefined): Uint8Array {
  const inspected = octets === undefined ? undefined : inspect(octets)
  const state = inspected?.ok === true ? inspected.packet.get(State) : undefined
  assert.ok(state !== undefined, 'no challenge')
  return state.slice()
}

/** Everything eapol_test sends in one PEAP login that succeeds. */
async function record(house: AbuseHouse): Promise<Buffer[]> {
  const front = createSocket('udp4')
  const back = createSocket('udp4')
  const datagrams: Buffer[] = []
  let clientPort = 0
  front.on('message', (octets, { port }) => {
    clientPort = port
    datagrams.push(octets)
    back.send(octets, house.server.authPort, '127.0.0.1')
  })
  back.on('message', (octets) => front.send(octets, clientPort, '127.0.0.1'))
  try {
    front.bind(0, '127.0.0.1')
    await once(front, 'listening')
    const { success, output } = await eapolTest({
      network: [
        ...['eap=PEAP', 'identity="alice"', `password="${PASSWORD}"`, 'phase2="auth=MSCHAPV2"'],
        ...[`ca_cert="${house.authority}"`, `domain_match="${SERVER_NAME}"`],
      ],
      server: { port: front.address().port, secret: SECRET },
      folder: house.folder,
    })
    assert.ok(success, output.slice(-2000))
    assert.ok(datagrams.length > 4)
    return datagrams
  } finally {
    front.close()
    back.close()
  }
}
