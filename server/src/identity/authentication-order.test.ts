import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Authentication, AuthenticationOrder } from './authentication-order.ts'
import type { GoingOn } from './going-on.ts'
import { RealmTable } from './realms.ts'
import type {
  AuthenticationOutcome,
  IdentitySource,
  MaybePromise,
  PasswordChange,
  ProofForm,
} from './source.ts'

const proof = { form: 'password', password: Buffer.from('secret') } as const
const yes: AuthenticationOutcome = {
  kind: 'authenticated',
  user: { id: '1', name: 'alice', source: 'b', groups: [], attributes: {} },
}
const notFound: AuthenticationOutcome = { kind: 'not-found' }
const wrong: AuthenticationOutcome = { kind: 'wrong-password' }
const away: AuthenticationOutcome = { kind: 'unavailable', why: 'no answer' }

function source(
  name: string,
  answer: () => MaybePromise<AuthenticationOutcome>,
  forms: readonly ProofForm[] = ['password', 'mschapv2', 'certificate'],
): IdentitySource {
  return { name, kind: 'local', forms: new Set(forms), authenticate: answer, resolve: answer }
}

function orderOf(answers: Readonly<Record<string, AuthenticationOutcome | Error>>, errors: unknown[] = []) {
  const sources = Object.entries(answers).map(([name, answer]) =>
    source(name, () => {
      if (answer instanceof Error) throw answer
      return answer
    }),
  )
  return orderOver(sources, [], errors)
}

function orderOver(
  sources: readonly IdentitySource[],
  settings: readonly GoingOn[] = [],
  errors: unknown[] = [],
) {
  const names = sources.map(({ name }) => name)
  const realms = new RealmTable([{ name: 'home', default: true, sources: names }])
  return new AuthenticationOrder(realms, sources, (_, error) => errors.push(error), settings)
}

/** What a source of the table below does; `!`: onUnavailable stop, `>`: onWrongPassword next, `-`: lacks the form. */
const WORDS: Readonly<Record<string, AuthenticationOutcome>> = {
  ...{ yes, unknown: notFound, wrong, away },
  'no-password': { kind: 'no-password' },
  disabled: { kind: 'disabled' },
  expired: { kind: 'password-expired', since: '2026-01-01T00:00:00.000Z' },
  locked: { kind: 'locked' },
  'must-change': { kind: 'must-change-password' },
  hours: { kind: 'outside-logon-hours' },
  empty: { kind: 'empty-password' },
  'wrong-form': { kind: 'form-unsupported', form: 'chap', storage: 'argon2id' },
}

/** Words of the sources in their order -> how many are asked or passed over, and the outcome. */
const TABLE: readonly (readonly [words: string, tried: number, outcome: AuthenticationOutcome['kind']])[] = [
  // The first source that knows the user decides.
  ['yes unknown', 1, 'authenticated'],
  ['unknown yes', 2, 'authenticated'],
  ['unknown unknown', 2, 'not-found'],
  ['wrong yes', 1, 'wrong-password'],
  ['unknown wrong yes', 2, 'wrong-password'],
  ['no-password yes', 1, 'no-password'],
  ['disabled yes', 1, 'disabled'],
  ['expired yes', 1, 'password-expired'],
  ['locked yes', 1, 'locked'],
  ['must-change yes', 1, 'must-change-password'],
  ['hours yes', 1, 'outside-logon-hours'],
  ['empty yes', 1, 'empty-password'],
  ['wrong-form yes', 1, 'form-unsupported'],
  // onWrongPassword: next
  ['wrong> yes', 2, 'authenticated'],
  ['no-password> yes', 2, 'authenticated'],
  ['wrong> unknown', 2, 'wrong-password'],
  ['unknown wrong>', 2, 'wrong-password'],
  ['wrong> wrong> unknown', 3, 'wrong-password'],
  ['wrong> disabled', 2, 'disabled'],
  ['wrong> away', 2, 'unavailable'],
  ['wrong> -yes', 2, 'wrong-password'],
  ['locked> yes', 1, 'locked'],
  // Silence is never "unknown", and never a reject.
  ['away yes', 2, 'authenticated'],
  ['away unknown', 2, 'unavailable'],
  ['unknown away', 2, 'unavailable'],
  ['away wrong', 2, 'unavailable'],
  ['away disabled', 2, 'unavailable'],
  ['away wrong> unknown', 3, 'unavailable'],
  ['away -yes', 2, 'unavailable'],
  ['away! yes', 1, 'unavailable'],
  ['unknown away! yes', 2, 'unavailable'],
  ['wrong> away! yes', 2, 'unavailable'],
  // A source that cannot check the form for anybody is passed over.
  ['-yes yes', 2, 'authenticated'],
  ['-away yes', 2, 'authenticated'],
  ['-yes unknown', 2, 'form-unsupported'],
  ['unknown -yes', 2, 'form-unsupported'],
  ['-yes', 1, 'form-unsupported'],
  ['-yes wrong', 2, 'wrong-password'],
  ['-yes disabled', 2, 'disabled'],
  ['-yes away', 2, 'unavailable'],
]

test('the table of the authentication order', async (t) => {
  for (const [words, count, kind] of TABLE) {
    await t.test(`${words}: ${kind}`, async () => {
      const asked: string[] = []
      const settings: GoingOn[] = []
      const sources = words.split(' ').map((text, index) => {
        const name = `source-${index}`
        const word = WORDS[text.replace(/[-!>](?=$|yes|away)/g, '')]
        assert.ok(word, text)
        const onWrongPassword = text.endsWith('>') ? 'next' : 'stop'
        const onUnavailable = text.endsWith('!') ? 'stop' : 'next'
        settings.push({ name, onWrongPassword, onUnavailable })
        return source(
          name,
          () => {
            asked.push(name)
            return word
          },
          text.startsWith('-') ? [] : ['password'],
        )
      })
      const { outcome, tried } = await orderOver(sources, settings).authenticate('alice', proof)
      assert.equal(outcome.kind, kind)
      assert.equal(tried.length, count)
      const passedOver = tried.filter(({ isPassedOver }) => isPassedOver)
      assert.equal(asked.length + passedOver.length, count, 'who is passed over is not asked')
      assert.ok(passedOver.every((word) => word.outcome.kind === 'form-unsupported'))
    })
  }
})

test('of two wrong passwords the first is told, with what its source counted', async () => {
  const counted = { kind: 'wrong-password', failures: 2, lockoutThreshold: 5 } as const
  const sources = [source('a', () => counted), source('b', () => wrong)]
  const goingOn = { name: 'a', onWrongPassword: 'next', onUnavailable: 'next' } as const
  assert.equal((await orderOver(sources, [goingOn]).authenticate('alice', proof)).outcome, counted)
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

const octets = new Uint8Array(16)
const change: PasswordChange = {
  encryptedPassword: octets,
  encryptedHash: octets,
  authenticatorChallenge: octets,
  peerChallenge: octets,
  ntResponse: octets,
  userName: 'alice',
}

test('a password is changed by the source that knows the user, past those that cannot', async () => {
  const changes = (name: string, answer: AuthenticationOutcome, forms?: readonly ProofForm[]) => ({
    ...source(name, () => notFound, forms),
    changePassword: () => answer,
  })
  const kindOf = async (...sources: IdentitySource[]) => {
    const { outcome, tried } = await orderOver(sources).changePassword('alice', change)
    return [outcome.kind, tried.length]
  }
  const cannot = source('a', () => yes)
  assert.deepEqual(await kindOf(cannot), ['change-refused', 1])
  assert.deepEqual(await kindOf(cannot, changes('b', yes)), ['authenticated', 2])
  assert.deepEqual(await kindOf(cannot, changes('b', notFound)), ['change-refused', 2])
  assert.deepEqual(await kindOf(cannot, changes('b', away)), ['unavailable', 2])
  assert.deepEqual(await kindOf(changes('a', yes, ['password']), changes('b', yes)), ['authenticated', 2])
  assert.deepEqual(await kindOf(changes('a', wrong), changes('b', yes)), ['wrong-password', 1])
  assert.deepEqual(await kindOf(changes('a', away), changes('b', wrong)), ['unavailable', 2])
})

test('an account is looked at again where it was proved, and nowhere else', async () => {
  const certificate = { form: 'certificate', fingerprint: 'ff' } as const
  const earlier = { by: 'password', at: 0 } as const
  const order = orderOver([source('ad', () => away), source('local', () => yes)])
  const triedBy = async (answer: MaybePromise<Authentication>) =>
    (await answer).tried.map((word) => `${word.source} ${word.outcome.kind}`)
  const ad = ['ad unavailable']
  assert.deepEqual(await triedBy(order.standing('home', 'alice', earlier, 'ad')), ad)
  assert.deepEqual(await triedBy(order.standing('home', 'alice', certificate, 'ad')), ad)
  assert.deepEqual(await triedBy(order.resolve('alice', { ...earlier, source: 'ad' })), ad)
  const local = ['local authenticated']
  assert.deepEqual(await triedBy(order.standing('home', 'alice', earlier, 'local')), local)
  // Where nobody knows which it was, or the realm has it no more, the order is gone through.
  const both = [...ad, ...local]
  assert.deepEqual(await triedBy(order.resolve('alice', earlier)), both)
  assert.deepEqual(await triedBy(order.standing('home', 'alice', earlier, 'gone')), both)
})

test('a source that tells nothing without a proof is passed over, and is no outage', async () => {
  const { resolve: _, ...mute } = source('radius', () => yes)
  const kindOf = async (...sources: IdentitySource[]) =>
    (await orderOver(sources).resolve('alice', { by: 'password', at: 0 })).outcome.kind
  assert.equal(await kindOf(mute), 'unavailable')
  assert.equal(
    await kindOf(
      mute,
      source('b', () => notFound),
    ),
    'unavailable',
  )
  assert.equal(
    await kindOf(
      mute,
      source('b', () => ({ kind: 'disabled' })),
    ),
    'disabled',
  )
  assert.equal(
    await kindOf(
      mute,
      source('b', () => yes),
    ),
    'authenticated',
  )
})

test('an account is decided again by its own name, which no peer typed; a resumed login by the name it gave', async () => {
  const asked: (true | undefined)[] = []
  const note = (_user: string, _proof: unknown, { isOwnName }: { readonly isOwnName?: true }) => {
    asked.push(isOwnName)
    return yes
  }
  const order = orderOver([{ ...source('b', () => yes), authenticate: note, resolve: note }])
  await order.standing('home', 'alice', { by: 'password', at: 0 })
  await order.standing('home', 'alice', { form: 'certificate', fingerprint: '00' })
  await order.resolve('alice', { by: 'password', at: 0 })
  assert.deepEqual(asked, [true, true, undefined])
})
