import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PASSWORD_STORAGES } from '../../config/schema.ts'
import type { Proof } from '../source.ts'
import { FORMS_OF_STORAGE } from './proof-check.ts'
import { buildHouse, LOCKOUT, passwordProof } from './test/house.ts'

/** Work is counted, not timed: which proof was checked against which form of verifier. */
describe('the same work whoever asks', () => {
  const octets = new Uint8Array(16)
  const guesses: readonly Proof[] = [
    passwordProof('guess'),
    { form: 'chap', id: 1, challenge: octets, response: octets },
    { form: 'mschap', challenge: new Uint8Array(8), ntResponse: new Uint8Array(24) },
    {
      form: 'mschapv2',
      authenticatorChallenge: octets,
      peerChallenge: octets,
      ntResponse: new Uint8Array(24),
      userName: 'alice',
    },
  ]
  for (const storage of PASSWORD_STORAGES) {
    for (const guess of guesses) {
      it(`${guess.form} where the default form is ${storage}`, async () => {
        const house = await buildHouse({ passwordStorage: storage, lockout: { ...LOCKOUT, threshold: 0 } })
        await house.add('alice', 'secret', { storage })
        await house.add('disabled', 'secret', { storage, disabled: true })
        await house.add('expired', 'secret', { storage, expiresAt: 0 })
        await house.add('no-password', undefined)
        const workOf = async (user: string): Promise<string[]> => {
          house.checks.length = 0
          await house.source.authenticate(user, guess)
          return [...house.checks]
        }
        const usual = await workOf('alice')
        const isChecked = FORMS_OF_STORAGE[storage].has(guess.form)
        assert.deepEqual(usual, isChecked ? [`${guess.form} against ${storage}`] : [])
        // Somebody without a password must not be told from a stranger either.
        for (const user of ['nobody', 'disabled', 'expired', 'no-password']) {
          assert.deepEqual(await workOf(user), usual, user)
        }
      })
    }
  }

  it('a wrong password says nothing about a disabled account, a right one does', async () => {
    const house = await buildHouse()
    await house.add('alice', 'secret', { disabled: true })
    assert.equal((await house.source.authenticate('alice', passwordProof('guess'))).kind, 'wrong-password')
    assert.equal((await house.source.authenticate('alice', passwordProof('secret'))).kind, 'disabled')
  })
})
