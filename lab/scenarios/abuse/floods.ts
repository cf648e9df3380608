/** Packets nobody asked for, by the hundred thousand, and one packet a hundred times. */
import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { attribute, encodeRequest, PacketCode, Secret } from '@sallyport/radius'
import { CallingStationId, UserName, UserPassword } from '@sallyport/radius/attributes'
import type { LabCase } from '../../scenario.ts'
import { until } from '../../until.ts'
import { type AbuseHouse, GATEWAY, PASSWORD, SECRET } from './house.ts'
import { openSender, pause } from './sender.ts'

const PACKETS = 100_000
const STRANGERS = 250
const BURST = 100

function login(id: number, secret: string, station = 'flood'): Uint8Array {
  const attributes = [
    attribute(UserName, 'alice'),
    attribute(UserPassword, Buffer.from(PASSWORD)),
    attribute(CallingStationId, station),
  ]
  return encodeRequest({ code: PacketCode.AccessRequest, id, secret: new Secret(secret), attributes })
}

/** Sends in bursts from many sockets, logging in by eapol_test now and then; returns what happened. */
async function flood(house: AbuseHouse, addresses: readonly string[], datagrams: readonly Uint8Array[]) {
  const before = house.megabytes()
  const senders = await Promise.all(addresses.map(openSender))
  let logins = 0
  try {
    for (let sent = 0; sent < PACKETS; ) {
      for (const sender of senders) {
        const burst = Array.from({ length: BURST }, (_, index) =>
          sender.send(datagrams[(sent + index) % datagrams.length] as Uint8Array, house.server.authPort),
        )
        await Promise.all(burst)
        sent += BURST
        await pause()
        if (sent % (PACKETS / 5) === 0) {
          await house.login()
          logins++
        }
        if (sent >= PACKETS) break
      }
    }
    await delay(200) // answers that must not come
    assert.deepEqual(
      senders.flatMap(({ heard }) => heard),
      [],
      'somebody was answered',
    )
  } finally {
    for (const sender of senders) sender[Symbol.dispose]()
  }
  const after = house.megabytes()
  assert.ok(after - before < 60, `${before} MB before, ${after} MB after`)
  return { before, after, logins }
}

export const FLOODS: readonly LabCase<AbuseHouse>[] = [
  {
    name: `${PACKETS} packets of ${STRANGERS} strangers: no answer, no memory, others log in`,
    async run(house) {
      const addresses = Array.from(
        { length: STRANGERS },
        (_, index) => `127.66.${index >> 4}.${(index & 15) + 1}`,
      )
      const datagrams = Array.from({ length: 256 }, (_, id) =>
        id % 2 === 0 ? login(id, SECRET) : new Uint8Array(5).fill(id),
      )
      const { before, after, logins } = await flood(house, addresses, datagrams)
      const { items } = await house.server.api.send<{ items: unknown[] }>('GET', '/clients/unknown')
      assert.ok(items.length > 0 && items.length <= 1000, `${items.length} strangers listed`)
      return `${before} MB before, ${after} MB after; ${logins} logins during it; ${items.length} listed`
    },
  },
  {
    name: `${PACKETS} packets from the address of a client, wrongly signed: no answer, others log in`,
    async run(house) {
      const datagrams = Array.from({ length: 256 }, (_, id) => login(id, 'not the secret of this client'))
      const { before, after, logins } = await flood(house, [GATEWAY], datagrams)
      return `${before} MB before, ${after} MB after; ${logins} logins during it`
    },
  },
  {
    name: 'one datagram a hundred times: one decision, a hundred equal answers',
    async run(house) {
      using sender = await openSender(GATEWAY)
      const datagram = login(77, SECRET, 'hundred')
      for (let time = 0; time < 100; time++) await sender.send(datagram, house.server.authPort)
      const { heard } = sender
      // The first may still have been worked on while its twins arrived: those are ignored, as RFC 5080 has it.
      await until('answers', () => (heard.length > 0 ? heard : undefined))
      await delay(300)
      for (let time = heard.length; time < 100; time++) await sender.ask(datagram, house.server.authPort)
      assert.equal(heard.length, 100)
      assert.equal(heard[0]?.[0], PacketCode.AccessAccept)
      for (const octets of heard) assert.deepEqual(octets, heard[0])
      const receipts = await until('the receipt', async () => {
        const all = (await house.server.api.receipts({ user: 'alice' })).filter(
          ({ callingStationId }) => callingStationId === 'hundred',
        )
        return all.length > 0 ? all : undefined
      })
      assert.equal(receipts.length, 1)
      return `${heard.length} equal answers of ${heard[0]?.length} octets, 1 receipt`
    },
  },
]
