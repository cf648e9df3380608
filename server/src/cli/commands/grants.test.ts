import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failureLine } from './grants.ts'

test('ok/a failed action says why and what to do', () => {
  const failed = { state: 'failed', resultSentence: 'It is silent.', nextStep: 'Look.' } as const
  assert.deepEqual(failureLine({ ...failed, user: 'alice' }), ['alice: It is silent. Look.'])
  assert.deepEqual(failureLine({ ...failed, state: 'done' }), [])
})

test('fail/a name that accounting reported does not move the cursor', () => {
  const failed = { state: 'failed', resultSentence: 'It is silent.' } as const
  assert.deepEqual(failureLine({ ...failed, user: 'a\u001b[2J\nb\u009b1A' }), ['a?[2J?b?1A: It is silent.'])
})
