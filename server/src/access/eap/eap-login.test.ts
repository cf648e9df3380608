import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type EapPeer, EapType } from '@sallyport/eap'
import { PacketCode, type PacketView } from '@sallyport/radius'
import { EapMessage, MsMppeRecvKey, State } from '@sallyport/radius/attributes'
import { Door, NAS, OTHER_NAS } from '../../../test/door.ts'
import { DOOR_PKI } from '../../../test/door-pki.ts'
import { EAP_LOGINS, EapClient, type EapLoginName, eapPeer, eapRequest } from '../../../test/eap-client.ts'
import { readReply } from '../../../test/requests.ts'

async function doorFor(name: EapLoginName | 'all', conversations?: number): Promise<Door> {
  const outer = { 'ttls-pap': 'eap-ttls', 'ttls-mschapv2': 'eap-ttls', 'ttls-eap': 'eap-ttls' } as const
  const method = name in outer ? outer[name as keyof typeof outer] : name
  const rule = name === 'all' ? { when: 'true' } : { methods: { outer: [method] } }
  const door = await Door.open({
    rules: [{ name: 'in', ...rule, effect: 'accept' }],
    ...(conversations === undefined ? {} : { conversations }),
  })
  await door.users.add('alice')
  return door
}

let number = 0
function client(door: Door, peer: EapPeer, from: typeof NAS = NAS): EapClient {
  number += 100
  return new EapClient(door, peer, { number, from })
}

async function code(door: Door, datagram: Uint8Array, from: typeof NAS = NAS): Promise<number | undefined> {
  const reply = await door.send(datagram, from)
  return reply === undefined ? undefined : readReply(reply, datagram).code
}

/** Runs a conversation until its peer would send flight `count`, without sending it. */
async function upTo(eap: EapClient, count: number) {
  for (let sent = 0; sent < count; sent++) {
    const flight = await eap.next()
    assert.ok(flight)
    assert.equal((await eap.send(flight)).code, PacketCode.AccessChallenge)
  }
  const next = await eap.next()
  assert.ok(next)
  return next
}

test('ok/every method lets alice in; what ended in an accept leaves no conversation behind', async () => {
  for (const name of EAP_LOGINS) {
    const door = await doorFor(name)
    const packet = await client(door, eapPeer(name)).run()
    assert.equal(packet.code, PacketCode.AccessAccept, name)
    assert.equal(packet.get(EapMessage)?.[0], 3, 'EAP-Success')
    assert.equal(packet.get(State), undefined)
    assert.equal(door.conversations.size, 0)
    assert.equal(door.receipt.outcome, 'accept')
    const hasKeys = packet.read(MsMppeRecvKey) !== undefined
    assert.equal(hasKeys, name !== 'eap-md5' && name !== 'eap-gtc', name)
  }
})

test('fail/every method refuses who cannot prove to be alice', async () => {
  for (const name of EAP_LOGINS) {
    const door = await doorFor(name)
    const peer = eapPeer(name, { password: 'guess', certificate: DOOR_PKI.impostor })
    const packet = await client(door, peer).run()
    assert.equal(packet.code, PacketCode.AccessReject, name)
    assert.equal(packet.get(EapMessage)?.[0], 4, 'EAP-Failure')
    assert.equal(packet.read(MsMppeRecvKey), undefined)
    assert.equal(door.conversations.size, 0)
    assert.equal(door.receipt.outcome, 'reject')
  }
})

test('fail/a whole exchange played again after its end is never an accept', async () => {
  for (const name of EAP_LOGINS) {
    const door = await doorFor(name)
    const played = client(door, eapPeer(name))
    assert.equal((await played.run()).code, PacketCode.AccessAccept)
    const lookups = door.users.lookups.length
    const last = played.flights.length - 1
    // Soon after, the kept answers come again; nothing is decided anew.
    for (const [at, { datagram }] of played.flights.entries())
      assert.equal(
        await code(door, datagram),
        at === last ? PacketCode.AccessAccept : PacketCode.AccessChallenge,
      )
    assert.equal(door.users.lookups.length, lookups)
    // From another port, and once the answers are forgotten, every State is dead.
    for (const { datagram, state } of played.flights) {
      const expected = state === undefined ? PacketCode.AccessChallenge : PacketCode.AccessReject
      assert.equal(await code(door, datagram, { ...NAS, port: 50_000 } as unknown as typeof NAS), expected)
    }
    door.clock.advance(30_000)
    for (const { datagram, state } of played.flights) {
      const expected = state === undefined ? PacketCode.AccessChallenge : PacketCode.AccessReject
      assert.equal(await code(door, datagram), expected)
    }
    assert.equal(door.users.lookups.length, lookups, 'nobody was even looked up')
    door.close()
  }
})

test('fail/the flights of a login inside another conversation are never an accept', async () => {
  for (const name of EAP_LOGINS) {
    // Outside a tunnel it sends the password itself: who heard it has it.
    if (name === 'eap-gtc') continue
    const door = await doorFor(name)
    const alice = client(door, eapPeer(name))
    assert.equal((await alice.run()).code, PacketCode.AccessAccept)
    // An attacker who has heard everything opens a conversation of their own and says what alice said.
    let state: Uint8Array | undefined
    for (const [at, { eap }] of alice.flights.entries()) {
      const datagram = eapRequest(eap, state, 50_000 + at)
      const reply = await door.send(datagram)
      const packet = reply && readReply(reply, datagram)
      assert.notEqual(packet?.code, PacketCode.AccessAccept, name)
      state = packet?.get(State)?.slice() ?? state
    }
    door.close()
  }
})

test('fail/a response with another identifier than the request is ignored, and the conversation goes on', async () => {
  const door = await doorFor('eap-md5')
  const alice = client(door, eapPeer('eap-md5'))
  const { eap, state } = await upTo(alice, 1)
  for (const step of [1, 2, 128, 255]) {
    const other = eap.slice()
    other[1] = (other[1] as number) + step
    assert.equal(await code(door, eapRequest(other, state, 5000 + step)), undefined)
  }
  assert.deepEqual(door.users.lookups, [])
  assert.equal((await alice.run()).code, PacketCode.AccessAccept)
})

test('fail/two responses at the same time: one is worked on, the other ignored', async () => {
  for (const name of ['eap-tls', 'peap'] as const) {
    const door = await doorFor(name)
    const { eap, state } = await upTo(client(door, eapPeer(name)), 2)
    const replies: Uint8Array[] = []
    for (let n = 0; n < 5; n++)
      door.submit(eapRequest(eap, state, 6000 + n), (octets) => replies.push(octets))
    await door.rest()
    assert.equal(replies.length, 1, name)
    assert.equal((await door.drops()).get('eap-unexpected-packet'), 4)
    door.close()
  }
})

test('fail/State of another client, altered, of any other length, or made up', async () => {
  const door = await doorFor('eap-md5')
  const alice = client(door, eapPeer('eap-md5'))
  const { eap, state = new Uint8Array(0), datagram } = await upTo(alice, 1)
  assert.equal(state.length, 18)
  const states: Uint8Array[] = [new Uint8Array(0), new Uint8Array(253), state.subarray(1), new Uint8Array(18)]
  states.push(Uint8Array.of(...state, 0), new Uint8Array(253).fill(state[0] ?? 0))
  for (let at = 0; at < state.length; at++) {
    const altered = state.slice()
    altered[at] = (altered[at] as number) ^ 1
    states.push(altered)
  }
  for (const [at, other] of states.entries()) {
    assert.equal(await code(door, eapRequest(eap, other, 1000 + at)), PacketCode.AccessReject)
    assert.equal(door.receipt.reason.code, 'conversation-unknown')
  }
  assert.equal(await code(door, datagram, OTHER_NAS as unknown as typeof NAS), PacketCode.AccessReject)
  assert.deepEqual(door.users.lookups, [])
  // None of it disturbed the conversation itself.
  assert.equal((await alice.run()).code, PacketCode.AccessAccept)
})

test('fail/State comes back in no other conversation, and is never the same', async () => {
  const door = await doorFor('eap-md5')
  const seen = new Set<string>()
  for (let n = 0; n < 100; n++) {
    const { state } = await upTo(client(door, eapPeer('eap-md5')), 1)
    assert.ok(state)
    seen.add(Buffer.from(state).toString('hex').slice(4))
  }
  assert.equal(seen.size, 100)
  door.close()
})

test('ok/half-open conversations are bounded, let others in, and end by themselves', async () => {
  const door = await doorFor('all', 50)
  for (let n = 0; n < 200; n++) await upTo(client(door, eapPeer('eap-tls')), 2)
  assert.equal(door.conversations.size, 50)
  assert.equal((await client(door, eapPeer('eap-md5')).run()).code, PacketCode.AccessAccept)
  door.clock.advance(61_000)
  door.eap.expire(door.clock.monotonic())
  assert.equal(door.conversations.size, 0)
})

test('fail/a conversation that was left for a minute is over', async () => {
  const door = await doorFor('eap-md5')
  const alice = client(door, eapPeer('eap-md5'))
  const { datagram } = await upTo(alice, 1)
  door.clock.advance(60_001)
  assert.equal(await code(door, datagram), PacketCode.AccessReject)
  door.eap.expire(door.clock.monotonic())
  assert.equal(door.conversations.size, 0)
})

test('ok/octets that are no EAP packet get silence and leave no conversation', async () => {
  const door = await doorFor('eap-md5')
  const odd = [
    [1],
    [2, 1, 0, 3],
    [2, 1, 0, 4],
    [2, 1, 255, 255, 1],
    [9, 1, 0, 5, 1],
    [1, 1, 0, 5, 1],
    [3, 1, 0, 4],
    [2, 1, 0, 5, 4],
  ]
  for (const [at, octets] of odd.entries()) {
    assert.equal(await code(door, eapRequest(Uint8Array.from(octets), undefined, 2000 + at)), undefined)
    assert.equal(door.conversations.size, 0, `${octets}`)
  }
})

test('fail/where no rule can accept what is known, that is the reason, and the receipt holds what was known', async () => {
  const door = await Door.open({
    rules: [{ name: 'vpn', when: 'client.name == "another"', effect: 'accept' }],
  })
  await door.users.add('alice')
  const { code } = await client(door, eapPeer('peap')).run()
  assert.equal(code, PacketCode.AccessReject)
  assert.deepEqual(door.receipt.reason, { code: 'no-rule-matched', values: { rules: 1 } })
  assert.equal(door.receipt.decided, false)
  assert.ok(door.receipt.facts.client?.name)
  assert.deepEqual(door.users.lookups, [])
})

test('fail/a Nak to what no rule allows, to nothing, and to everything', async () => {
  const wanted = [[EapType.MsChapV2], [], [0], [255], [3], Array.from({ length: 250 }, (_, n) => n)]
  for (const types of wanted) {
    const door = await doorFor('eap-tls')
    const alice = client(door, eapPeer('eap-tls'))
    const { eap, state } = await upTo(alice, 1)
    const nak = Uint8Array.of(2, eap[1] as number, 0, 5 + types.length, EapType.Nak, ...types)
    const last = await code(door, eapRequest(nak, state, 3000))
    assert.ok(last === PacketCode.AccessReject || last === undefined, `${types}`)
    assert.deepEqual(door.users.lookups, [])
    door.close()
  }
})

test('fail/a source that breaks during EAP is silence, however often the packet comes, and leaves one receipt', async () => {
  for (const name of EAP_LOGINS) {
    const door = await doorFor(name)
    door.users.duringLookup = () => {
      throw new Error('the disk is gone')
    }
    const alice = client(door, eapPeer(name))
    await assert.rejects(async () => await alice.run(), /no reply to flight/, name)
    assert.equal(door.receipt.reason.code, 'source-unavailable', name)
    door.users.duringLookup = () => {}
    const receipts = door.receipts.length
    const again = alice.flights.at(-1)?.datagram ?? new Uint8Array(0)
    assert.equal(await code(door, again), undefined)
    door.clock.advance(61_000)
    door.eap.expire(door.clock.monotonic())
    assert.deepEqual([door.conversations.size, door.receipts.length], [0, receipts], name)
    assert.equal((await client(door, eapPeer(name)).run()).code, PacketCode.AccessAccept, name)
  }
})

test('fail/a method that throws, at once or later, is a reject and no more', async () => {
  const broken = () => {
    throw new TypeError('a bug')
  }
  const later = () => Promise.reject(new TypeError('a bug'))
  const closing = { type: EapType.Md5Challenge, close: () => {} }
  const send = () => ({ kind: 'send', data: new Uint8Array(1) }) as const
  const methods = [
    broken,
    () => ({ ...closing, begin: broken, respond: broken }),
    () => ({ ...closing, begin: later, respond: later }),
    () => ({ ...closing, begin: send, respond: broken }),
    () => ({ ...closing, begin: send, respond: later }),
  ]
  for (const [at, method] of methods.entries()) {
    const door = await doorFor('eap-md5')
    door.served = { ...door.served, eapMethods: new Map([[EapType.Md5Challenge, method]]) }
    let last: PacketView | undefined
    let state: Uint8Array | undefined
    for (const eap of [
      [2, 1, 0, 10, 1, ...Buffer.from('alice')],
      [2, 2, 0, 6, 4, 1],
    ]) {
      const identifier = last?.get(EapMessage)?.[1]
      const packet = Uint8Array.from(eap)
      if (identifier !== undefined) packet[1] = identifier
      const datagram = eapRequest(packet, state, 4000 + packet.length)
      const reply = await door.send(datagram)
      last = reply && readReply(reply, datagram)
      state = last?.get(State)?.slice()
      if (last?.code !== PacketCode.AccessChallenge) break
    }
    assert.equal(last?.code, PacketCode.AccessReject, `method ${at}`)
    assert.equal(door.conversations.size, 0)
    assert.deepEqual([door.receipt.reason.code, door.receipt.outcome], ['internal-error', 'reject'])
    assert.ok(door.broken[0] instanceof TypeError, 'the cause is told')
  }
})

test('fail/the policy decides at the end, on the newest rules: a reject carries no keys', async () => {
  const door = await doorFor('all')
  const strict = await doorFor('eap-gtc')
  for (const name of ['eap-mschapv2', 'eap-tls', 'peap'] as const) {
    const alice = client(door, eapPeer(name))
    await upTo(alice, 2)
    const before = door.served
    door.served = { ...before, policy: strict.served.policy }
    const packet = await alice.run()
    door.served = before
    assert.equal(packet.code, PacketCode.AccessReject, name)
    assert.equal(packet.get(EapMessage)?.[0], 4)
    assert.equal(packet.read(MsMppeRecvKey), undefined)
    assert.equal(door.receipt.reason.code, 'method-not-allowed')
  }
})

test('fail/an attribute that cannot be built: EAP-Failure and no keys', async () => {
  const door = await Door.open({
    profiles: [{ name: 'special', attributes: [{ name: 'No-Such-Attribute', value: '1' }] }],
    rules: [{ name: 'everybody', when: 'true', effect: 'accept', profiles: ['special'] }],
  })
  await door.users.add('alice')
  for (const name of ['eap-mschapv2', 'eap-tls', 'peap'] as const) {
    const packet = await client(door, eapPeer(name)).run()
    assert.equal(packet.code, PacketCode.AccessReject)
    assert.equal(packet.get(EapMessage)?.[0], 4)
    assert.equal(packet.read(MsMppeRecvKey), undefined)
    assert.equal(door.receipt.reason.code, 'reply-unbuildable')
  }
})
