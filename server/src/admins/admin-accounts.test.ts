import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { FakeClock } from '../kernel/clock.ts'
import type { Database } from '../store/database.ts'
import { forEachEngine } from '../store/testing.ts'
import { AdminAccounts, type Principal } from './admin-accounts.ts'
import { AdminStore } from './admin-store.ts'

const PASSWORD = 'correct horse battery'
const ADDRESS = '192.0.2.1'

forEachEngine(({ open }) => {
  let database: Database
  let clock: FakeClock
  let accounts: AdminAccounts
  beforeEach(async () => {
    database = await open()
    clock = new FakeClock()
    accounts = new AdminAccounts(new AdminStore(database), clock)
  })

  const logIn = async (name: string, password = PASSWORD, address = ADDRESS): Promise<string> => {
    const outcome = await accounts.login(name, password, address)
    assert.equal(outcome.kind, 'logged-in')
    return outcome.kind === 'logged-in' ? outcome.token : ''
  }
  const principalOf = async (token: string): Promise<Principal> => {
    const principal = await accounts.authenticate(token)
    assert.ok(principal !== undefined)
    return principal
  }

  describe('first administrator', () => {
    it('ok/is made once, with a random password that works', async () => {
      const first = await accounts.ensureFirstAdmin()
      assert.ok(first !== undefined && first.password.length >= 20)
      assert.equal(await accounts.ensureFirstAdmin(), undefined)
      const principal = await principalOf(await logIn(first.name, first.password))
      assert.equal(principal.role, 'admin')
    })
  })

  describe('login', () => {
    beforeEach(() => accounts.add('Ada', PASSWORD, 'admin'))

    it('ok/names do not differ by case', async () => {
      assert.equal((await principalOf(await logIn('aDA'))).name, 'Ada')
    })

    it('fail/wrong password, unknown name, empty password and a disabled account look the same', async () => {
      await accounts.add('dora', PASSWORD, 'viewer')
      await accounts.change('dora', { disabled: true })
      for (const [name, password] of [
        ['ada', 'wrong'],
        ['nobody', PASSWORD],
        ['ada', ''],
        ['dora', PASSWORD],
      ] as const) {
        assert.deepEqual(await accounts.login(name, password, ADDRESS), { kind: 'refused' })
      }
    })

    it('fail/after three tries the next wait, for this account from this address alone', async () => {
      for (let i = 0; i < 3; i++)
        assert.equal((await accounts.login('ada', 'wrong', ADDRESS)).kind, 'refused')
      assert.deepEqual(await accounts.login('ada', PASSWORD, ADDRESS), { kind: 'wait', seconds: 1 })
      assert.equal((await accounts.login('ada', PASSWORD, '192.0.2.2')).kind, 'logged-in')
      clock.advance(1000)
      assert.equal((await accounts.login('ada', 'wrong', ADDRESS)).kind, 'refused')
      assert.deepEqual(await accounts.login('ada', PASSWORD, ADDRESS), { kind: 'wait', seconds: 2 })
      clock.advance(2000)
      await logIn('ada')
      assert.equal((await accounts.login('ada', 'wrong', ADDRESS)).kind, 'refused', 'forgotten after success')
    })

    it('fail/a burst of tries is not all looked at', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, () => accounts.login('ada', 'wrong', ADDRESS)),
      )
      assert.ok(outcomes.filter((outcome) => outcome.kind === 'refused').length <= 4)
    })

    it('fail/a short password is refused when it is set', async () => {
      await assert.rejects(accounts.add('bob', 'short', 'viewer'), { code: 'weak-password' })
    })
  })

  describe('login session', () => {
    let token: string
    beforeEach(async () => {
      await accounts.add('ada', PASSWORD, 'admin')
      await accounts.add('otto', PASSWORD, 'operator')
      token = await logIn('otto')
    })

    it('fail/after an hour without use; used, it lives on', async () => {
      clock.advance(59 * 60_000)
      await principalOf(token)
      clock.advance(59 * 60_000)
      await principalOf(token)
      clock.advance(60 * 60_000)
      assert.equal(await accounts.authenticate(token), undefined)
    })

    it('fail/after twelve hours, however busy', async () => {
      for (let minutes = 0; minutes < 12 * 60 - 30; minutes += 30) {
        clock.advance(30 * 60_000)
        await principalOf(token)
      }
      clock.advance(30 * 60_000)
      assert.equal(await accounts.authenticate(token), undefined)
    })

    it('fail/after logout', async () => {
      await accounts.logout(await principalOf(token))
      assert.equal(await accounts.authenticate(token), undefined)
    })

    for (const [what, change] of [
      ['a new password', { password: 'another long one' }],
      ['a new role', { role: 'viewer' }],
      ['disabling', { disabled: true }],
    ] as const) {
      it(`fail/after ${what}`, async () => {
        await accounts.change('otto', change)
        assert.equal(await accounts.authenticate(token), undefined)
      })
    }

    it('ok/the own password needs the current one', async () => {
      const principal = await principalOf(token)
      assert.equal(await accounts.changeOwnPassword(principal, 'wrong', 'another long one'), false)
      assert.equal(await accounts.changeOwnPassword(principal, PASSWORD, 'another long one'), true)
      await logIn('otto', 'another long one')
    })
  })

  describe('API token', () => {
    let owner: Principal
    beforeEach(async () => {
      await accounts.add('root', PASSWORD, 'admin')
      await accounts.add('ada', PASSWORD, 'admin')
      owner = await principalOf(await logIn('ada'))
    })

    it('ok/is shown once and kept as a hash', async () => {
      const made = await accounts.addToken(owner, { name: 'backup', role: 'viewer', expiresInDays: 1 })
      assert.ok(made.token.startsWith(made.id))
      const principal = await principalOf(made.token)
      assert.deepEqual([principal.name, principal.role, principal.via], ['ada', 'viewer', 'api'])
      assert.ok(!JSON.stringify(await accounts.listTokens()).includes(made.token))
      const rows = await database.kysely.selectFrom('tokens').selectAll().execute()
      assert.ok(!JSON.stringify(rows).includes(made.token.slice(made.id.length + 1)))
    })

    it('fail/expired, revoked, owner disabled or removed', async () => {
      const make = async () =>
        (await accounts.addToken(owner, { name: 'x', role: 'admin', expiresInDays: 1 })).token
      const revoked = await make()
      await accounts.removeToken((await principalOf(revoked)).tokenId)
      assert.equal(await accounts.authenticate(revoked), undefined)
      const expired = await make()
      clock.advance(86_400_000)
      assert.equal(await accounts.authenticate(expired), undefined)
      const token = await make()
      await accounts.change('ada', { disabled: true })
      assert.equal(await accounts.authenticate(token), undefined)
      await accounts.change('ada', { disabled: false })
      await principalOf(token)
      await accounts.remove('ada')
      assert.equal(await accounts.authenticate(token), undefined)
    })

    it('ok/never outranks its owner, also later', async () => {
      const made = await accounts.addToken(owner, { name: 'x', role: 'admin', expiresInDays: 1 })
      await accounts.change('ada', { role: 'viewer' })
      assert.equal((await principalOf(made.token)).role, 'viewer')
    })

    it('fail/a token with more than the owner has', async () => {
      await assert.rejects(
        accounts.addToken({ ...owner, role: 'operator' }, { name: 'x', role: 'admin', expiresInDays: 1 }),
        { code: 'not-permitted' },
      )
    })
  })

  describe('secret part of a token', () => {
    it('fail/the right name with another secret, of every kind of token', async () => {
      await accounts.add('ada', PASSWORD, 'admin')
      const login = await logIn('ada')
      const owner = await principalOf(login)
      const api = await accounts.addToken(owner, { name: 'x', role: 'admin', expiresInDays: 1 })
      const local = accounts.issueLocalToken()
      for (const token of [login, api.token, local]) {
        await principalOf(token)
        const last = token.endsWith('A') ? 'B' : 'A'
        assert.equal(await accounts.authenticate(`${token.slice(0, -1)}${last}`), undefined)
      }
    })
  })

  describe('last administrator', () => {
    it('fail/cannot be removed, disabled or demoted; the change is taken back', async () => {
      await accounts.add('ada', PASSWORD, 'admin')
      const token = await logIn('ada')
      await assert.rejects(accounts.remove('ada'), { code: 'last-admin' })
      await assert.rejects(accounts.change('ada', { disabled: true }), { code: 'last-admin' })
      await assert.rejects(accounts.change('ada', { role: 'operator' }), { code: 'last-admin' })
      assert.equal((await principalOf(token)).role, 'admin')
    })
  })

  describe('local token', () => {
    it('ok/acts as admin until the next one is issued, and makes no lasting tokens', async () => {
      const token = accounts.issueLocalToken()
      const principal = await principalOf(token)
      assert.deepEqual([principal.role, principal.via], ['admin', 'local'])
      await assert.rejects(accounts.addToken(principal, { name: 'x', role: 'admin', expiresInDays: 1 }), {
        code: 'not-permitted',
      })
      accounts.issueLocalToken()
      assert.equal(await accounts.authenticate(token), undefined)
    })
  })
})
