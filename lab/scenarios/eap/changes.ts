/** One fact changes between two logins: the second is refused, and `sallyport explain` names what changed. */
import assert from 'node:assert/strict'
import type { LabCase } from '../../scenario.ts'
import type { EapHouse, LoginOptions } from './house.ts'
import { credentials } from './house.ts'
import { assertAccepted } from './methods.ts'
import { assertRefused } from './refusals.ts'

type Case = LabCase<EapHouse>

const EXPLAINED: readonly Case[] = [
  {
    name: 'explain names the group a user has lost',
    async run(house) {
      assertAccepted(await house.login(peap(house, 'leaving')))
      await house.server.api.changeUser('leaving', { groups: ['Guests'] })
      const login = await house.login(peap(house, 'leaving'))
      assertRefused(login)
      const { id, reason, body } = await house.receipt(login.station)
      assert.equal(reason, 'no-rule-matched')
      assert.deepEqual((body.facts.user as { groups: string[] }).groups, ['Guests']) // a proved login has user facts
      const { code, output } = await house.server.cli('explain', id)
      assert.equal(code, 0, output)
      assert.match(output, /user\.groups lost .*"VPN Users"/)
      assert.match(output, /"VPN Users" in user\.groups is false; user\.groups = \["Guests"\]/)
      return lineWith(output, 'lost')
    },
  },
  {
    name: 'explain says that the account was disabled since',
    async run(house) {
      const { api } = house.server
      assertAccepted(await house.login(peap(house, 'mover')))
      await api.changeUser('mover', { disabled: true })
      const login = await house.login(peap(house, 'mover'))
      assertRefused(login)
      const { id, reason } = await house.receipt(login.station)
      assert.equal(reason, 'account-disabled')
      const { text } = await api.explain(id)
      assert.match(text, /The account "mover" is disabled in local\. \(account-disabled\)/)
      await api.changeUser('mover', { disabled: false })
      assertAccepted(await house.login(peap(house, 'mover')))
      return lineWith(text, 'disabled')
    },
  },
  {
    name: 'explain names the method that changed',
    async run(house) {
      assertAccepted(await house.login({ ...eapMschapv2('nora'), client: 'by-group' }))
      const login = await house.login({ ...peap(house, 'nora'), client: 'by-group' })
      assertRefused(login)
      const { id, reason } = await house.receipt(login.station)
      assert.equal(reason, 'method-not-allowed')
      const { text } = await house.server.api.explain(id)
      assert.match(text, /auth\.method changed from "eap-mschapv2" to "peap"/)
      return lineWith(text, 'auth.method')
    },
  },
]

/** Threshold 3: the third wrong password locks, the right one is then refused, and unlocking helps. */
const LOCKED: Case = {
  name: 'locked after three wrong passwords, even for the right one, until it is unlocked',
  async run(house) {
    const { api, cli } = house.server
    for (const failures of [1, 2, 3]) {
      const login = await house.login(peap(house, 'locked-out', 'wrong'))
      assertRefused(login)
      const { reason, body } = await house.receipt(login.station)
      assert.equal(reason, 'wrong-password')
      assert.equal(body.reason.values.failures, failures)
    }
    const login = await house.login(peap(house, 'locked-out'))
    assertRefused(login)
    const { reason, sentence, body } = await house.receipt(login.station)
    assert.equal(reason, 'account-locked', String(sentence))
    assert.equal(body.reason.values.failures, 3)
    assert.match(String(body.reason.values.until), /^\d{4}-\d\d-\d\dT/)
    const { failures } = await api.send<{ failures: number }>('GET', '/users/locked-out')
    assert.equal(failures, 3)
    const { code, output } = await cli('users', 'unlock', 'locked-out')
    assert.equal(code, 0, output)
    assertAccepted(await house.login(peap(house, 'locked-out')))
    return `${reason}: ${sentence}`
  },
}

export const CHANGE_CASES: readonly Case[] = [...EXPLAINED, LOCKED]

function peap(house: EapHouse, user: string, password?: string): LoginOptions {
  return { network: ['eap=PEAP', ...credentials(user, password), 'phase2="auth=MSCHAPV2"', ...house.trust] }
}

function eapMschapv2(user: string): LoginOptions {
  return { network: ['eap=MSCHAPV2', ...credentials(user)] }
}

function lineWith(text: string, word: string): string {
  return (
    text
      .split('\n')
      .find((line) => line.includes(word))
      ?.trim() ?? text
  )
}
