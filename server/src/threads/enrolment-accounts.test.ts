import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromUtf8 } from '@sallyport/bytes'
import { Door } from '../../test/door.ts'
import { PASSWORD } from '../../test/door-users.ts'
import { AuthenticationOrder } from '../identity/authentication-order.ts'
import { RealmTable } from '../identity/realms.ts'
import type { Asked, AuthenticationOutcome, IdentitySource } from '../identity/source.ts'
import { type AccountQuestion, enrolmentAccount } from './enrolment-accounts.ts'

const REALMS = [{ name: 'users', default: true, suffixes: ['example.org'], sources: ['local'] }]
const CONFIGURATION = { realms: REALMS, sources: [] } as unknown as Parameters<typeof enrolmentAccount>[1] // all it reads

async function withUsers(
  work: (
    ask: (question: AccountQuestion) => ReturnType<typeof enrolmentAccount>,
    door: Door,
  ) => Promise<void>,
): Promise<void> {
  const door = await Door.open({ realms: REALMS, lockoutThreshold: 3 })
  try {
    await door.users.add('alice', { attributes: { mail: 'alice@example.org' } })
    await door.users.add('gone', { disabled: true })
    await work((question) => enrolmentAccount(door.served, CONFIGURATION, question, door.clock.now()), door)
  } finally {
    door.close()
  }
}

const byPassword = (wholeName: string, password: string): AccountQuestion => ({
  ...{ by: 'password', wholeName, password: fromUtf8(password), from: '192.0.2.7' },
})

test('ok/an account by password, by name and by id is the same one', () =>
  withUsers(async (ask) => {
    const known = await ask(byPassword('alice@example.org', PASSWORD))
    assert.ok(known.kind === 'known', JSON.stringify(known))
    assert.equal(known.identity.upn, 'alice@example.org')
    assert.equal(known.identity.email, 'alice@example.org')
    assert.deepEqual(await ask({ by: 'name', wholeName: 'alice' }), known)
    assert.deepEqual(await ask({ by: 'id', id: known.identity.id, name: 'alice' }), known)
  }))

test('fail/wrong, empty, unknown, disabled: refused, each with its reason', () =>
  withUsers(async (ask) => {
    const codeOf = async (question: AccountQuestion) => {
      const answer = await ask(question)
      return answer.kind === 'known' ? 'known' : `${answer.kind} ${answer.reason.code}`
    }
    assert.equal(await codeOf(byPassword('alice', 'wrong')), 'refused wrong-password')
    assert.equal(await codeOf(byPassword('alice', '')), 'refused empty-password')
    assert.equal(await codeOf(byPassword('nobody', PASSWORD)), 'refused user-not-found')
    assert.equal(await codeOf(byPassword('alice@elsewhere.test', PASSWORD)), 'refused realm-unknown')
    assert.equal(await codeOf(byPassword('gone', PASSWORD)), 'refused account-disabled')
    assert.equal(await codeOf({ by: 'name', wholeName: 'gone' }), 'refused account-disabled')
    assert.equal(await codeOf({ by: 'id', id: 'id-gone', name: 'gone' }), 'refused account-disabled')
    assert.equal(await codeOf({ by: 'id', id: 'id-nobody', name: 'alice' }), 'refused user-not-found')
  }))

test('fail/wrong passwords count for the lock-out that logins count for', () =>
  withUsers(async (ask, { users }) => {
    for (let time = 0; time < 3; time++) await ask(byPassword('alice', 'wrong'))
    const locked = await ask(byPassword('alice', PASSWORD))
    assert.equal(locked.kind === 'refused' && locked.reason.code, 'account-locked')
    assert.ok(users.lockouts.rows.get('id-alice')?.lockedUntil)
  }))

function source(outcome: AuthenticationOutcome, more: Partial<IdentitySource> = {}): IdentitySource {
  const forms = new Set(['password'] as const)
  return { name: 'local', kind: 'ldap', forms, authenticate: () => outcome, ...more }
}

const about = (made: IdentitySource, question: AccountQuestion) => {
  const order = new AuthenticationOrder(new RealmTable(REALMS), [made], () => {})
  return enrolmentAccount({ order }, CONFIGURATION, question, 0)
}

test('fail/a directory that is silent is no refusal, and its earlier word is not asked for', async () => {
  const asked: Asked[] = []
  const silent = source(
    { kind: 'unavailable', why: 'no answer' },
    {
      resolve: (_user, _earlier, how) => {
        asked.push(how)
        return { kind: 'unavailable', why: 'no answer' }
      },
      byId: () => ({ kind: 'unavailable', why: 'no answer' }),
    },
  )
  assert.equal((await about(silent, byPassword('alice', 'x'))).kind, 'unavailable')
  assert.equal((await about(silent, { by: 'name', wholeName: 'alice' })).kind, 'unavailable')
  assert.equal((await about(silent, { by: 'id', id: 'local/1', name: 'alice' })).kind, 'unavailable')
  assert.equal(asked[0]?.isLiveOnly, true)
  const user = {
    id: 'local/1',
    name: 'alice',
    source: 'local',
    groups: [],
    attributes: {},
    lookup: 'offline',
  } as const
  const remembered = await about(source({ kind: 'authenticated', user }), byPassword('alice', 'x'))
  assert.equal(remembered.kind, 'unavailable')
})

test('fail/a source that tells nothing without a proof refuses for good', async () => {
  const radius = source({ kind: 'wrong-password' })
  const refused = await about(radius, { by: 'name', wholeName: 'alice' })
  assert.deepEqual(
    [refused.kind, refused.kind === 'refused' && refused.reason.code],
    ['refused', 'source-unavailable'],
  )
  assert.equal((await about(radius, { by: 'id', id: 'local/alice', name: 'alice' })).kind, 'refused')
})

test('ok/the lock-out shield sees the address as the device', async () => {
  let seen: Asked | undefined
  const watching = source(
    { kind: 'wrong-password' },
    {
      authenticate: (_user, _proof, asked) => {
        seen = asked
        return { kind: 'wrong-password' }
      },
    },
  )
  await about(watching, byPassword('alice', 'x'))
  assert.deepEqual(seen, { wholeName: 'alice', client: 'enrolment', station: '192.0.2.7', isLiveOnly: true })
})
