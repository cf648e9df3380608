import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ldapSourceSchema } from '../../../config/sections/sources/ldap.ts'
import { openWriter } from '../../../store/open.ts'
import type { SearchAnswer } from '../directory.ts'
import { entry, playedSession } from './test/entry.ts'
import { type Ran, SyncHouse } from './test/sync-house.ts'

const source = ldapSourceSchema.parse({
  ...{ name: 'ldap', kind: 'ldap', type: 'generic', servers: ['ldaps://ldap.example.org'] },
  ...{ baseDn: 'dc=example', bindMode: 'anonymous', sync: { enabled: true, maximumDeletedPercent: 30 } },
}) as Parameters<SyncHouse['run']>[0] // no secret is in it

/** A directory of so many users that answers everything with them. */
const users = (count: number) =>
  playedSession((attributes): SearchAnswer => {
    const isUsers = attributes.includes('uid')
    const entries = Array.from({ length: isUsers ? count : 0 }, (_, at) =>
      entry(`uid=u${at},dc=example`, { uid: [`u${at}`], entryUUID: [`id-${at}`] }),
    )
    return { kind: 'entries', entries, server: 'ldaps://ldap.example.org' }
  })

async function afterFull(before: number, after: number, force = false): Promise<readonly [Ran, number]> {
  const database = await openWriter('sqlite::memory:')
  try {
    const house = new SyncHouse(database)
    await house.run(source, users(before))
    const ran = await house.run(source, users(after), { full: true, force })
    return [ran, (await house.read.counts('ldap')).users]
  } finally {
    await database.close()
  }
}

describe('what a full sync deletes', () => {
  for (const [before, after] of [
    [100, 70],
    [6, 1],
    [1000, 700],
  ] as const) {
    it(`ok/${before} users, ${after} left`, async () => {
      const [ran, left] = await afterFull(before, after)
      assert.equal(ran.kind, 'full')
      assert.equal(left, after)
    })
  }

  for (const [before, after] of [
    [100, 69],
    [1, 0],
    [5, 0],
    [2000, 0],
  ] as const) {
    it(`fail/${before} users, ${after} left: not without being told to`, async () => {
      const [ran, left] = await afterFull(before, after)
      assert.ok(ran.kind === 'stopped', JSON.stringify(ran))
      const { code, values } = ran.reason
      assert.equal(code, 'directory-sync-many-deletions')
      assert.deepEqual(values, {
        ...{ server: 'ldaps://dc1.example.org', kind: 'users', deleted: before - after, known: before },
      })
      assert.equal(left, before)
      const [forced, rest] = await afterFull(before, after, true)
      assert.equal(forced.kind, 'full')
      assert.equal(rest, after)
    })
  }
})
