import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Database } from '../../../store/database.ts'
import { forEachEngine } from '../../../store/testing.ts'
import type { DirectoryUser } from './directory-object.ts'
import { DirectoryObjectReader } from './directory-object-reader.ts'
import { DirectoryObjectStore } from './directory-object-store.ts'
import { groupRow, userRow } from './object-row.ts'

const NOW = 1_800_000_000_000
const lease = (holder: string, until = NOW + 60_000) => ({ source: 'ad', holder, until })

function user(name: string, fields: Partial<DirectoryUser> = {}) {
  const dn = `CN=${name},OU=People,DC=example,DC=org`
  return userRow('ad', { id: name, name, dn, addresses: [], disabled: false, ...fields }, NOW)
}

function group(name: string) {
  return groupRow('ad', { id: name, name, dn: `CN=${name},DC=example,DC=org`, sid: `S-1-${name}` }, NOW)
}

forEachEngine(({ open }) => {
  const fresh = async (): Promise<[DirectoryObjectStore, DirectoryObjectReader, Database]> => {
    const database = await open()
    const store = new DirectoryObjectStore(database)
    assert.ok(await store.begin(lease('one'), NOW))
    return [store, new DirectoryObjectReader(database), database]
  }

  it('ok/one node at a time; whoever died is followed after its lease', async () => {
    const [store, , database] = await fresh()
    assert.equal(await store.begin(lease('two'), NOW), false)
    assert.equal(await store.begin(lease('one'), NOW), false, 'nor the same one twice')
    assert.ok(await store.begin(lease('two', NOW + 120_000), NOW + 60_000))
    await store.end(lease('one'), { at: NOW })
    assert.equal(
      await store.begin(lease('three'), NOW + 60_001),
      false,
      'the first one ends nothing any more',
    )
    await store.releaseLeases()
    // On PostgreSQL another node may be at it.
    assert.equal(await store.begin(lease('three'), NOW + 60_001), !database.capabilities.shared)
  })

  it('fail/who lost the lease writes nothing at all', async () => {
    const [store, read] = await fresh()
    assert.ok(await store.begin(lease('two', NOW + 120_000), NOW + 60_000))
    const batch = { users: [user('alice')], facts: [] }
    await assert.rejects(store.write(lease('one'), batch), { name: 'UpstreamError', code: 'sync-lease-lost' })
    assert.deepEqual(await read.counts('ad'), { users: 0, groups: 0 })
    await store.write(lease('two'), batch)
    assert.deepEqual(await read.counts('ad'), { users: 1, groups: 0 })
  })

  it('ok/users are found by the beginning of every name, in pages, without regard to case', async () => {
    const [store, read] = await fresh()
    await store.write(lease('one'), {
      users: [
        user('alice', {
          displayName: 'Ansari, Alice',
          surname: 'Ansari',
          addresses: ['A.Ansari@Example.org'],
        }),
        user('anna', { displayName: 'Anna Øre' }),
        user('ANTON'),
        user('bob', { addresses: ['anton@example.net', 'bob@example.org'] }),
        user('100%_x'),
      ],
    })
    const names = async (search: string, limit = 10) =>
      (await read.users({ source: 'ad', search, limit })).items.map(({ name }) => name)
    assert.deepEqual(await names('AN'), ['alice', 'anna', 'ANTON', 'bob'])
    assert.deepEqual(await names('ansari, a'), ['alice'])
    assert.deepEqual(await names('a.ansari@'), ['alice'])
    assert.deepEqual(await names('anna ø'), ['anna'])
    assert.deepEqual(await names('100%'), ['100%_x'])
    assert.deepEqual(await names('%'), [])
    assert.deepEqual(await names('other'), [])
    const first = await read.users({ source: 'ad', search: 'an', limit: 3 })
    const rest = await read.users({ source: 'ad', search: 'an', limit: 3, after: first.next })
    assert.deepEqual(
      rest.items.map(({ name }) => name),
      ['bob'],
    )
    assert.equal(rest.next, undefined)
    assert.deepEqual((await read.users({ source: 'elsewhere', limit: 9 })).items, [])
    assert.deepEqual(
      (await read.usersByAddress('BOB@example.ORG')).map(({ name }) => name),
      ['bob'],
    )
  })

  it('ok/a user that is written again loses the addresses it no longer has', async () => {
    const [store, read] = await fresh()
    await store.write(lease('one'), { users: [user('bob', { addresses: ['old@example.org'] })] })
    await store.write(lease('one'), { users: [user('bob', { addresses: ['new@example.org'] })] })
    assert.deepEqual(await read.usersByAddress('old@example.org'), [])
    assert.equal((await read.usersByAddress('new@example.org')).length, 1)
    await store.write(lease('one'), { goneUsers: ['bob'] })
    assert.deepEqual(await read.usersByAddress('new@example.org'), [])
  })

  it('ok/groups of groups, in a ring too, the primary one, and members that moved', async () => {
    const [store, read] = await fresh()
    const [outer, inner, primary] = [group('Outer'), group('Inner'), group('Primary')]
    const bob = user('bob', { primaryGroupSid: 'S-1-Primary' })
    const member = (of: string, member_key: string) => ({ source: 'ad', group_id: of, member_key })
    await store.write(lease('one'), {
      users: [bob],
      groups: [outer, inner, primary],
      joined: [
        member('Outer', inner.dn_key),
        member('Inner', outer.dn_key),
        member('Inner', bob.dn_key),
        member('Inner', bob.dn_key),
      ],
    })
    const groups = async () => {
      const [found] = (await read.users({ source: 'ad', search: 'bob', limit: 1 })).items
      return found === undefined ? [] : await read.groupsOf(found)
    }
    assert.deepEqual(await groups(), ['Inner', 'Outer', 'Primary'])
    const moved = { ...bob, dn: 'CN=bob,DC=elsewhere', dn_key: 'elsewhere' }
    await store.write(lease('one'), { users: [moved], moved: [{ from: bob.dn_key, to: 'elsewhere' }] })
    assert.deepEqual(await groups(), ['Inner', 'Outer', 'Primary'])
    await store.write(lease('one'), { left: [member('Inner', 'elsewhere')] })
    assert.deepEqual(await groups(), ['Primary'])
  })

  it('ok/what was copied of a source that is gone is forgotten, some at a time', async () => {
    const [store, read] = await fresh()
    await store.write(lease('one'), { users: [user('alice')], groups: [group('Staff')] })
    assert.equal(await store.forgetSome(lease('one')), true)
    assert.deepEqual(await read.counts('ad'), { users: 0, groups: 0 })
    assert.equal((await read.states()).length, 1)
    assert.equal(await store.forgetSome(lease('one')), false)
    assert.deepEqual(await read.states(), [])
  })

  it('ok/texts of any length and with NUL are stored', async () => {
    const [store, read] = await fresh()
    const long = `${'x'.repeat(999)}\u{1f600}`
    await store.write(lease('one'), { users: [user('n\0l', { displayName: long, department: 'a\0b' })] })
    const [stored] = (await read.users({ source: 'ad', limit: 1 })).items
    assert.equal(stored?.department, 'a\ufffdb')
    assert.equal(stored?.display_name?.length, 1000)
  })
})
