import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromUtf8 } from '@sallyport/bytes'
import type { IdentityAnswer } from '../../enrolment/registration/requester.ts'
import { FakeClock } from '../../kernel/clock.ts'
import { Logging } from '../../kernel/logging.ts'
import { reason } from '../../reasons/index.ts'
import type { AccountQuestion } from '../../threads/enrolment-accounts.ts'
import { WorkerIdentities } from './worker-identities.ts'

const identity = { kind: 'person', id: '1', source: 'local', name: 'alice', groups: [] } as const
const WRONG: IdentityAnswer = { kind: 'refused', reason: reason('wrong-password', { user: 'alice' }) }

function house(answer: (question: AccountQuestion) => Promise<IdentityAnswer>) {
  const clock = new FakeClock()
  const asked: AccountQuestion[] = []
  const worker = {
    enrolmentAccount: (question: AccountQuestion) => {
      asked.push(question)
      return answer(question)
    },
  }
  const identities = new WorkerIdentities({
    worker,
    clock,
    log: new Logging({ clock, level: 'silent' }).for('pki'),
  })
  const log = (password: string, from = '192.0.2.1') =>
    identities.authenticate('alice', fromUtf8(password), from)
  return { clock, asked, identities, log }
}

test('fail/an address that guesses is not asked for any more, not even with the right password', async () => {
  const { log, asked } = house(async (question) =>
    question.by === 'password' && Buffer.from(question.password).toString() === 'right'
      ? { kind: 'known', identity }
      : WRONG,
  )
  for (let time = 0; time < 10; time++) assert.equal((await log('wrong')).kind, 'refused')
  const held = await log('right')
  assert.equal(held.kind === 'refused' && held.reason.code, 'enrolment-guessing')
  assert.equal(asked.length, 10)
  assert.equal((await log('right', '192.0.2.2')).kind, 'known')
})

test('fail/guesses that arrive together get no more tries than one after the other', async () => {
  const { log, asked } = house(async () => WRONG)
  const answers = await Promise.all(Array.from({ length: 40 }, () => log('wrong')))
  assert.ok(answers.every(({ kind }) => kind === 'refused'))
  assert.ok(asked.length <= 13, String(asked.length))
})

test('fail/more than can wait are told to come again, and a worker that fails is no refusal', async () => {
  const { promise, resolve } = Promise.withResolvers<IdentityAnswer>()
  const { log } = house(() => promise)
  const many = Array.from({ length: 80 }, (_, at) => log('x', `192.0.2.${at}`))
  const early = await Promise.all(many.slice(68))
  assert.ok(early.every(({ kind }) => kind === 'unavailable'))
  resolve({ kind: 'known', identity })
  assert.ok((await Promise.all(many.slice(0, 68))).every(({ kind }) => kind === 'known'))
  const broken = house(() => Promise.reject(new Error('port closed')))
  assert.equal((await broken.log('x')).kind, 'unavailable')
  assert.equal((await broken.identities.byId('1', 'alice')).kind, 'unavailable')
})
