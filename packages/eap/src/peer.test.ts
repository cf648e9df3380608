import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex, fromUtf8, toHex } from '@sallyport/bytes'
import fc from 'fast-check'
import { gtcPeer } from './methods/eap-gtc/peer.ts'
import { encodeFailure, encodeRequest, encodeSuccess } from './packet.ts'
import { EapPeer, type EapPeerAnswer, type EapPeerEvent, type EapPeerOptions } from './peer.ts'
import type { EapPeerMethod, PeerStep } from './peer-method.ts'

const NOTHING = new Uint8Array(0)
const gtc = gtcPeer({ password: 'secret' })

function peerOf(more: Partial<EapPeerOptions> = {}): EapPeer {
  return new EapPeer({ identity: 'alice', methods: new Map([[6, gtc]]), ...more })
}

async function responded(answer: EapPeerAnswer | Promise<EapPeerAnswer>): Promise<string> {
  const settled = await answer
  assert.equal(settled.kind, 'respond')
  return 'packet' in settled ? toHex(settled.packet) : ''
}

/** A method that gives one step to every request. */
function methodOf(
  step: PeerStep | (() => PeerStep | Promise<PeerStep>),
): ReadonlyMap<number, () => EapPeerMethod> {
  const respond = () => (typeof step === 'function' ? step() : step)
  return new Map([[6, () => ({ type: 6, respond, close: () => {} })]])
}

test('ok/identity, method, success', async () => {
  const peer = peerOf()
  assert.equal(await responded(peer.receive(encodeRequest(1, 1, NOTHING))), '0201000a01616c696365')
  assert.equal(await responded(peer.receive(encodeRequest(2, 6, NOTHING))), '0202000b06736563726574')
  assert.deepEqual(await peer.receive(encodeSuccess(2)), { kind: 'success', method: 'eap-gtc' })
})

test('ok/a notification is acknowledged at any time and changes nothing', async () => {
  const peer = peerOf()
  assert.equal(await responded(peer.receive(encodeRequest(1, 2, fromUtf8('hello')))), '0201000502')
  await peer.receive(encodeRequest(2, 6, NOTHING))
  assert.equal(await responded(peer.receive(encodeRequest(3, 2, fromUtf8('hello')))), '0203000502')
  assert.equal((await peer.receive(encodeSuccess(3))).kind, 'success')
})

test('ok/a retransmitted request gets the same response and reaches no method', async () => {
  let calls = 0
  const methods = methodOf(() => {
    calls += 1
    return { kind: 'send', data: Uint8Array.of(calls), decision: 'success' }
  })
  const peer = peerOf({ methods })
  const first = await responded(peer.receive(encodeRequest(2, 6, NOTHING)))
  assert.equal(await responded(peer.receive(encodeRequest(2, 6, NOTHING))), first)
  assert.equal(calls, 1)
})

test('ok/an unknown method is answered with a Nak of the own methods, in their order', async () => {
  const methods = new Map([
    [26, gtc],
    [6, gtc],
  ])
  assert.equal(await responded(peerOf({ methods }).receive(encodeRequest(2, 25, NOTHING))), '02020007031a06')
  const vendor = fromHex('00372a 00000001')
  assert.equal(
    await responded(peerOf({ methods }).receive(encodeRequest(2, 254, vendor))),
    '0202001cfe00000000000003fe0000000000001afe00000000000006',
  )
  assert.equal(
    await responded(peerOf({ methods: new Map() }).receive(encodeRequest(2, 25, NOTHING))),
    '020200060300',
  )
})

test('fail/no method in common: the failure says what was proposed', async () => {
  const peer = peerOf()
  await peer.receive(encodeRequest(2, 25, NOTHING))
  assert.deepEqual(await peer.receive(encodeFailure(2)), {
    kind: 'failure',
    reason: { code: 'no-common-method', detail: { proposed: 25, wanted: '6' } },
  })
})

test('fail/a Success that no method has earned is discarded', async () => {
  const fresh = peerOf()
  assert.equal((await fresh.receive(encodeSuccess(0))).kind, 'ignore')
  await fresh.receive(encodeRequest(1, 1, NOTHING))
  assert.equal((await fresh.receive(encodeSuccess(1))).kind, 'ignore')
  const undecided = peerOf({ methods: methodOf({ kind: 'send', data: NOTHING, decision: 'fail' }) })
  await undecided.receive(encodeRequest(2, 6, NOTHING))
  assert.equal((await undecided.receive(encodeSuccess(2))).kind, 'ignore')
  assert.equal(undecided.success(), undefined)
})

test('fail/an outcome with another identifier is discarded', async () => {
  const peer = peerOf()
  await peer.receive(encodeRequest(2, 6, NOTHING))
  for (const packet of [encodeSuccess(1), encodeSuccess(3), encodeFailure(1), encodeFailure(3)]) {
    assert.equal((await peer.receive(packet)).kind, 'ignore')
  }
  assert.equal((await peer.receive(encodeSuccess(2))).kind, 'success')
  assert.equal((await peer.receive(encodeSuccess(2))).kind, 'ignore', 'after the end')
})

test('fail/EAP-Failure: the reason of the method, or that the server said so', async () => {
  const plain = peerOf()
  await plain.receive(encodeRequest(2, 6, NOTHING))
  assert.deepEqual(await plain.receive(encodeFailure(2)), {
    kind: 'failure',
    reason: { code: 'server-reported-failure' },
    method: 'eap-gtc',
  })
  const reason = { code: 'refused' } as const
  const knowing = peerOf({ methods: methodOf({ kind: 'send', data: NOTHING, decision: 'fail', reason }) })
  await knowing.receive(encodeRequest(2, 6, NOTHING))
  assert.deepEqual(await knowing.receive(encodeFailure(2)), { kind: 'failure', reason, method: 'eap-gtc' })
})

test('fail/a second method in one conversation, a response, malformed octets', async () => {
  const methods = new Map([
    [6, gtc],
    [4, gtc],
  ])
  const peer = peerOf({ methods })
  await peer.receive(encodeRequest(2, 6, NOTHING))
  assert.equal((await peer.receive(encodeRequest(3, 4, NOTHING))).kind, 'ignore')
  assert.equal((await peer.receive(fromHex('0203000506'))).kind, 'ignore')
  assert.equal((await peer.receive(fromHex('01030006 06'))).kind, 'ignore')
})

test('bug/an exception in a method is a failure', async () => {
  const broken = new Error('broken')
  const throwing = (): PeerStep => {
    throw broken
  }
  for (const respond of [throwing, () => Promise.reject(broken)]) {
    const answer = await peerOf({ methods: methodOf(respond) }).receive(encodeRequest(2, 6, NOTHING))
    assert.ok(
      answer.kind === 'failure' && answer.reason.code === 'internal' && answer.reason.cause === broken,
    )
  }
})

test('busy/one step at a time; a step that ends after close() says nothing', async () => {
  const { promise, resolve } = Promise.withResolvers<PeerStep>()
  const peer = peerOf({ methods: methodOf(() => promise) })
  const pending = peer.receive(encodeRequest(2, 6, NOTHING))
  assert.equal((await peer.receive(encodeRequest(3, 6, NOTHING))).kind, 'ignore')
  peer.close()
  resolve({ kind: 'send', data: NOTHING, decision: 'success' })
  assert.equal((await pending).kind, 'ignore')
})

test('the trace tells both directions in plain words, without the password', async () => {
  const events: EapPeerEvent[] = []
  const peer = peerOf({ trace: (event) => events.push(event) })
  await peer.receive(encodeRequest(1, 1, NOTHING))
  await peer.receive(encodeRequest(2, 25, NOTHING))
  await peer.receive(encodeRequest(3, 6, fromUtf8('Password')))
  await peer.receive(encodeSuccess(3))
  assert.deepEqual(
    events.map(({ direction, text }) => `${direction} ${text}`),
    [
      'received EAP-Request/Identity, identifier 1',
      'sent EAP-Response/Identity "alice", identifier 1',
      'received EAP-Request/peap, 0 octets, identifier 2',
      'sent EAP-Response/Nak, asks for eap-gtc, identifier 2',
      'received EAP-Request/eap-gtc prompt "Password", identifier 3',
      'sent EAP-Response/eap-gtc, identifier 3',
      'received EAP-Success, identifier 3',
    ],
  )
})

test('property/any octets are answered or discarded', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 5 }), async (packets) => {
      const peer = peerOf({ trace: () => {} })
      for (const packet of packets) await peer.receive(packet)
    }),
  )
})
