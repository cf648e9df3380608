/** EAP conversations that are begun, cost the server a TLS handshake's first half, and are left there. */
import assert from 'node:assert/strict'
import { EapType } from '@sallyport/eap'
import { NodeTlsEngine } from '@sallyport/eap/node'
import { type Attribute, attribute, encodeRequest, inspect, PacketCode, Secret } from '@sallyport/radius'
import { EapMessage, State, UserName } from '@sallyport/radius/attributes'
import type { LabCase } from '../../scenario.ts'
import { type AbuseHouse, GATEWAY, SECRET } from './house.ts'
import { openSender, type Sender } from './sender.ts'

const CONVERSATIONS = 10_000
const SIDE_BY_SIDE = 64
/** What the table of conversations may hold: 1,536 of some 170 KiB, and what the garbage collector has not taken back. */
const MOST_MEGABYTES = 350

export const HALF_OPEN: LabCase<AbuseHouse> = {
  name: `${CONVERSATIONS} half-open EAP conversations: memory is bounded, others log in`,
  async run(house) {
    const before = house.megabytes()
    const hello = await clientHello()
    let left = CONVERSATIONS
    const senders = await Promise.all(Array.from({ length: SIDE_BY_SIDE }, () => openSender(GATEWAY)))
    const logins: number[] = []
    try {
      const flood = Promise.all(
        senders.map(async (sender, index) => {
          for (let number = index; left > 0; number += SIDE_BY_SIDE) {
            left--
            await leaveHalfOpen(sender, house.server.authPort, number, hello)
          }
        }),
      )
      let isOver = false
      void flood.finally(() => {
        isOver = true
      })
      while (!isOver) logins.push(await house.login())
      await flood
    } finally {
      for (const sender of senders) sender[Symbol.dispose]()
    }
    const after = house.megabytes()
    assert.ok(logins.length >= 3, `${logins.length} logins during the flood`)
    assert.ok(after - before < MOST_MEGABYTES, `${before} MB before, ${after} MB after`)
    await house.login()
    const slowest = Math.round(Math.max(...logins))
    return `${before} MB before, ${after} MB after; ${logins.length} logins during it, the slowest ${slowest} ms`
  },
}

/** Identity, Nak to PEAP where something else is proposed, ClientHello; then nothing more. */
async function leaveHalfOpen(sender: Sender, port: number, number: number, hello: Uint8Array): Promise<void> {
  const name = `half-open-${number}`
  const identity = eapResponse(1, EapType.Identity, Buffer.from(name))
  let state: Uint8Array | undefined
  let eap: Uint8Array = identity
  for (let round = 0; round < 4; round++) {
    const attributes: Attribute[] = [attribute(UserName, name), attribute(EapMessage, eap)]
    if (state !== undefined) attributes.push(attribute(State, state))
    const id = (number * 4 + round) & 0xff
    const secret = new Secret(SECRET)
    const answer = await sender.ask(
      encodeRequest({ code: PacketCode.AccessRequest, id, secret, attributes }),
      port,
    )
    assert.ok(answer !== undefined, `no answer to ${name}, round ${round}`)
    const inspected = inspect(answer)
    assert.ok(inspected.ok && inspected.packet.code === PacketCode.AccessChallenge, `${name}: no challenge`)
    const asked = inspected.packet.get(EapMessage) as Uint8Array
    state = inspected.packet.get(State)?.slice()
    // Once the server has sent its own flight there is nothing more to take from it.
    if (asked[4] === EapType.Peap && ((asked[5] ?? 0) & 0x20) === 0) return
    eap =
      asked[4] === EapType.Peap
        ? eapResponse(asked[1] as number, EapType.Peap, Uint8Array.of(0, ...hello))
        : eapResponse(asked[1] as number, EapType.Nak, Uint8Array.of(EapType.Peap))
  }
  throw new Error(`${name} never came to TLS`)
}

function eapResponse(id: number, type: number, data: Uint8Array): Uint8Array {
  const length = 5 + data.length
  return Uint8Array.of(2, id, length >> 8, length & 0xff, type, ...data)
}

/** The first octets of a TLS client; the same for all, since no conversation goes on. */
async function clientHello(): Promise<Uint8Array> {
  const session = new NodeTlsEngine().client({ authorities: [], serverName: false })
  try {
    const { records } = await session.feed(new Uint8Array(0))
    assert.ok(records.length > 0)
    return records
  } finally {
    session.close()
  }
}
