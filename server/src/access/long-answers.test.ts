/** Answers beside Proxy-States that nearly fill a packet. All of them come back, or nothing does (RFC 2865 section 5.33). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromUtf8 } from '@sallyport/bytes'
import { type Attribute, attribute, inspect, PacketCode, type PacketView, Secret } from '@sallyport/radius'
import {
  EapMessage,
  ProxyState,
  ReplyMessage,
  State,
  UserName,
  UserPassword,
} from '@sallyport/radius/attributes'
import { Door, NAS, SECRET } from '../../test/door.ts'
import { EapClient, eapPeer } from '../../test/eap-client.ts'
import { proof, readReply, request } from '../../test/requests.ts'
import { type Receipt, ReceiptIds } from '../journal/index.ts'
import { reason } from '../reasons/index.ts'
import type { AccessRequest } from './access-request.ts'
import { Conclusion } from './conclusion.ts'
import { encodeRefusal } from './encode-answer.ts'

const MOST = 4096
/** Header and Message-Authenticator. */
const FRAME = 20 + 18

/** Proxy-States of so many octets, headers included. */
function proxyStates(octets: number): Attribute[] {
  const states: Attribute[] = []
  for (let left = octets; left > 0; ) {
    // No attribute is shorter than three octets: the last but one leaves room for it.
    const length = left > 255 && left < 258 ? 200 : Math.min(left, 255)
    states.push(attribute(ProxyState, new Uint8Array(length - 2).fill(states.length)))
    left -= length
  }
  return states
}

/** A request that is full: the attributes, and Proxy-States up to `spare` octets below the limit. */
function full(attributes: readonly Attribute[], spare = 0, id = 1): Uint8Array {
  const room = MOST - spare - request(attributes, { id }).length
  const datagram = request([...attributes, ...proxyStates(room)], { id })
  assert.equal(datagram.length, MOST - spare)
  return datagram
}

async function ask(door: Door, datagram: Uint8Array): Promise<PacketView | undefined> {
  const reply = await door.send(datagram)
  if (reply === undefined) return undefined
  const packet = readReply(reply, datagram)
  assert.ok(reply.length <= MOST)
  return packet
}

function statesOf(packet: PacketView | undefined): string[] {
  return (packet?.getAll(ProxyState) ?? []).map((state) => `${state.length} ${state[0]}`)
}

async function openDoor(): Promise<Door> {
  const door = await Door.open()
  await door.users.add('alice')
  return door
}

/** As the port would give it on, had it let it in: a proxied request without Message-Authenticator is dropped there. */
function requestOf(datagram: Uint8Array): AccessRequest {
  const inspected = inspect(datagram)
  assert.ok(inspected.ok)
  const read = { name: 'nas', vendor: 'other', attributes: {}, connections: new Map() }
  const client = read as unknown as AccessRequest['client'] // all that is read
  const times = { receivedAt: 0, startedAt: 0, verifiedAt: 0 }
  return { packet: inspected.packet, client, secret: new Secret(SECRET), source: NAS, ...times }
}

const alice = (...more: readonly Attribute[]): Attribute[] => [attribute(UserName, 'alice'), ...more]

test('ok/ a reject fits beside whatever a signed request carried, with every Proxy-State in order', async () => {
  const door = await openDoor()
  const datagram = full(alice(attribute(UserPassword, fromUtf8('wrong'))))
  const packet = await ask(door, datagram)
  assert.equal(packet?.code, PacketCode.AccessReject)
  assert.equal(statesOf(packet).length, 16)
  assert.deepEqual(
    statesOf(packet).map((state) => state.split(' ')[1]),
    Array.from({ length: 16 }, (_, at) => `${at}`),
  )
  assert.equal(door.receipt.reason.code, 'wrong-password')
  assert.equal((await door.drops()).get('internal-error'), undefined)
})

test('ok/ what a reject gives up first: Reply-Message, then all but EAP-Failure, then that', () => {
  const failure = attribute(EapMessage, Uint8Array.of(4, 1, 0, 4))
  const all: readonly Attribute[] = [
    failure,
    attribute(ReplyMessage, 'x'.repeat(40)),
    attribute(State, new Uint8Array(18)),
  ]
  const left = (octets: number): readonly number[] | undefined => {
    const datagram = request(proxyStates(MOST - FRAME - octets), { id: 1, messageAuthenticator: false })
    const refusal = encodeRefusal(requestOf(datagram), all)
    return refusal?.attributes.map((each) => all.indexOf(each))
  }
  assert.deepEqual(left(68), [0, 1, 2])
  assert.deepEqual(left(67), [0, 2])
  assert.deepEqual(left(26), [0, 2])
  assert.deepEqual(left(25), [0])
  assert.deepEqual(left(6), [0])
  assert.deepEqual(left(5), [])
  assert.deepEqual(left(0), [])
  assert.equal(left(-1), undefined)
})

test('fail/ no room for an accept: a reject, never a shorter accept', async () => {
  const door = await openDoor()
  const packet = await ask(door, full(alice(...proof('pap'))))
  assert.equal(packet?.code, PacketCode.AccessReject)
  assert.equal(statesOf(packet).length, 16)
  assert.deepEqual([door.receipt.outcome, door.receipt.reason.code], ['reject', 'reply-unbuildable'])
})

test('ok/ EAP goes on in smaller pieces beside Proxy-State', async () => {
  const door = await openDoor()
  const about = [attribute(UserName, 'alice@example.org'), ...proxyStates(2900)]
  // 1400 octets at a time, the default, would not fit.
  const packet = await new EapClient(door, eapPeer('peap'), { about }).run()
  assert.equal(packet.code, PacketCode.AccessAccept)
  assert.equal(statesOf(packet).length, 12)
})

test('fail/ no room for a challenge: a reject with EAP-Failure, and the conversation is over', async () => {
  const door = await openDoor()
  const response = Uint8Array.of(2, 7, 0, 10, 1, ...Buffer.from('alice'))
  const packet = await ask(door, full(alice(attribute(EapMessage, response))))
  assert.equal(packet?.code, PacketCode.AccessReject)
  assert.deepEqual([...(packet?.get(EapMessage) ?? [])], [4, 7, 0, 4])
  assert.equal(statesOf(packet).length, 16)
  assert.deepEqual([door.receipt.outcome, door.receipt.reason.code], ['reject', 'challenge-too-long'])
  assert.equal(door.conversations.size, 0)
})

test('fail/ no room for a reject either: silence with a reason, and nothing may be resumed', async () => {
  const door = await openDoor()
  const receipts: Receipt[] = []
  const conclusion = new Conclusion({
    ids: new ReceiptIds(door.clock),
    journal: { record: (make) => void receipts.push(make()) },
    log: { isLevelEnabled: () => false } as never, // it writes nothing
    monotonic: () => 0,
    count: () => {},
  })
  const unsigned = request(proxyStates(MOST - 20), { messageAuthenticator: false })
  const failed = { reason: reason('wrong-password', { user: 'alice' }), attributes: [] }
  const called: string[] = []
  const proved = {
    user: { id: '1', name: 'alice', source: 'local', groups: [], attributes: {} },
    realm: '',
    method: 'pap',
    outerIdentity: 'alice',
  } as const
  const answers = [
    conclusion.fail(requestOf(unsigned), door.served, failed),
    await conclusion.decide(requestOf(unsigned), door.served, {
      proved,
      grant: () => [],
      deny: () => [],
      envelope: { success: () => [], failure: () => [] },
      release: () => called.push('release'),
      withdraw: () => called.push('withdraw'),
      provedAt: 0,
    }),
  ]
  for (const answer of answers) {
    assert.deepEqual(answer.kind === 'silence' && answer.reason, reason('reject-too-long', { client: 'nas' }))
    answer.sent?.()
  }
  assert.deepEqual(
    receipts.map((receipt) => [receipt.outcome, receipt.reason.code]),
    [
      ['drop', 'reject-too-long'],
      ['drop', 'reject-too-long'],
    ],
  )
  assert.deepEqual(called, ['withdraw'])
})
