import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Attribute, attribute, PacketCode } from '@sallyport/radius'
import { ProxyState, UserName } from '@sallyport/radius/attributes'
import { Door, LEGACY_NAS, NAS, OTHER_NAS, SECRET, STRANGER } from '../../../test/door.ts'
import { accounting, login, PROOFS, proof, readReply, request, sign, walk } from '../../../test/requests.ts'
import { AuthenticationOrder } from '../../identity/authentication-order.ts'
import { RealmTable } from '../../identity/realms.ts'
import type { AuthenticationOutcome, IdentitySource } from '../../identity/source.ts'

async function doorWithAlice(): Promise<Door> {
  const door = await Door.open()
  await door.users.add('alice')
  return door
}

/** Sends a packet that must get no answer, and gives back why: the one counter that moved. */
async function dropReason(door: Door, datagram: Uint8Array, from = NAS as { address: string; port: number }) {
  const before = await door.drops()
  assert.equal(await door.send(datagram, from), undefined)
  const after = await door.drops()
  const moved = [...after].filter(([code, count]) => count !== (before.get(code) ?? 0))
  assert.deepEqual(
    moved.map(([code, count]) => count - (before.get(code) ?? 0)),
    [1],
    'exactly one packet is counted as dropped',
  )
  return moved[0]?.[0]
}

async function assertAlive(door: Door): Promise<void> {
  const probe = login('pap', { id: 250, number: door.receipts.length + 1000 })
  assert.equal(readReply((await door.send(probe)) ?? new Uint8Array(0), probe).code, PacketCode.AccessAccept)
}

/** A packet with other attributes octets, its Length put right. */
function rawAttributes(...octets: number[]): Uint8Array {
  const good = login('pap')
  const packet = Buffer.concat([good, Uint8Array.from(octets)])
  packet.writeUInt16BE(packet.length, 2)
  return packet
}

function withLength(length: number): Uint8Array {
  const packet = Buffer.from(login('pap'))
  packet.writeUInt16BE(length, 2)
  return packet
}

function withCode(code: number): Uint8Array {
  const packet = login('pap')
  packet[0] = code
  return sign(packet)
}

test('fail/header faults get silence and are counted (RFC 2865 section 3)', async () => {
  const door = await doorWithAlice()
  const malformed: [string, Uint8Array][] = [
    ['nothing', new Uint8Array(0)],
    ['one octet', Uint8Array.of(1)],
    ['nineteen octets', login('pap').subarray(0, 19)],
    ['cut short', login('pap').subarray(0, 40)],
    ['Length 19', withLength(19)],
    ['Length 0', withLength(0)],
    ['Length one more than arrived', withLength(login('pap').length + 1)],
    ['Length 4097', Buffer.concat([withLength(4097), new Uint8Array(5000)])],
    ['attribute of length 0', rawAttributes(4, 0)],
    ['attribute of length 1', rawAttributes(4, 1)],
    ['attribute of one octet', rawAttributes(4)],
    ['attribute beyond the packet', rawAttributes(4, 6, 1)],
    ['300 attributes', rawAttributes(...Array.from({ length: 300 }, () => [11, 3, 65]).flat())],
    ['Message-Authenticator of 15 octets', rawAttributes(80, 17, ...new Uint8Array(15))],
    ['two Message-Authenticators', rawAttributes(80, 18, ...new Uint8Array(16))],
  ]
  for (const [name, datagram] of malformed) {
    assert.equal(await dropReason(door, sign(datagram)), 'malformed-packet', name)
  }
  for (const code of [0, 2, 3, 5, 11, 40, 43, 53, 255, PacketCode.AccountingRequest]) {
    assert.equal(await dropReason(door, withCode(code)), 'unsupported-packet-code', `code ${code}`)
  }
  assert.deepEqual(door.users.lookups, [])
  assert.equal(door.monitor.of('nas').requests, 0)
  await assertAlive(door)
})

test('ok/padding after the packet and attribute 0 are no fault', async () => {
  const door = await doorWithAlice()
  const padded = Buffer.concat([login('pap'), new Uint8Array(7)])
  assert.equal((await door.send(padded))?.[0], PacketCode.AccessAccept)
  const zero = sign(rawAttributes(0, 3, 1))
  zero[1] = 2
  assert.equal((await door.send(sign(zero)))?.[0], PacketCode.AccessAccept)
})

test('fail/without Message-Authenticator: silence, for a legacy client an answer and one warning', async () => {
  const door = await doorWithAlice()
  for (const method of PROOFS) {
    const bare = login(method, { messageAuthenticator: false })
    assert.equal(await dropReason(door, bare), 'message-authenticator-missing')
  }
  assert.deepEqual(door.users.lookups, [])
  for (const id of [1, 2, 3]) {
    const bare = login('pap', { id, messageAuthenticator: false })
    const reply = await door.send(bare, LEGACY_NAS)
    assert.equal(readReply(reply ?? new Uint8Array(0), bare).code, PacketCode.AccessAccept)
  }
  const warnings = door.logged.filter(
    ({ level, code }) => level === 'warn' && code === 'message-authenticator-missing',
  )
  assert.deepEqual(
    warnings.map(({ client }) => client),
    ['legacy-nas'],
  )
  assert.equal(door.monitor.of('legacy-nas').withoutMessageAuthenticator, 3)
})

test('fail/a wrong Message-Authenticator is silence, always, and nobody is looked up', async () => {
  const door = await doorWithAlice()
  for (const from of [NAS, LEGACY_NAS]) {
    for (const method of PROOFS) {
      const wrong = login(method)
      const at = [...walk(wrong)].find(({ type }) => type === 80)?.at ?? 0
      wrong[at + 2 + 15] = (wrong[at + 17] as number) ^ 1
      assert.equal(await dropReason(door, wrong, from), 'message-authenticator-invalid')
    }
    const otherSecret = login('pap', { secret: 'another shared secret altogether' })
    assert.equal(await dropReason(door, otherSecret, from), 'message-authenticator-invalid')
  }
  assert.deepEqual(door.users.lookups, [])
  await assertAlive(door)
})

test('fail/Proxy-State or EAP-Message without Message-Authenticator is silence for every client', async () => {
  const door = await doorWithAlice()
  const alice = [attribute(UserName, 'alice'), ...proof('pap')]
  const proxied = request([...alice, attribute(ProxyState, Uint8Array.of(1))], {
    messageAuthenticator: false,
  })
  const eap = request([{ type: 79, octets: Uint8Array.of(2, 1, 0, 6, 1, 97) }], {
    messageAuthenticator: false,
  })
  for (const from of [NAS, LEGACY_NAS]) {
    assert.equal(await dropReason(door, proxied, from), 'proxy-state-without-message-authenticator')
    assert.equal(await dropReason(door, eap, from), 'message-authenticator-missing')
  }
  assert.deepEqual(door.users.lookups, [])
})

test('ok/every Access-Accept, -Reject and -Challenge opens with a valid Message-Authenticator', async () => {
  const door = await doorWithAlice()
  const identity = Uint8Array.of(2, 1, 0, 10, 1, ...Buffer.from('alice'))
  const proxyStates: Attribute[] = [1, 2].map((n) => attribute(ProxyState, Uint8Array.of(n)))
  const requests: [number, Uint8Array][] = [
    [PacketCode.AccessAccept, login('mschapv2', { id: 1 })],
    [PacketCode.AccessReject, login('mschapv2', { id: 2, password: 'guess' })],
    [PacketCode.AccessReject, request([attribute(UserName, 'alice')], { id: 3 })],
    [PacketCode.AccessChallenge, request([{ type: 79, octets: identity }], { id: 4 })],
    [
      PacketCode.AccessAccept,
      request([attribute(UserName, 'alice'), ...proof('pap'), ...proxyStates], { id: 5 }),
    ],
  ]
  for (const [code, datagram] of requests) {
    const reply = (await door.send(datagram)) ?? new Uint8Array(0)
    assert.equal(readReply(reply, datagram).code, code)
    const attributes = [...walk(reply)]
    assert.equal(attributes[0]?.type, 80)
    const sent = [...walk(datagram)].filter(({ type }) => type === 33)
    const returned = attributes.filter(({ type }) => type === 33)
    assert.deepEqual(
      returned.map(({ value }) => [...value]),
      sent.map(({ value }) => [...value]),
    )
  }
  const bare = login('pap', { id: 6, messageAuthenticator: false })
  const reply = (await door.send(bare, LEGACY_NAS)) ?? new Uint8Array(0)
  readReply(reply, bare)
  assert.equal([...walk(reply)][0]?.type, 80)
})

test('ok/Status-Server is answered by both ports, and never without Message-Authenticator (RFC 5997)', async () => {
  const door = await doorWithAlice()
  const ask = request([], { code: PacketCode.StatusServer })
  for (let time = 0; time < 2; time++) {
    const reply = (await door.send(ask)) ?? new Uint8Array(0)
    assert.equal(readReply(reply, ask).code, PacketCode.AccessAccept)
    const accounted = (await door.send(ask, NAS, 'accounting')) ?? new Uint8Array(0)
    assert.equal(readReply(accounted, ask).code, PacketCode.AccountingResponse)
  }
  const bare = request([], { code: PacketCode.StatusServer, messageAuthenticator: false })
  assert.equal(await dropReason(door, bare, LEGACY_NAS), 'message-authenticator-missing')
})

test('ok/the same datagram a hundred times: one lookup and the same reply a hundred times', async () => {
  const door = await doorWithAlice()
  for (const [index, method] of PROOFS.entries()) {
    const datagram = login(method, { id: index + 1 })
    const replies = new Set<string>()
    for (let time = 0; time < 100; time++) {
      const reply = await door.send(datagram)
      replies.add(Buffer.from(reply ?? []).toString('hex'))
    }
    assert.equal(replies.size, 1)
    assert.equal(door.users.lookups.length, index + 1)
  }
  const record = accounting()
  for (let time = 0; time < 100; time++) {
    const reply = await door.send(record, NAS, 'accounting')
    assert.equal(readReply(reply ?? new Uint8Array(0), record).code, PacketCode.AccountingResponse)
  }
  assert.equal(door.accounted.length, 1)
})

test('ok/another authenticator, port or client under the same identifier is another request', async () => {
  const door = await doorWithAlice()
  await door.send(login('pap', { id: 9, number: 1 }))
  await door.send(login('pap', { id: 9, number: 2 }))
  await door.send(login('pap', { id: 9, number: 2 }), { ...NAS, port: NAS.port + 1 })
  await door.send(login('pap', { id: 9, number: 2 }), OTHER_NAS)
  assert.equal(door.users.lookups.length, 4)
})

/** A source that answers when told, and counts how often it is asked. */
class SlowSource implements IdentitySource {
  readonly name = 'local'
  readonly kind = 'local'
  readonly forms = new Set(['password'] as const)
  asked = 0
  readonly #answers: ((outcome: AuthenticationOutcome) => void)[] = []

  authenticate(): Promise<AuthenticationOutcome> {
    this.asked++
    return new Promise((resolve) => this.#answers.push(resolve))
  }

  resolve(): AuthenticationOutcome {
    return { kind: 'not-found' }
  }

  answer(outcome: AuthenticationOutcome): void {
    for (const answer of this.#answers.splice(0)) answer(outcome)
  }
}

function serveFrom(door: Door, source: IdentitySource): void {
  const realms = new RealmTable([{ name: 'default', default: true, sources: [source.name] }])
  door.served = { ...door.served, order: new AuthenticationOrder(realms, [source], () => {}) }
}

const ALICE = { id: '1', name: 'alice', source: 'local', groups: [], attributes: {} } as const

test('ok/a duplicate of a request that is being worked on is ignored: nobody is asked twice', async () => {
  const door = await doorWithAlice()
  const source = new SlowSource()
  serveFrom(door, source)
  const replies: Uint8Array[] = []
  const datagram = login('pap')
  for (let time = 0; time < 10; time++) door.submit(datagram, (octets) => replies.push(octets))
  assert.equal(source.asked, 1)
  assert.equal((await door.drops()).get('duplicate-request'), 9)
  source.answer({ kind: 'authenticated', user: ALICE })
  await door.rest()
  assert.deepEqual(
    replies.map((reply) => reply[0]),
    [PacketCode.AccessAccept],
  )
  // From now on it is answered from memory.
  assert.deepEqual(await door.send(datagram), replies[0])
  assert.equal(source.asked, 1)
})

test('ok/a request that got silence is a new one when it comes again', async () => {
  const door = await doorWithAlice()
  const source = new SlowSource()
  serveFrom(door, source)
  const datagram = login('pap')
  const first = door.send(datagram)
  source.answer({ kind: 'unavailable', why: 'no answer' })
  assert.equal(await first, undefined)
  const second = door.send(datagram)
  source.answer({ kind: 'authenticated', user: ALICE })
  assert.equal((await second)?.[0], PacketCode.AccessAccept)
  assert.equal(source.asked, 2)
})

test('fail/strangers get silence, and their number does not grow our memory', async () => {
  const door = await doorWithAlice()
  const good = login('pap')
  const odd = new Uint8Array(5)
  for (let n = 0; n < 20_000; n++) {
    const address = `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`
    door.submit(n % 2 === 0 ? good : odd, () => assert.fail('a stranger was answered'), { address, port: 1 })
  }
  assert.equal((await door.drops()).get('unknown-client'), 20_000)
  const { strangers, clients } = door.monitor.snapshot()
  assert.ok(strangers.length <= 1000, `${strangers.length} strangers remembered`)
  assert.deepEqual(clients, [])
  assert.equal(door.conversations.size, 0)
  assert.deepEqual(door.users.lookups, [])
  assert.equal(door.logged.length, 1, 'one line a second, whatever arrives')
  assert.equal(await dropReason(door, good, STRANGER), 'unknown-client')
  assert.equal(await dropReason(door, good, { address: '192.0.2.13', port: 1 }), 'client-disabled')
  await assertAlive(door)
})

test('fail/a client with a wrong secret fills no table', async () => {
  const door = await doorWithAlice()
  for (let n = 0; n < 5000; n++) {
    const datagram = login('pap', { id: n & 255, number: n, secret: `${SECRET}?` })
    door.submit(datagram, () => assert.fail('answered'), { ...NAS, port: 1024 + n })
  }
  assert.equal(door.receipts.length, 0)
  assert.equal(door.monitor.of('nas').dropped, 5000)
  assert.ok(door.logged.length <= 1)
})

test('ok/what fails after the answer has left does not take the answer back', async () => {
  const door = await doorWithAlice()
  door.duringReceipt = () => {
    throw new Error('no receipt today')
  }
  const datagram = login('pap')
  const first = await door.send(datagram)
  assert.equal(first?.[0], PacketCode.AccessAccept)
  door.duringReceipt = () => {}
  // Decided again the answer would carry another Class.
  assert.deepEqual(await door.send(datagram), first)
  assert.equal(door.users.lookups.length, 1)
})
