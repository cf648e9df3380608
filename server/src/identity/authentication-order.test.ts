import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AuthenticationOrder } from './authentication-order.ts'
import { RealmTable } from './realms.ts'
import type { AuthenticationOutcome, IdentitySource, MaybePromise } from './source.ts'

const proof = { form: 'password', password: Buffer.from('secret') } as const
const yes: AuthenticationOutcome = {
  kind: 'authenticated',
  user: { id: '1', name: 'alice', source: 'b', groups: [], attributes: {} },
}
const notFound: AuthenticationOutcome = { kind: 'not-found' }
const wrong: AuthenticationOutcome = { kind: 'wrong-password' }
const away: AuthenticationOutcome = { kind: 'unavailable', why: 'no answer' }

function source(name: string, answer: () => MaybePromise<AuthenticationOutcome>): IdentitySource {
  return { name, kind: 'local', forms: new Set(['password']), authenticate: answer, resolve: answer }
}

function orderOf(answers: Readonly<Record<string, AuthenticationOutcome | Error>>, errors: unknown[] = []) {
  const sources = Object.entries(answers).map(([name, answer]) =>
    source(name, () => {
      if (answer instanceof Error) throw answer
      return answer
    }),
  )
  const realms = new RealmTable([{ name: 'home', default: true, sources: Object.keys(answers) }])
  return new AuthenticationOrder(realms, sources, (_, error) => errors.push(error))
}

async function kindsOf(answers: Readonly<Record<string, AuthenticationOutcome | Error>>) {
  const { outcome, tried } = await orderOf(answers).authenticate('alice', proof)
  return [outcome.kind, ...tried.map((attempt) => attempt.outcome.kind)]
}

test('not found goes on, everything a source knows is final', async () => {
  assert.deepEqual(await kindsOf({ a: notFound, b: yes }), ['authenticated', 'not-found', 'authenticated'])
  assert.deepEqual(await kindsOf({ a: wrong, b: yes }), ['wrong-password', 'wrong-password'])
  for (const kind of ['disabled', 'empty-password', 'must-change-password', 'outside-logon-hours'] as const) {
    assert.deepEqual(await kindsOf({ a: { kind }, b: yes }), [kind, kind])
  }
  assert.deepEqual(await kindsOf({ a: notFound, b: notFound }), ['not-found', 'not-found', 'not-found'])
})

test('unavailable goes on, and is never turned into an unknown user', async () => {
  assert.deepEqual(await kindsOf({ a: away, b: yes }), ['authenticated', 'unavailable', 'authenticated'])
  assert.deepEqual(await kindsOf({ a: away, b: notFound }), ['unavailable', 'unavailable', 'not-found'])
  assert.deepEqual(await kindsOf({ a: notFound, b: away }), ['unavailable', 'not-found', 'unavailable'])
})

test('a source that throws is unavailable, and its error is told', async () => {
  const errors: unknown[] = []
  const { outcome } = await orderOf({ a: new Error('boom'), b: notFound }, errors).authenticate(
    'alice',
    proof,
  )
  assert.deepEqual(outcome, { kind: 'unavailable', why: 'the source failed' })
  assert.match(String(errors[0]), /boom/)

  const rejecting = source('a', () => Promise.reject(new Error('late')))
  const realms = new RealmTable([{ name: 'home', default: true, sources: ['a'] }])
  const order = new AuthenticationOrder(realms, [rejecting], (_, error) => errors.push(error))
  assert.equal((await order.authenticate('alice', proof)).outcome.kind, 'unavailable')
  assert.match(String(errors[1]), /late/)
})

test('a source the realm names but nobody configured is unavailable, not skipped', async () => {
  const realms = new RealmTable([{ name: 'home', default: true, sources: ['gone'] }])
  const order = new AuthenticationOrder(realms, [], () => {})
  const { outcome } = await order.authenticate('alice', proof)
  assert.deepEqual(outcome, { kind: 'unavailable', why: 'the source is not configured' })
})

test('sources that answer at once take no promise', () => {
  const answer = orderOf({ a: notFound, b: yes }).authenticate('alice', proof)
  assert.ok(!(answer instanceof Promise))
})

test('a name that is refused or of an unknown realm asks nobody', async () => {
  const order = orderOf({ a: yes })
  assert.deepEqual(await order.authenticate('a@b@c', proof), {
    outcome: { kind: 'name-refused', fault: 'two-realms' },
    tried: [],
  })
  const { outcome, tried } = await order.authenticate('alice@elsewhere.org', proof)
  assert.deepEqual(outcome, { kind: 'realm-unknown', realm: 'elsewhere.org' })
  assert.deepEqual(tried, [])
})

test('a source that cannot change passwords says so', async () => {
  const octets = new Uint8Array(16)
  const change = {
    encryptedPassword: octets,
    encryptedHash: octets,
    authenticatorChallenge: octets,
    peerChallenge: octets,
    ntResponse: octets,
    userName: 'alice',
  }
  assert.equal((await orderOf({ a: yes }).changePassword('alice', change)).outcome.kind, 'change-refused')
})
