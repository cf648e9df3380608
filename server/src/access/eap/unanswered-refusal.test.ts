/** A peer that is told of its refusal and walks away: the receipt comes within seconds, once, whatever it does later. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  EapPeer,
  EapType,
  eapTlsPeer,
  type MschapV2PeerOptions,
  mschapV2Peer,
  mschapV2Server,
} from '@sallyport/eap'
import { NodeTlsEngine } from '@sallyport/eap/node'
import { PacketCode } from '@sallyport/radius'
import { EapMessage } from '@sallyport/radius/attributes'
import { Door } from '../../../test/door.ts'
import { DOOR_PKI } from '../../../test/door-pki.ts'
import type { UserFields } from '../../../test/door-users.ts'
import { EapClient, type EapLoginName, eapPeer, eapRequest } from '../../../test/eap-client.ts'
import { readReply } from '../../../test/requests.ts'

const SECOND = 1000
const EAP_FAILURE = 4

async function doorOf(fields: UserFields = {}, conversations?: number): Promise<Door> {
  const door = await Door.open(conversations === undefined ? {} : { conversations })
  await door.users.add('alice', fields)
  return door
}

/** Goes on until alice was told of a failure. */
async function untilTold(door: Door, peer: EapPeer, number = 0): Promise<EapClient> {
  const client = new EapClient(door, peer, { number })
  for (let round = 0; round < 20; round++) {
    const flight = await client.next()
    assert.ok(flight, 'the peer broke off before anything was told')
    assert.equal((await client.send(flight)).code, PacketCode.AccessChallenge)
    if ([...door.conversations].at(-1)?.toldAt !== undefined) return client
  }
  throw new Error('nothing was told')
}

function pass(door: Door, milliseconds: number): void {
  door.clock.advance(milliseconds)
  door.eap.expire(door.clock.monotonic())
}

function mschapV2(options: MschapV2PeerOptions): EapPeer {
  return new EapPeer({
    identity: 'alice@example.org',
    methods: new Map([[EapType.MsChapV2, mschapV2Peer(options)]]),
  })
}

function codes(door: Door): string[] {
  return door.receipts.map(({ outcome, reason }) => `${outcome} ${reason.code}`)
}

const DISABLED = { disabled: true }
/** Refusals that the peer has to acknowledge: a Failure packet with R=0, outside and inside, and inside alone. */
const TOLD: readonly (readonly [EapLoginName, UserFields, string | undefined, string])[] = [
  ['eap-mschapv2', {}, 'a guess', 'wrong-password'],
  ['eap-mschapv2', DISABLED, undefined, 'account-disabled'],
  ['peap', DISABLED, undefined, 'account-disabled'],
  ['ttls-eap', DISABLED, undefined, 'account-disabled'],
  ['ttls-mschapv2', {}, 'a guess', 'wrong-password'],
]

test('fail/nobody acknowledges: one receipt after three seconds, and who comes back late gets the reject alone', async () => {
  for (const [name, fields, password, code] of TOLD) {
    const door = await doorOf(fields)
    const client = await untilTold(door, eapPeer(name, password === undefined ? {} : { password }))
    pass(door, 3 * SECOND)
    assert.deepEqual(codes(door), [], `${name}: it may still be on its way`)
    pass(door, SECOND)
    assert.deepEqual(codes(door), [`reject ${code}`], name)
    const { user, method, eap, timings, at } = door.receipt
    assert.deepEqual([user, eap?.unanswered], ['alice', true], name)
    assert.equal(method, name.startsWith('ttls') ? 'eap-ttls' : name)
    assert.ok(timings?.authenticate !== undefined && timings.authenticate < SECOND, 'silence is no work')
    assert.equal(at, door.clock.now() - 4 * SECOND, 'it is of the time of the request')
    pass(door, 10 * SECOND)
    const packet = await client.run()
    assert.equal(packet.code, PacketCode.AccessReject, name)
    assert.equal(packet.get(EapMessage)?.[0], EAP_FAILURE, name)
    pass(door, 60 * SECOND)
    assert.deepEqual(codes(door), [`reject ${code}`], `${name}: it was written twice`)
    assert.equal(door.conversations.size, 0)
    if (code === 'wrong-password') assert.equal(door.users.lockouts.rows.get('id-alice')?.failures, 1, name)
    door.close()
  }
})

test('fail/never acknowledged: the end of the conversation adds no receipt, and a wrong password counts once', async () => {
  const door = await doorOf()
  await untilTold(door, eapPeer('ttls-mschapv2', { password: 'a guess' }))
  for (let second = 0; second < 70; second++) pass(door, SECOND)
  assert.deepEqual(codes(door), ['reject wrong-password'])
  assert.equal(door.users.lockouts.rows.get('id-alice')?.failures, 1)
  assert.equal(door.conversations.size, 0)
})

test('ok/acknowledged in time: the same answer, and its receipt alone', async () => {
  for (const [name, fields, password, code] of TOLD) {
    const door = await doorOf(fields)
    const client = await untilTold(door, eapPeer(name, password === undefined ? {} : { password }))
    pass(door, 2 * SECOND)
    assert.equal((await client.run()).code, PacketCode.AccessReject)
    pass(door, 60 * SECOND)
    assert.deepEqual(codes(door), [`reject ${code}`], name)
    assert.equal(door.receipt.eap?.unanswered, undefined)
    door.close()
  }
})

test('ok/the RADIUS client asks again after the receipt: the same octets, and no second receipt', async () => {
  const door = await doorOf(DISABLED)
  const client = await untilTold(door, eapPeer('eap-mschapv2'))
  const told = client.flights.at(-1)?.datagram ?? new Uint8Array(0)
  const first = await door.send(told)
  pass(door, 4 * SECOND)
  assert.deepEqual(await door.send(told), first)
  pass(door, 60 * SECOND)
  assert.deepEqual(codes(door), ['reject account-disabled'])
})

/** A verifier that lets the peer try again, as EAP-MSCHAPv2 may; ours never does. */
function mayTryAgain(door: Door): void {
  const failure = { code: 'refused' } as const
  const error = { code: 691, retry: true, message: 'Again' } as const
  const verifier = { mschapv2: () => ({ ok: false, failure, error }) as const, changePassword: never }
  door.served = { ...door.served, eapMethods: new Map([[EapType.MsChapV2, mschapV2Server({ verifier })]]) }
}

function never(): never {
  throw new Error('nobody changes a password')
}

test('ok/R=1: a person who types again is not refused meanwhile', async () => {
  const door = await doorOf()
  mayTryAgain(door)
  const client = await untilTold(door, mschapV2({ password: 'a guess' }))
  pass(door, 50 * SECOND)
  assert.deepEqual(codes(door), [])
  // It gives up: the acknowledgement of a Failure packet with R=1.
  assert.equal((await client.run()).code, PacketCode.AccessReject)
  assert.equal(door.receipts.length, 1)
})

test('ok/E=648: a person who chooses a new password is not refused meanwhile', async () => {
  const door = await doorOf({ mustChangePassword: true, storage: 'nt-hash' })
  const newPassword = 'a new and Longer one 7'
  const client = await untilTold(door, mschapV2({ password: 'correct horse', newPassword }))
  pass(door, 50 * SECOND)
  assert.deepEqual(codes(door), [])
  assert.equal((await client.run()).code, PacketCode.AccessAccept)
  assert.deepEqual(
    door.receipts.map(({ outcome }) => outcome),
    ['accept'],
  )
})

test('fail/R=1 and nothing more: refused at the end of the conversation, for the reason that was told', async () => {
  const door = await doorOf()
  mayTryAgain(door)
  await untilTold(door, mschapV2({ password: 'a guess' }))
  pass(door, 59 * SECOND)
  assert.deepEqual(codes(door), [])
  pass(door, 2 * SECOND)
  assert.deepEqual(codes(door), ['reject eap-refused'])
})

test('fail/R=1 until no try is left: from then on it is refused', async () => {
  const door = await doorOf()
  mayTryAgain(door)
  const client = await untilTold(door, mschapV2({ password: 'a guess', askAgain: () => 'another guess' }))
  for (let guesses = 1; guesses < 4; guesses++) {
    pass(door, 10 * SECOND)
    assert.deepEqual(codes(door), [], `after ${guesses}`)
    const flight = await client.next()
    assert.ok(flight)
    assert.equal((await client.send(flight)).code, PacketCode.AccessChallenge)
  }
  pass(door, 4 * SECOND)
  assert.deepEqual(codes(door), ['reject eap-refused'])
})

test('fail/our TLS alert, and no answer to it', async () => {
  const door = await doorOf()
  const client = new EapClient(door, eapPeer('eap-tls'))
  const identity = await client.next()
  assert.ok(identity)
  await client.send(identity)
  const hello = await client.next()
  assert.ok(hello)
  // TLS 1.0 is the newest this device speaks: the version of a ClientHello, without extensions that say otherwise.
  const record = Uint8Array.of(
    22,
    3,
    1,
    0,
    45,
    1,
    0,
    0,
    41,
    3,
    1,
    ...new Uint8Array(32),
    0,
    0,
    2,
    0,
    47,
    1,
    0,
  )
  const eap = Uint8Array.of(2, hello.eap[1] ?? 0, 0, 6 + record.length, EapType.Tls, 0, ...record)
  const datagram = eapRequest(eap, hello.state, 50)
  const reply = await door.send(datagram)
  assert.equal(reply && readReply(reply, datagram).code, PacketCode.AccessChallenge, 'the alert')
  pass(door, 4 * SECOND)
  assert.deepEqual(codes(door), ['reject tls-no-common-version'])
  pass(door, 60 * SECOND)
  assert.equal(door.receipts.length, 1)
})

test('fail/the alert of the peer, which does not trust us: at once', async () => {
  const door = await doorOf()
  // It trusts a CA that signed nothing.
  const authorities = [DOOR_PKI.impostor.chain]
  const tls = { engine: new NodeTlsEngine(), authorities, serverName: false } as const
  const peer = eapTlsPeer({ ...tls, certificate: DOOR_PKI.alice })
  const methods = new Map([[EapType.Tls, peer]])
  const packet = await new EapClient(door, new EapPeer({ identity: 'alice@example.org', methods })).run()
  assert.equal(packet.code, PacketCode.AccessReject)
  assert.deepEqual(codes(door), ['reject tls-alert-unknown-ca'])
})

test('fail/a full table gives up a refused conversation: not without its receipt', async () => {
  const door = await doorOf(DISABLED, 3)
  await untilTold(door, eapPeer('eap-mschapv2'))
  for (let other = 1; other < 4; other++) {
    const client = new EapClient(door, eapPeer('eap-md5'), { number: 100 * other })
    const flight = await client.next()
    assert.ok(flight)
    await client.send(flight)
  }
  assert.equal(door.conversations.size, 3)
  assert.deepEqual(codes(door), ['reject account-disabled'])
})

test('fail/a server that stops writes down what it has told', async () => {
  const door = await doorOf(DISABLED)
  await untilTold(door, eapPeer('eap-mschapv2'))
  door.eap.close()
  assert.deepEqual(codes(door), ['reject account-disabled'])
  assert.equal(door.conversations.size, 0)
})
