import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromUtf8 } from '@sallyport/bytes'
import type { Proof } from '../source.ts'
import { RadiusSource } from './radius-source.ts'
import type { RemoteAnswer } from './upstream-check.ts'

const PASSWORD: Proof = { form: 'password', password: fromUtf8('secret') }
const MSCHAPV2: Proof = {
  form: 'mschapv2',
  authenticatorChallenge: new Uint8Array(16),
  peerChallenge: new Uint8Array(16),
  ntResponse: new Uint8Array(24),
  userName: 'somebody-else@other.test',
}

function source(
  answer: RemoteAnswer,
  settings: { userName?: 'whole' | 'bare'; onWrongPassword?: 'stop' | 'next' } = {},
) {
  const asked: string[] = []
  const made = new RadiusSource(
    {
      name: 'partner',
      kind: 'radius',
      group: 'hq',
      userName: 'whole',
      onWrongPassword: 'stop',
      onUnavailable: 'next',
      ...settings,
    },
    {
      check: async (group, userName) => {
        asked.push(`${group} ${userName}`)
        return answer
      },
    },
  )
  return { made, asked, ask: (proof: Proof) => made.authenticate('bob', proof, { wholeName: 'bob@hq.test' }) }
}

const accept: RemoteAnswer = { kind: 'accept', upstream: 'hq-1', attributes: { 'Filter-Id': 'staff' } }
const reject = (mschapError?: number): RemoteAnswer => ({
  kind: 'reject',
  upstream: 'hq-1',
  ...(mschapError === undefined ? {} : { mschapError }),
})

test('ok/an accept proves the user of this source, with what the upstream says of it', async () => {
  const { ask, asked } = source(accept)
  const outcome = await ask(PASSWORD)
  assert.ok(outcome.kind === 'authenticated')
  assert.deepEqual(outcome.user, {
    id: 'partner/bob',
    name: 'bob',
    source: 'partner',
    groups: [],
    attributes: { 'Filter-Id': 'staff' },
  })
  assert.equal(outcome.isProvedOnce, true)
  assert.deepEqual(asked, ['hq bob@hq.test'])
})

test('ok/the name that chose the source is asked about, never the one inside the proof', async () => {
  const whole = source(reject())
  await whole.ask(MSCHAPV2)
  const bare = source(reject(), { userName: 'bare' })
  await bare.ask(MSCHAPV2)
  assert.deepEqual([...whole.asked, ...bare.asked], ['hq bob@hq.test', 'hq bob'])
})

test('fail/a reject is a wrong password: never an unknown user, whatever is configured', async () => {
  assert.deepEqual(await source(reject()).ask(PASSWORD), { kind: 'wrong-password' })
  assert.deepEqual(await source(reject(691)).ask(MSCHAPV2), { kind: 'wrong-password' })
  const goesOn = source(reject(), { onWrongPassword: 'next' })
  assert.deepEqual(await goesOn.ask(PASSWORD), { kind: 'wrong-password' })
})

test('fail/MS-CHAP errors that say more are final whatever is configured', async () => {
  const kinds = [646, 647, 648, 649].map(
    async (code) => (await source(reject(code), { onWrongPassword: 'next' }).ask(MSCHAPV2)).kind,
  )
  assert.deepEqual(await Promise.all(kinds), [
    'outside-logon-hours',
    'disabled',
    'must-change-password',
    'disabled',
  ])
})

test('fail/MS-CHAPv2 without the proof of the upstream is no accept', async () => {
  assert.equal((await source(accept).ask(MSCHAPV2)).kind, 'unavailable')
  const keys = { send: new Uint8Array(16).fill(1), receive: new Uint8Array(16).fill(2) }
  const mschapv2 = { authenticatorResponse: `S=${'0'.repeat(40)}`, keys }
  const outcome = await source({ ...accept, mschapv2 }).ask(MSCHAPV2)
  assert.ok(outcome.kind === 'authenticated')
  assert.deepEqual(outcome.mschapv2, mschapv2)
})

test('fail/nobody answered, an empty password, a certificate', async () => {
  const silent = source({ kind: 'unsettled', why: 'dead' })
  assert.deepEqual(await silent.ask(PASSWORD), { kind: 'unavailable', why: 'dead' })
  assert.equal(
    (await source(accept).ask({ form: 'password', password: new Uint8Array(0) })).kind,
    'empty-password',
  )
  const { made, ask, asked } = source(accept)
  assert.ok(!made.forms.has('certificate'))
  assert.equal((await ask({ form: 'certificate', fingerprint: 'ff' })).kind, 'form-unsupported')
  assert.deepEqual(asked, [])
})
