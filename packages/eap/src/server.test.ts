import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromUtf8, toHex } from '@sallyport/bytes'
import { DONE, ScriptedMethod } from '../test/scripted-method.ts'
import { EapError } from './error.ts'
import type { EapMethodFactory, MethodContext, Step } from './method.ts'
import { encodeResponse } from './packet.ts'
import { type EapAnswer, EapServer, type EapServerOptions } from './server.ts'

const alice = fromUtf8('alice')
const REFUSED: Step = { kind: 'fail', reason: { code: 'refused' } }

function serverOf(methods: readonly ScriptedMethod[], more: Partial<EapServerOptions> = {}): EapServer {
  return new EapServer({
    methods: new Map(methods.map((method) => [method.type, method.factory])),
    offer: () => methods.map((method) => method.type),
    randomBytes: (length) => new Uint8Array(length).fill(9),
    ...more,
  })
}

/** The request in an answer: [identifier, type]. */
function requested(answer: EapAnswer): readonly [number, number] {
  assert.equal(answer.kind, 'request')
  const packet = 'packet' in answer ? answer.packet : new Uint8Array(5)
  return [packet[1] as number, packet[4] as number]
}

/** For conversations in which every step is synchronous. */
function now<T>(value: T | Promise<T>): T {
  assert.ok(!(value instanceof Promise), 'a promise where none was needed')
  return value
}

test('ok/server speaks first: Identity, method, done, success', () => {
  const method = new ScriptedMethod(4, [{ kind: 'send', data: fromUtf8('more') }, DONE])
  const server = serverOf([method])
  assert.deepEqual(requested(server.start()), [10, 1])
  assert.deepEqual(requested(now(server.receive(encodeResponse(10, 1, alice)))), [11, 4])
  assert.equal(server.identity, 'alice')
  assert.deepEqual(requested(now(server.receive(encodeResponse(11, 4, fromUtf8('one'))))), [12, 4])
  const done = now(server.receive(encodeResponse(12, 4, fromUtf8('two'))))
  assert.equal(done.kind, 'done')
  assert.equal(toHex(server.success()), '030c0004')
  assert.equal(method.closed, 1)
})

test('ok/the RADIUS client asked for the identity itself: numbering goes on from its response', () => {
  const server = serverOf([new ScriptedMethod(4)])
  assert.deepEqual(requested(now(server.receive(encodeResponse(255, 1, alice)))), [0, 4])
})

test('ok/the method sees identity, next identifier and mtu', () => {
  const seen: MethodContext[] = []
  const factory: EapMethodFactory = (context) => {
    seen.push(context)
    return new ScriptedMethod(4)
  }
  const server = serverOf([], {
    methods: new Map([[4, factory]]),
    offer: () => [4],
  })
  now(server.receive(encodeResponse(41, 1, alice), 1400))
  assert.equal(seen[0]?.identity, 'alice')
  assert.equal(seen[0]?.mtu, 1400)
  assert.equal(seen[0]?.identifier(), 43, 'request 42 is out, so the next step goes in 43')
})

test('ok/an asynchronous offer and method', async () => {
  const server = serverOf([new ScriptedMethod(4, [Promise.resolve(DONE)])], { offer: async () => [4] })
  assert.deepEqual(requested(await server.receive(encodeResponse(1, 1, alice))), [2, 4])
  assert.equal((await server.receive(encodeResponse(2, 4, alice))).kind, 'done')
})

test('ok/a late duplicate of the last response gets the same request again', () => {
  const method = new ScriptedMethod(4)
  const server = serverOf([method])
  const identity = encodeResponse(1, 1, alice)
  const first = now(server.receive(identity))
  assert.deepEqual(now(server.receive(identity)), first)
  const response = encodeResponse(2, 4, alice)
  const second = now(server.receive(response))
  assert.deepEqual(now(server.receive(response)), second)
  assert.equal(method.heard.length, 1)
  // One round further back is nobody's retransmission.
  assert.equal(now(server.receive(identity)).kind, 'ignore')
  // The old identifier with other data is not a duplicate either.
  assert.equal(now(server.receive(encodeResponse(2, 4, fromUtf8('other')))).kind, 'ignore')
})

test('ok/what arrives may be overwritten once receive() has returned', async () => {
  const method = new ScriptedMethod(4)
  const server = serverOf([method], { offer: async () => [4] })
  await server.receive(encodeResponse(1, 1, alice))
  const response = encodeResponse(2, 4, alice)
  const again = response.slice()
  const answer = now(server.receive(response))
  response.fill(0)
  assert.deepEqual(method.heard[0], alice)
  assert.deepEqual(now(server.receive(again)), answer)
})

test('ok/Nak: the next of our offer that the peer lists', () => {
  const methods = [25, 13, 21, 4].map((type) => new ScriptedMethod(type))
  const server = serverOf(methods)
  assert.deepEqual(requested(now(server.receive(encodeResponse(1, 1, alice)))), [2, 25])
  // The peer would rather have 4; our order decides.
  assert.deepEqual(requested(now(server.receive(encodeResponse(2, 3, Uint8Array.of(4, 21))))), [3, 21])
  assert.equal(methods[0]?.closed, 1)
  assert.deepEqual(requested(now(server.receive(encodeResponse(3, 3, Uint8Array.of(4, 13))))), [4, 13])
})

test('ok/last words: data of a failure goes out, any response is taken, then the failure', () => {
  const reason = { code: 'tls-alert-received' } as const
  const method = new ScriptedMethod(13, [{ kind: 'fail', reason, data: fromUtf8('alert') }])
  const server = serverOf([method])
  now(server.receive(encodeResponse(1, 1, alice)))
  assert.deepEqual(requested(now(server.receive(encodeResponse(2, 13, alice)))), [3, 13])
  assert.equal(method.closed, 1)
  assert.equal(now(server.receive(encodeResponse(9, 13, alice))).kind, 'ignore')
  assert.deepEqual(now(server.receive(encodeResponse(3, 13, new Uint8Array(0)))), {
    kind: 'failure',
    reason,
    identity: 'alice',
    method: 'eap-tls',
  })
  assert.equal(toHex(server.failure()), '04030004')
})

test('ok/a notification is shown before the failure', () => {
  const server = serverOf([new ScriptedMethod(4, [REFUSED])])
  assert.equal(server.notify('too early').kind, 'ignore')
  now(server.receive(encodeResponse(1, 1, alice)))
  const failure = now(server.receive(encodeResponse(2, 4, alice)))
  assert.deepEqual(requested(server.notify('Your password has expired')), [3, 2])
  assert.deepEqual(now(server.receive(encodeResponse(3, 2, new Uint8Array(0)))), failure)
  assert.equal(toHex(server.failure()), '04030004')
})

test('fail/nothing is offered to this identity, or nothing that can be run', () => {
  for (const offer of [[], [43]]) {
    const server = serverOf([new ScriptedMethod(4)], { offer: () => offer })
    const answer = now(server.receive(encodeResponse(1, 1, alice)))
    assert.ok(answer.kind === 'failure' && answer.reason.code === 'no-common-method')
    assert.equal(answer.identity, 'alice')
    assert.equal(toHex(server.failure()), '04010004')
  }
})

test('fail/the verifier said no', () => {
  const server = serverOf([new ScriptedMethod(4, [REFUSED])])
  now(server.receive(encodeResponse(1, 1, alice)))
  assert.deepEqual(now(server.receive(encodeResponse(2, 4, alice))), {
    kind: 'failure',
    reason: { code: 'refused' },
    identity: 'alice',
    method: 'eap-md5',
  })
})

test('unavailable/silence, also for whatever comes afterwards', () => {
  const method = new ScriptedMethod(4, [{ kind: 'unavailable' }])
  const server = serverOf([method])
  now(server.receive(encodeResponse(1, 1, alice)))
  assert.deepEqual(now(server.receive(encodeResponse(2, 4, alice))), { kind: 'unavailable' })
  assert.deepEqual(now(server.receive(encodeResponse(2, 4, alice))), { kind: 'unavailable' })
  assert.equal(method.heard.length, 1)
  assert.equal(method.closed, 1)
})

test('busy/one step at a time: a second packet is discarded while a step is in flight', async () => {
  const { promise, resolve } = Promise.withResolvers<Step>()
  const method = new ScriptedMethod(4, [promise])
  const server = serverOf([method])
  now(server.receive(encodeResponse(1, 1, alice)))
  const pending = server.receive(encodeResponse(2, 4, alice))
  assert.equal(now(server.receive(encodeResponse(2, 4, alice))).kind, 'ignore')
  assert.equal(now(server.receive(encodeResponse(2, 4, fromUtf8('other')))).kind, 'ignore')
  resolve(DONE)
  assert.equal((await pending).kind, 'done')
  assert.equal(method.heard.length, 1)
})

test('close/an answer in flight becomes silence, and the method is closed', async () => {
  const { promise, resolve } = Promise.withResolvers<Step>()
  const method = new ScriptedMethod(4, [promise])
  const server = serverOf([method])
  now(server.receive(encodeResponse(1, 1, alice)))
  const pending = server.receive(encodeResponse(2, 4, alice))
  server.close()
  resolve(DONE)
  assert.equal((await pending).kind, 'ignore')
  assert.ok(method.closed > 0)
  assert.equal(now(server.receive(encodeResponse(2, 4, alice))).kind, 'ignore')
})

test('close/a method that is proposed after the close is closed too', async () => {
  const { promise, resolve } = Promise.withResolvers<readonly number[]>()
  const method = new ScriptedMethod(4)
  const server = serverOf([method], { offer: () => promise })
  const pending = server.receive(encodeResponse(1, 1, alice))
  server.close()
  resolve([4])
  assert.equal((await pending).kind, 'ignore')
  assert.equal(method.closed, 1)
})

test('bug/an exception in a method or an offer is a failure, never an accept or a crash', async () => {
  const broken = new Error('broken')
  const throwing = () => {
    throw broken
  }
  for (const script of [throwing, () => Promise.reject(broken)]) {
    const server = serverOf([new ScriptedMethod(4, [script])])
    await server.receive(encodeResponse(1, 1, alice))
    const answer = await server.receive(encodeResponse(2, 4, alice))
    assert.ok(answer.kind === 'failure' && answer.reason.code === 'internal')
    assert.equal(answer.reason.cause, broken)
  }
  for (const offer of [throwing, () => Promise.reject(broken)]) {
    const answer = await serverOf([], { offer }).receive(encodeResponse(1, 1, alice))
    assert.ok(answer.kind === 'failure' && answer.reason.code === 'internal')
  }
})

test('success() is refused before a method is done', () => {
  const isRefused = (error: unknown) => error instanceof EapError && error.code === 'success-without-proof'
  const server = serverOf([new ScriptedMethod(4, [REFUSED])])
  assert.throws(() => server.success(), isRefused)
  now(server.receive(encodeResponse(1, 1, alice)))
  assert.throws(() => server.success(), isRefused)
  now(server.receive(encodeResponse(2, 4, alice)))
  assert.throws(() => server.success(), isRefused)
})

test('standing tells how far the peer came, also after the conversation was closed', () => {
  const server = serverOf([new ScriptedMethod(4, [{ kind: 'send', data: fromUtf8('more') }, REFUSED_LOUDLY])])
  assert.deepEqual(server.standing, { at: 'identity' })
  server.start()
  now(server.receive(encodeResponse(10, 1, alice)))
  assert.deepEqual(server.standing, { at: 'proposed', method: 'eap-md5' })
  now(server.receive(encodeResponse(11, 4, fromUtf8('one'))))
  assert.deepEqual(server.standing, { at: 'method', method: 'eap-md5' })
  now(server.receive(encodeResponse(12, 4, fromUtf8('two'))))
  server.close()
  assert.deepEqual(server.standing, { at: 'end', told: { failure: { code: 'refused' }, isFinal: true } })
})

const REFUSED_LOUDLY: Step = { kind: 'fail', reason: { code: 'refused' }, data: fromUtf8('because') }
