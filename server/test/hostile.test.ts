/** Good packets, damaged in every way that can be counted out and signed again, so that they pass the authenticator. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PacketCode } from '@sallyport/radius'
import { Door, NAS } from './door.ts'
import { EapClient, type EapLoginName, eapPeer } from './eap-client.ts'
import { proofOctets } from './proof-octets.ts'
import { accounting, login, PROOFS, readReply, sign, walk } from './requests.ts'

type Packet = Uint8Array
type Damage = (good: Packet) => Packet

function* truncated(good: Packet): Generator<Damage> {
  for (let length = 0; length < good.length; length++) {
    yield (packet) => packet.subarray(0, length)
    if (length >= 4) yield (packet) => withLength(packet.subarray(0, length))
  }
}

function* lengthsChanged(good: Packet): Generator<Damage> {
  const places = [2, 3, ...[...walk(good)].map(({ at }) => at + 1)]
  for (const at of places) {
    for (let value = 0; value < 256; value += value < 24 ? 1 : 5)
      yield (packet) => changed(packet, at, () => value)
  }
}

function* attributesRepeatedOrLeftOut(good: Packet): Generator<Damage> {
  for (const index of [...walk(good)].keys()) {
    const edit = (change: (all: readonly Packet[], one: Packet) => readonly Packet[]): Damage => {
      return (packet) => {
        const all = [...walk(packet)].map(({ at, value }) => packet.subarray(at, at + value.length + 2))
        const one = all[index] ?? new Uint8Array(0)
        return withLength(Buffer.concat([packet.subarray(0, 20), ...change(all, one)]))
      }
    }
    yield edit((all, one) => [...all, one])
    yield edit((all, one) => [one, ...all])
    yield edit((all) => all.toSpliced(index, 1))
    yield edit((all, one) => [...all, ...Array.from({ length: 20 }, () => one)])
    yield edit((all, one) => [...all, changed(one, one.length - 1, (octet) => octet ^ 1)])
    yield edit((all, one) => [changed(one, one.length - 1, (octet) => octet ^ 1), ...all])
    yield edit((all, one) => [...all.toSpliced(index, 1), Uint8Array.of(one[0] as number, 2)])
    yield edit((all) => all.toReversed())
  }
}

function* bitsFlipped(good: Packet): Generator<Damage> {
  for (let at = 0; at < good.length; at++)
    for (let bit = 1; bit < 256; bit <<= 1) yield (packet) => changed(packet, at, (octet) => octet ^ bit)
}

function changed(good: Packet, at: number, change: (octet: number) => number): Packet {
  const packet = Uint8Array.from(good)
  packet[at] = change(packet[at] as number)
  return packet
}

function withLength(octets: Packet): Packet {
  const packet = Uint8Array.from(octets)
  packet.set([packet.length >> 8, packet.length & 255], 2)
  return packet
}

const DAMAGES = { truncated, lengthsChanged, attributesRepeatedOrLeftOut, bitsFlipped }

/** Sends every damaged form of a packet (each `step`th), made anew each time; returns how many got which answer. */
async function tryAll(
  door: Door,
  make: () => Promise<Packet>,
  { kind = 'authentication', step = 1 }: { kind?: 'authentication' | 'accounting'; step?: number } = {},
) {
  const tally = { silence: 0, accept: 0, reject: 0, challenge: 0, accounting: 0 }
  let number = 0
  for (const [name, damages] of Object.entries(DAMAGES)) {
    for (const damage of damages(await make())) {
      if (number++ % step !== 0) continue
      const good = await make()
      const proof = proofOctets(good)
      const datagram = sign(damage(good))
      // Each from a port of its own, or it would be a duplicate of the one before.
      const from = { ...NAS, port: 1024 + (number % 60_000) } as unknown as typeof NAS
      const reply = await door.send(datagram, from, kind)
      if (reply === undefined) {
        tally.silence++
        continue
      }
      const about = `${name} ${Buffer.from(datagram).toString('hex')}`
      switch (readReply(reply, datagram).code) {
        case PacketCode.AccessAccept:
          if (datagram[0] === PacketCode.StatusServer) break
          assert.equal(proofOctets(datagram), proof, `accepted ${about}`)
          tally.accept++
          break
        case PacketCode.AccessReject:
          tally.reject++
          break
        case PacketCode.AccessChallenge:
          tally.challenge++
          break
        case PacketCode.AccountingResponse:
          tally.accounting++
          break
        default:
          assert.fail(about)
      }
    }
  }
  return tally
}

async function openDoor(rule: object = { when: 'true' }): Promise<Door> {
  const door = await Door.open({ lockoutThreshold: 0, rules: [{ name: 'in', effect: 'accept', ...rule }] })
  await door.users.add('alice')
  return door
}

for (const method of PROOFS) {
  test(`fail/${method}: no damaged proof is accepted, nothing throws, and the port goes on`, async () => {
    const door = await openDoor()
    const tally = await tryAll(door, async () => login(method))
    assert.ok(tally.silence > 500 && tally.reject > 100 && tally.accept > 10, JSON.stringify(tally))
    assert.equal(
      (await door.drops()).get('internal-error'),
      undefined,
      JSON.stringify(door.logged.find(({ err }) => err)),
    )
    assert.equal((await door.send(login(method, { id: 77 })))?.[0], PacketCode.AccessAccept)
  })
}

test('fail/accounting: damaged records are stored or met with silence, nothing throws', async () => {
  const door = await openDoor()
  const tally = await tryAll(door, async () => accounting(), { kind: 'accounting' })
  assert.ok(tally.silence > 200 && tally.accounting > 100, JSON.stringify(tally))
  assert.equal(door.accounted.length >= tally.accounting, true)
  assert.equal((await door.drops()).get('internal-error'), undefined)
})

/** Flights of a login by number, and the share of damages that is tried: each costs a conversation. */
const EAP_CASES: readonly (readonly [EapLoginName, number, number])[] = [
  ['eap-md5', 0, 1],
  ['eap-md5', 1, 1],
  ['eap-mschapv2', 1, 2],
  ['eap-mschapv2', 2, 2],
  ['eap-tls', 1, 40],
  ['peap', 1, 40],
]

for (const [name, at, step] of EAP_CASES) {
  test(`fail/${name}, flight ${at}: no damaged proof is accepted, nothing throws`, async () => {
    const door = await openDoor({ methods: { outer: [name] } })
    let number = 0
    const flight = async () => {
      number += 10
      const alice = new EapClient(door, eapPeer(name), { number })
      for (let sent = 0; sent < at; sent++) await alice.send((await alice.next()) ?? assert.fail())
      const next = (await alice.next()) ?? assert.fail()
      alice.close()
      return next.datagram
    }
    const tally = await tryAll(door, flight, { step })
    assert.ok(tally.silence > 20 && tally.reject + tally.challenge > 20, JSON.stringify(tally))
    assert.deepEqual([(await door.drops()).get('internal-error'), door.broken], [undefined, []])
    const again = new EapClient(door, eapPeer(name), { number: 1 })
    assert.equal((await again.run()).code, PacketCode.AccessAccept)
    door.close()
  })
}
