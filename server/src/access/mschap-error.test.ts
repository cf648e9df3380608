import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mschapError } from './mschap-error.ts'

test('fail/an account without a password is told what a wrong password and a stranger are told', () => {
  const wrong = mschapError({ kind: 'wrong-password' })
  assert.equal(wrong.code, 691)
  assert.deepEqual(mschapError({ kind: 'no-password' }), wrong)
  assert.deepEqual(mschapError({ kind: 'not-found' }), wrong)
})
