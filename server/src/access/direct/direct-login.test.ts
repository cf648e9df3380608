import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concat, fromUtf8 } from '@sallyport/bytes'
import { type Attribute, attribute, PacketCode } from '@sallyport/radius'
import {
  ChapChallenge,
  ChapPassword,
  MsChap2Cpw,
  MsChap2Response,
  MsChapChallenge,
  MsChapError,
  MsChapNtEncPw,
  MsChapResponse,
  ProxyState,
  UserName,
  UserPassword,
} from '@sallyport/radius/attributes'
import { Door, type DoorOptions } from '../../../test/door.ts'
import { PASSWORD } from '../../../test/door-users.ts'
import { login, PROOFS, proof, readReply, request } from '../../../test/requests.ts'

async function doorWithAlice(options: DoorOptions = {}): Promise<Door> {
  const door = await Door.open(options)
  await door.users.add('alice')
  return door
}

async function outcome(door: Door, datagram: Uint8Array) {
  const reply = await door.send(datagram)
  const { reason, outcome: recorded } = door.receipt
  if (reply === undefined) return { code: undefined, reason: reason.code, recorded }
  const packet = readReply(reply, datagram)
  return { code: packet.code, reason: reason.code, recorded, packet }
}

function alice(...attributes: readonly Attribute[]): Attribute[] {
  return [attribute(UserName, 'alice'), ...attributes]
}

/** An attribute of Microsoft of any length (RFC 2865 section 5.26). */
function microsoft(type: number, octets: Uint8Array): Attribute {
  return { type: 26, octets: concat(Uint8Array.of(0, 0, 1, 55, type, octets.length + 2), octets) }
}

async function assertRejected(door: Door, datagram: Uint8Array, why: string): Promise<void> {
  const { code, reason, recorded } = await outcome(door, datagram)
  assert.deepEqual([code, reason, recorded], [PacketCode.AccessReject, why, 'reject'])
}

test('ok/the right password by every method, and the receipt says so', async () => {
  const door = await doorWithAlice()
  for (const [id, method] of PROOFS.entries()) {
    const { code, recorded } = await outcome(door, login(method, { id }))
    assert.deepEqual([code, recorded], [PacketCode.AccessAccept, 'accept'])
    assert.equal(door.receipt.method, method)
  }
})

test('fail/the wrong password by every method', async () => {
  const door = await doorWithAlice()
  for (const [id, method] of PROOFS.entries())
    await assertRejected(door, login(method, { id, password: 'guess' }), 'wrong-password')
})

test('fail/two proofs in one request (RFC 2865 section 4.1): each right, together refused', async () => {
  const door = await doorWithAlice()
  let id = 0
  for (const first of PROOFS) {
    for (const second of PROOFS) {
      if (first === second || (first.startsWith('ms') && second.startsWith('ms'))) continue
      const datagram = request(alice(...proof(first), ...proof(second)), { id: id++ })
      await assertRejected(door, datagram, 'credentials-malformed')
    }
  }
  // A right password cannot make up for an unreadable proof beside it, and a wrong one is not passed over.
  const unreadable = alice(...proof('pap'), attribute(ChapPassword, new Uint8Array(17)))
  await assertRejected(door, request(unreadable, { id: id++ }), 'credentials-malformed')
  assert.deepEqual(door.users.lookups, [])
})

test('fail/no proof, or one of the wrong shape: nobody is looked up', async () => {
  const door = await doorWithAlice()
  const challenge = attribute(MsChapChallenge, new Uint8Array(16))
  const cases: [string, readonly Attribute[]][] = [
    ['no-credentials', alice()],
    ['no-credentials', proof('pap')],
    ['no-credentials', [attribute(UserName, 'alice'), attribute(ChapChallenge, new Uint8Array(16))]],
    ['credentials-malformed', alice({ type: 2, octets: new Uint8Array(0) })],
    ['credentials-malformed', alice({ type: 2, octets: new Uint8Array(15) })],
    ['credentials-malformed', alice({ type: 2, octets: new Uint8Array(144) })],
    ['credentials-malformed', alice({ type: 3, octets: new Uint8Array(16) })],
    ['credentials-malformed', alice({ type: 3, octets: new Uint8Array(0) })],
    [
      'credentials-malformed',
      alice(attribute(ChapPassword, new Uint8Array(17)), { type: 60, octets: new Uint8Array(0) }),
    ],
    ['credentials-malformed', alice(attribute(MsChap2Response, new Uint8Array(50)))],
    ['credentials-malformed', alice(challenge, microsoft(25, new Uint8Array(49)))],
    ['credentials-malformed', alice(challenge, attribute(MsChapResponse, new Uint8Array(50)))],
    [
      'credentials-malformed',
      alice(attribute(MsChapChallenge, new Uint8Array(15)), attribute(MsChap2Response, new Uint8Array(50))),
    ],
  ]
  for (const [id, [why, attributes]] of cases.entries())
    await assertRejected(door, request(attributes, { id }), why)
  assert.deepEqual(door.users.lookups, [])
})

test('fail/MS-CHAP with the LM response alone, however right the other one beside it (RFC 2548 section 2.1.3)', async () => {
  const door = await doorWithAlice()
  for (const flags of [0, 2, 255]) {
    const attributes = proof('mschap').map((one) => {
      if (!('definition' in one) || one.definition !== MsChapResponse) return one
      const value = Uint8Array.from(one.value as Uint8Array) // the definition says octets
      value[1] = flags
      return attribute(MsChapResponse, value)
    })
    await assertRejected(door, request(alice(...attributes), { id: flags }), 'credentials-malformed')
  }
  assert.deepEqual(door.users.lookups, [])
})

test('fail/an empty password is refused before any source is asked', async () => {
  const door = await doorWithAlice()
  await door.users.add('nobody', { password: '' })
  for (const [id, password] of ['', ' ', '\0', '\0'.repeat(16), ' \t '].entries()) {
    const datagram = request(alice(attribute(UserPassword, fromUtf8(password))), { id })
    await assertRejected(door, datagram, 'empty-password')
  }
  assert.deepEqual(door.users.lookups, [])
  // An account without a password has none that could be right, the empty one least of all.
  for (const [id, method] of PROOFS.entries()) {
    const why = method === 'pap' ? 'empty-password' : 'no-password-set'
    await assertRejected(door, login(method, { id: 16 + id, user: 'nobody', password: '' }), why)
  }
})

/** Written down before looking: who comes in under which name, and why the others do not. */
const NAMES: readonly (readonly [string, 'accept' | string])[] = [
  ['alice', 'accept'],
  ['ALICE', 'accept'],
  ['alice@example.org', 'accept'],
  ['alice@EXAMPLE.ORG', 'accept'],
  ['EXAMPLE\\alice', 'accept'],
  ['example\\Alice', 'accept'],
  ['josé', 'accept'],
  ['jose\u0301', 'accept'],
  ['alice@elsewhere.org', 'realm-unknown'],
  ['OTHER\\alice', 'realm-unknown'],
  ['host/alice.example.net', 'realm-unknown'],
  ['alic', 'user-not-found'],
  ['alice2', 'user-not-found'],
  ['jose', 'user-not-found'],
  ['аlice', 'user-not-found'],
  ['alice%00', 'user-not-found'],
  ['*', 'user-not-found'],
  ['%{User-Name}', 'user-not-found'],
  ["alice'--", 'user-not-found'],
  ['alice)(uid=*', 'user-not-found'],
  ['constructor', 'user-not-found'],
  ['__proto__', 'user-not-found'],
  ['example\\alice@example.org', 'user-name-malformed'],
  ['alice@example.org@example.org', 'user-name-malformed'],
  ['alice@evil@example.org', 'user-name-malformed'],
  ['A\\B\\alice', 'user-name-malformed'],
  ['host/alice@example.org', 'user-name-malformed'],
  ['@example.org', 'user-name-malformed'],
  ['alice@', 'user-name-malformed'],
  ['EXAMPLE\\', 'user-name-malformed'],
  ['alice@.example.org', 'user-name-malformed'],
  ['alice@example.org.', 'user-name-malformed'],
  ['alice@example..org', 'user-name-malformed'],
  ['alice.', 'user-name-malformed'],
  ['a..lice', 'user-name-malformed'],
  [' alice', 'user-name-malformed'],
  ['alice ', 'user-name-malformed'],
  ['alice\0', 'user-name-malformed'],
  ['alice\0@example.org', 'user-name-malformed'],
  ['alice\n', 'user-name-malformed'],
  ['ali\u200bce', 'user-name-malformed'],
  ['\u202ealice', 'user-name-malformed'],
]

test('User-Name forms: the same decision as the table above', async () => {
  const door = await doorWithAlice()
  await door.users.add('josé')
  for (const [id, [name, expected]] of NAMES.entries()) {
    const { code, reason } = await outcome(door, login('pap', { id, user: name }))
    const got = code === PacketCode.AccessAccept ? 'accept' : reason
    assert.equal(got, expected, JSON.stringify(name))
    if (code !== PacketCode.AccessAccept) assert.equal(code, PacketCode.AccessReject)
  }
  for (const octets of [new Uint8Array(0), Uint8Array.of(0xff, 0xfe), Uint8Array.of(0xc0, 0x80)]) {
    const { code } = await outcome(
      door,
      request([{ type: 1, octets }, ...proof('pap')], { number: 900 + octets.length + (octets[0] ?? 0) }),
    )
    assert.equal(code, PacketCode.AccessReject)
  }
})

test('ok/the accept carries the name of the account, not the one that was written', async () => {
  const door = await doorWithAlice()
  const { packet } = await outcome(door, login('pap', { user: 'EXAMPLE\\ALICE' }))
  assert.equal(packet?.get(UserName), 'alice')
})

test('fail/unknown, wrong, disabled, expired and locked: nobody can tell them apart by the reply', async () => {
  const door = await doorWithAlice()
  await door.users.add('wrong', { password: 'something else' })
  await door.users.add('empty', { password: '' })
  await door.users.add('disabled', { disabled: true })
  await door.users.add('expired', { expiresAt: door.clock.now() - 1 })
  await door.users.add('locked', { lockedUntil: door.clock.now() + 60_000, failures: 10 })
  await door.users.add('changing', { mustChangePassword: true })
  await door.users.add('asleep', { logonHours: [] })
  await door.users.add('opaque', { storage: 'argon2id', password: 'something else' })
  const users = ['unknown', 'wrong', 'empty', 'disabled', 'expired', 'locked', 'changing', 'asleep', 'opaque']
  for (const method of ['pap', 'chap'] as const) {
    const replies = new Map<string, string>()
    for (const user of users) {
      // A client of its own each time, so that the same request is no duplicate: what differs is the name alone.
      const datagram = login(method, { user, number: 5 })
      const reply = await door.send(datagram, { address: '192.0.2.10', port: 1024 + replies.size })
      assert.ok(reply)
      assert.equal(readReply(reply, datagram).code, PacketCode.AccessReject)
      // Both authenticators are computed over the request's own, which is the same in all of them.
      replies.set(user, Buffer.from(reply).toString('hex'))
    }
    assert.equal(new Set(replies.values()).size, 1, `${method}: ${JSON.stringify([...replies], null, 1)}`)
  }
  const reasons = new Set(door.receipts.map(({ reason }) => reason.code))
  assert.ok(reasons.size >= 7, `the administrator can: ${[...reasons].join(' ')}`)
})

test('fail/MS-CHAP tells the state of an account only to those who prove its password', async () => {
  const door = await doorWithAlice()
  await door.users.add('disabled', { disabled: true })
  const told = async (user: string, password: string, id: number) => {
    const { packet } = await outcome(door, login('mschapv2', { id, user, password }))
    const text = Buffer.from(packet?.get(MsChapError)?.subarray(1) ?? []).toString('latin1')
    return /E=(\d+)/.exec(text)?.[1]
  }
  assert.equal(await told('disabled', PASSWORD, 1), '647')
  assert.equal(await told('disabled', 'guess', 2), '691')
  assert.equal(await told('unknown', PASSWORD, 3), '691')
})

test('fail/a source that breaks is silence: neither yes nor no', async () => {
  const door = await doorWithAlice()
  door.users.duringLookup = () => {
    throw new Error('the disk is gone')
  }
  for (const [id, method] of PROOFS.entries()) {
    const { code, reason, recorded } = await outcome(door, login(method, { id }))
    assert.deepEqual([code, reason, recorded], [undefined, 'source-unavailable', 'drop'])
  }
  door.users.duringLookup = () => {}
  // Silence was not remembered as the answer: the same datagram now gets one.
  for (const [id, method] of PROOFS.entries())
    assert.equal((await outcome(door, login(method, { id }))).code, PacketCode.AccessAccept)
})

test('fail/a wrong password that cannot be counted gets silence, not one more guess', async () => {
  const door = await doorWithAlice()
  door.users.lockouts.failing = true
  const { code, reason } = await outcome(door, login('pap', { password: 'guess' }))
  assert.deepEqual([code, reason], [undefined, 'source-unavailable'])
})

test('fail/guesses end in a lock-out that the right password does not open', async () => {
  const door = await doorWithAlice()
  for (let id = 0; id < 10; id++) await door.send(login('pap', { id, password: `guess ${id}` }))
  await assertRejected(door, login('pap', { id: 20 }), 'account-locked')
  door.clock.advance(16 * 60_000)
  assert.equal((await outcome(door, login('pap', { id: 21 }))).code, PacketCode.AccessAccept)
})

test('fail/an order that throws, or a policy that does, is never an accept', async () => {
  const door = await doorWithAlice()
  const { served } = door
  const broken = () => {
    throw new TypeError('a bug')
  }
  const order = { authenticate: broken, changePassword: broken, resolve: broken }
  door.served = { ...served, order: order as unknown as typeof served.order } // only what is called
  assert.equal(await door.send(login('pap', { id: 1 })), undefined)
  door.served = {
    ...served,
    order: {
      ...order,
      authenticate: () => Promise.reject(new TypeError('a bug')),
    } as unknown as typeof served.order,
  }
  assert.equal(await door.send(login('pap', { id: 2 })), undefined)
  assert.equal((await door.drops()).get('internal-error'), 2)
  const rules = {
    get rules() {
      return broken()
    },
    reads: new Set<string>(),
  }
  door.served = { ...served, policy: rules as unknown as typeof served.policy }
  await assertRejected(door, login('pap', { id: 3 }), 'internal-error')
  door.served = served
  assert.equal((await outcome(door, login('pap', { id: 4 }))).code, PacketCode.AccessAccept)
})

test('fail/no rule, a rejecting rule, a rule about a fact that is not there', async () => {
  const noRules = await doorWithAlice({ rules: [] })
  await assertRejected(noRules, login('pap'), 'no-rule-matched')
  const rejecting = await doorWithAlice({
    rules: [
      { name: 'not alice', when: 'user.name == "alice"', effect: 'reject' },
      { name: 'everybody', when: 'true', effect: 'accept' },
    ],
  })
  await assertRejected(rejecting, login('pap'), 'rejected-by-rule')
  const unknown = await doorWithAlice({
    rules: [
      { name: 'a', when: 'certificate.issuer == "CN=x"', effect: 'accept' },
      { name: 'b', when: '!(certificate.issuer == "CN=x")', effect: 'accept' },
      { name: 'c', when: 'user.attributes.mail != "x"', effect: 'accept' },
      { name: 'd', when: 'request.attributes["Filter-Id"][0] != "x"', effect: 'accept' },
    ],
  })
  await assertRejected(unknown, login('pap'), 'no-rule-matched')
  const shadow = await doorWithAlice({
    rules: [{ name: 'trial', mode: 'shadow', when: 'true', effect: 'accept' }],
  })
  await assertRejected(shadow, login('pap'), 'no-rule-matched')
  const byCertificate = await doorWithAlice({
    rules: [{ name: 'certificates', methods: { outer: ['eap-tls'] }, effect: 'accept' }],
  })
  await assertRejected(byCertificate, login('pap'), 'method-not-allowed')
})

test('fail/an attribute that cannot be built makes a reject, never a barer accept', async () => {
  const unbuildable = [
    { attributes: [{ name: 'No-Such-Attribute', value: '1' }] },
    { attributes: [{ name: 'Framed-IP-Address', value: 'not an address' }] },
    {
      attributes: Array.from({ length: 30 }, (_, n) => ({ name: 'Cisco-AVPair', value: `${n}`.padEnd(200) })),
    },
  ]
  for (const fields of unbuildable) {
    const door = await doorWithAlice({
      profiles: [{ name: 'special', ...fields }],
      rules: [{ name: 'everybody', when: 'true', effect: 'accept', profiles: ['special'] }],
    })
    for (const [id, method] of PROOFS.entries()) {
      await assertRejected(door, login(method, { id }), 'reply-unbuildable')
      assert.equal(door.receipt.rule, 'everybody')
    }
  }
})

test('fail/an accept with no room left beside the Proxy-States becomes a reject', async () => {
  const door = await doorWithAlice({
    profiles: [{ name: 'special', filterId: 'x'.repeat(200) }],
    rules: [{ name: 'everybody', when: 'true', effect: 'accept', profiles: ['special'] }],
  })
  const state = attribute(ProxyState, new Uint8Array(253))
  const nearlyFull = request([...alice(...proof('pap')), ...Array.from({ length: 15 }, () => state)])
  const { code, reason } = await outcome(door, nearlyFull)
  assert.deepEqual([code, reason], [PacketCode.AccessReject, 'reply-unbuildable'])
})

test('fail/ a password is not changed for somebody whom no rule could let in by MS-CHAPv2', async () => {
  const change = (id: number) =>
    request(
      alice(
        attribute(MsChapChallenge, new Uint8Array(16).fill(1)),
        attribute(MsChap2Cpw, concat(Uint8Array.of(7, 1), new Uint8Array(66))),
        ...[0, 1, 2].map((index) =>
          attribute(MsChapNtEncPw, concat(Uint8Array.of(6, 1, 0, index + 1), new Uint8Array(172))),
        ),
      ),
      { id },
    )
  const asked: string[] = []
  const watch = (door: Door): void => {
    const { served } = door
    const { order } = served
    const changePassword: typeof order.changePassword = (user) => {
      asked.push(user)
      return { outcome: { kind: 'wrong-password' }, tried: [] }
    }
    door.served = { ...served, order: { changePassword } as typeof served.order } // only what is called
  }
  const closed = await doorWithAlice({
    rules: [{ name: 'certificates', methods: { outer: ['eap-tls'] }, effect: 'accept' }],
  })
  watch(closed)
  const { packet, reason } = await outcome(closed, change(1))
  assert.equal(reason, 'no-rule-matched')
  assert.match(Buffer.from(packet?.get(MsChapError) ?? []).toString('latin1'), /E=649/)
  assert.deepEqual(asked, [])
  const open = await doorWithAlice()
  watch(open)
  await assertRejected(open, change(2), 'wrong-password')
  assert.deepEqual(asked, ['alice'])
})
