import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { MessageChannel } from 'node:worker_threads'
import { attribute, encodeRequest, inspect, PacketCode, type PacketView, Secret } from '@sallyport/radius'
import { State, UserName } from '@sallyport/radius/attributes'
import { Metrics } from '../../kernel/metrics.ts'
import { Handover } from './handover.ts'

const SOURCE = { address: '192.0.2.1', port: 1645 }
const OF_WORKER_1 = Uint8Array.of(0, 1, ...Array(16).fill(7))

function packet(code: number, state: Uint8Array): PacketView {
  const attributes = [attribute(UserName, 'alice'), attribute(State, state)]
  const octets = encodeRequest({ code, id: 1, secret: new Secret('of the client'), attributes })
  const inspected = inspect(octets)
  assert.ok(inspected.ok)
  return inspected.packet
}

function open(context: TestContext) {
  const { port1, port2 } = new MessageChannel()
  const receive = (): void => {}
  const peers = new Map([[1, port1]])
  const handover = new Handover({ node: 0, worker: 0, peers, receive, metrics: new Metrics() })
  context.after(() => handover.close())
  return { handover, peer: port2 }
}

test('ok/a login goes to the worker its State names, and the answer comes back', async (context) => {
  const { handover, peer } = open(context)
  const login = packet(PacketCode.AccessRequest, OF_WORKER_1)
  const answered = Promise.withResolvers<Uint8Array>()
  assert.equal(handover.pass(login, SOURCE, answered.resolve), true)
  const [[kind, id, octets, source]] = await once(peer, 'message')
  assert.deepEqual([kind, source], ['datagram', SOURCE])
  assert.deepEqual(Buffer.from(octets), Buffer.from(login.octets))
  peer.postMessage(['answer', id, Uint8Array.of(2)])
  assert.deepEqual(await answered.promise, Uint8Array.of(2))
})

test('fail/our own State, an unknown worker, another node, another length: it stays here', (context) => {
  const { handover } = open(context)
  const states = [
    [0, 0],
    [0, 9],
    [1, 1],
  ].map((head) => Uint8Array.of(...head, ...Array(16).fill(7)))
  for (const state of [...states, OF_WORKER_1.subarray(1)])
    assert.equal(
      handover.pass(packet(PacketCode.AccessRequest, state), SOURCE, () => assert.fail()),
      false,
    )
})

test('fail/accounting with a State is nobody else to store: the other side would drop it', (context) => {
  const { handover } = open(context)
  for (const code of [PacketCode.AccountingRequest, PacketCode.StatusServer])
    assert.equal(
      handover.pass(packet(code, OF_WORKER_1), SOURCE, () => assert.fail()),
      false,
    )
})
