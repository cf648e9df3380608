import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { FakeClock } from '../../kernel/clock.ts'
import { RequestError } from '../../kernel/errors.ts'
import type { Database } from '../../store/database.ts'
import { connectSqliteReader } from '../../store/sqlite-connection.ts'
import { forEachEngine, openProjection } from '../../store/testing.ts'
import { GroupStore } from './group-store.ts'
import { sealPassword } from './sealed-password.ts'
import { SqliteUserDirectory } from './sqlite-user-directory.ts'
import { testSealer } from './test/house.ts'
import { newUserId, UserStore } from './user-store.ts'

function code(expected: string) {
  return (error: unknown): boolean => error instanceof RequestError && error.code === expected
}

function storesOn(database: Database) {
  const told: string[] = []
  const clock = new FakeClock()
  const users = new UserStore(database, clock, () => told.push('users'))
  const groups = new GroupStore(database, () => told.push('groups'))
  const add = (name: string, fields = {}) =>
    users.create({ id: newUserId(), name, source: 'local', ...fields })
  return { users, groups, add, told, clock, database }
}

forEachEngine(({ open }) => {
  it('a user comes back as it was written, found by any case of the name', async () => {
    const { users, groups, add, told } = storesOn(await open())
    await groups.create('Staff')
    const user = await add('Zoe\u0308', {
      groups: ['STAFF'],
      expiresAt: 1_800_000_000_000,
      logonHours: ['Mon-Fri 07:00-19:00'],
      attributes: { mail: 'zoe@example.org' },
      passwordNeverExpires: true,
    })
    assert.deepEqual(await users.get('ZO\u00cb'), user)
    assert.deepEqual(await users.byId(user.id), user)
    assert.equal(user.name, 'Zo\u00eb')
    assert.deepEqual(user.groups, ['Staff'])
    assert.deepEqual(user.logonHours, ['Mon-Fri 07:00-19:00'])
    assert.equal(user.passwordStorage, null)
    assert.deepEqual([user.disabled, user.passwordNeverExpires, user.failures], [false, true, 0])
    assert.deepEqual(told, ['groups', 'users'])
  })

  it('names are unique without case, and refused where nobody could log in with them', async () => {
    const { users, add } = storesOn(await open())
    const alice = await add('alice')
    await add('bob')
    await assert.rejects(add('ALICE'), code('user-exists'))
    await assert.rejects(users.update(alice.id, { name: 'Bob' }), code('user-exists'))
    assert.equal((await users.update(alice.id, { name: 'Alice' })).name, 'Alice')
    for (const name of ['', ' a', 'a\0', 'a@b', 'A\\b', 'a.', 'a..b', 'x'.repeat(254)]) {
      await assert.rejects(add(name), code('user-refused'), JSON.stringify(name))
    }
    await assert.rejects(add('c', { logonHours: ['noon'] }), code('user-refused'))
    await assert.rejects(add('c', { groups: ['Nobody'] }), code('group-not-found'))
    assert.equal(await users.get('c'), undefined)
  })

  it('lists in pages, and searches for parts of names by the letter', async () => {
    const { users, add } = storesOn(await open())
    for (const name of ['anna', 'bert', 'Annabel', 'a_na', 'carl']) await add(name)
    const names = async (page: Parameters<typeof users.list>[0]) => {
      const { users: shown, next, total } = await users.list(page)
      return [shown.map(({ name }) => name), next, total]
    }
    assert.deepEqual(await names({ limit: 10, search: 'ANNA' }), [['anna', 'Annabel'], undefined, 2])
    assert.deepEqual(await names({ limit: 10, search: 'a_n' }), [['a_na'], undefined, 1])
    assert.deepEqual(await names({ limit: 10, search: '%' }), [[], undefined, 0])
    const seen: unknown[] = []
    for (let after: string | undefined; ; ) {
      const page = await users.list({ limit: 2, ...(after === undefined ? {} : { after }) })
      assert.equal(page.total, 5)
      seen.push(...page.users.map(({ name }) => name))
      after = page.next
      if (after === undefined) break
    }
    assert.equal(new Set(seen).size, 5)
  })

  it('refuses a change of what somebody else changed, and deletes for good', async () => {
    const { users, add } = storesOn(await open())
    const { id, revision } = await add('alice')
    const changed = await users.update(id, { disabled: true }, revision)
    assert.ok(changed.revision > revision)
    await assert.rejects(users.update(id, { disabled: false }, revision), code('version-conflict'))
    await assert.rejects(users.delete(id, revision), code('version-conflict'))
    await users.delete(id)
    assert.equal(await users.byId(id), undefined)
    await assert.rejects(users.update(id, {}), code('user-not-found'))
  })

  it('replaces a password only where it is the expected one, and lifts must-change', async () => {
    const { users, add } = storesOn(await open())
    const sealer = testSealer()
    const { id } = await add('alice')
    const [first, second] = await Promise.all(
      ['one', 'two'].map((password) => sealPassword(id, password, 'nt-hash', sealer, 5)),
    )
    assert.ok(first && second)
    await users.setPassword(id, first, true)
    assert.equal((await users.byId(id))?.mustChangePassword, true)
    assert.deepEqual(await users.storages(), new Set(['nt-hash']))
    assert.equal(await users.replacePassword(id, second.sealed, second), false)
    assert.equal(await users.replacePassword(id, first.sealed, second), true)
    const after = await users.byId(id)
    assert.deepEqual([after?.mustChangePassword, after?.passwordChangedAt], [false, 5])
    await users.setPassword(id, null, false)
    assert.equal((await users.byId(id))?.passwordStorage, null)
  })

  it('keeps lock-out counters, passing over users that are gone', async () => {
    const { users, add } = storesOn(await open())
    const { id, revision } = await add('alice')
    const state = { failures: 3, lastFailureAt: 1_767_600_000_000, lockedUntil: 1_767_600_900_000 }
    await users.writeLockouts([
      { userId: 'gone', ...state },
      { userId: id, ...state },
    ])
    assert.deepEqual(await users.readLockout(id), state)
    assert.equal(await users.readLockout('gone'), undefined)
    assert.ok(((await users.byId(id))?.revision ?? 0) > revision)
  })

  it('nests groups, refuses rings, and takes memberships along with a deleted group', async () => {
    const { users, groups, add } = storesOn(await open())
    await groups.create('Staff')
    await groups.create('VPN Users', ['staff'])
    const { id } = await add('alice', { groups: ['Staff', 'VPN Users'] })
    const vpn = await groups.get('vpn users')
    assert.deepEqual([vpn?.members, vpn?.userCount], [['Staff'], 1])
    await assert.rejects(groups.setMembers('Staff', ['VPN Users']), code('group-ring'))
    await assert.rejects(groups.setMembers('Staff', ['Staff']), code('group-ring'))
    assert.deepEqual((await groups.get('Staff'))?.members, [])
    await assert.rejects(groups.create('STAFF'), code('group-exists'))
    await assert.rejects(groups.create(' x'), code('group-refused'))
    await groups.rename('Staff', 'Employees')
    assert.deepEqual((await users.byId(id))?.groups, ['Employees', 'VPN Users'])
    await groups.delete('employees')
    assert.deepEqual((await users.byId(id))?.groups, ['VPN Users'])
    assert.deepEqual(
      (await groups.list({ limit: 10 })).groups.map(({ name }) => name),
      ['VPN Users'],
    )
    await assert.rejects(groups.delete('employees'), code('group-not-found'))
  })

  it('a worker reads users and nested groups from a local file, and sees every change', async () => {
    const { users, groups, add, database } = storesOn(await open())
    const { file, refresh, close } = await localFile(database)
    const connection = connectSqliteReader(file)
    const seen = async () => {
      await refresh()
      return directory.find('alice')
    }
    const groupsSeen = async () => (await seen())?.groups
    const directory = new SqliteUserDirectory(connection, 'local')
    try {
      assert.equal(await seen(), undefined)
      for (const [name, ...members] of [['Inner'], ['Middle', 'Inner'], ['Outer', 'Middle']]) {
        await groups.create(name ?? '', members)
      }
      const { id } = await add('Alice', { groups: ['Inner'], attributes: { mail: 'a@example.org' } })
      const alice = await seen()
      assert.deepEqual([alice?.id, alice?.attributes], [id, { mail: 'a@example.org' }])
      assert.equal(await seen(), alice) // the row was not read again
      assert.deepEqual(alice?.groups, ['Inner', 'Middle', 'Outer'])

      await groups.setMembers('Outer', [])
      assert.deepEqual(await groupsSeen(), ['Inner', 'Middle'])
      await groups.setMembers('Outer', ['Inner'])
      assert.deepEqual(await groupsSeen(), ['Inner', 'Middle', 'Outer'])
      await groups.rename('Middle', 'Centre')
      assert.deepEqual(await groupsSeen(), ['Centre', 'Inner', 'Outer'])
      await groups.delete('Centre')
      assert.deepEqual(await groupsSeen(), ['Inner', 'Outer'])
      await users.update(id, { groups: [], disabled: true })
      assert.deepEqual([(await seen())?.disabled, await groupsSeen()], [true, []])
      await users.writeLockouts([{ userId: id, failures: 2, lastFailureAt: 1, lockedUntil: 3 }])
      assert.deepEqual([(await seen())?.failures, (await seen())?.lockedUntil], [2, 3])
      assert.equal(new SqliteUserDirectory(connection, 'other').find('alice'), undefined)
      assert.equal(new SqliteUserDirectory(connection, 'other').findById(id), undefined)
      await users.update(id, { name: 'Alicia' })
      assert.equal(await seen(), undefined)
      assert.equal(directory.findById(id)?.name, 'Alicia')
      await users.delete(id)
      await refresh()
      assert.equal(directory.findById(id), undefined)
    } finally {
      connection.close()
      await close()
    }
  })
})

/** What a worker opens: the database itself on SQLite, a projection of it elsewhere. */
async function localFile(database: Database) {
  const { readableFile } = database.capabilities
  if (readableFile !== undefined)
    return { file: readableFile, refresh: async () => {}, close: async () => {} }
  const folder = mkdtempSync(join(tmpdir(), 'projection-'))
  const file = join(folder, 'users.db')
  const projection = await openProjection(database, file)
  const close = async () => {
    await projection.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { file, refresh: () => projection.refresh(), close }
}
