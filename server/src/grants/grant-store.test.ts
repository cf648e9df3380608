import assert from 'node:assert/strict'
import { it } from 'node:test'
import { reason } from '../reasons/index.ts'
import { nextUserRevision, recordDeletion } from '../store/revision.ts'
import { forEachEngine } from '../store/testing.ts'
import { ChangeStore } from './change-store.ts'
import type { GrantActionRecord, NewGrantAction } from './grant-action-row.ts'
import { type GrantActionUpdate, GrantStore } from './grant-store.ts'

const WHY = reason('account-disabled', { user: 'alice' })

function action(id: string, over: Partial<NewGrantAction> = {}): NewGrantAction {
  return {
    kind: 'session',
    grant: { id, subject: 'Alice', lane: 'switch', decisionId: 'd1' },
    ...{ action: 'revoke', state: 'waiting', reason: WHY, changes: ['x'] },
    ...{ cause: 'user "alice" changed', askedBy: 'system', configVersion: 3, at: 1000 },
    ...over,
  }
}

const CLAIM = {
  lane: 'switch',
  state: 'waiting',
  limit: 10,
  now: 1000,
  until: 5000,
  configVersion: 3,
} as const

function closing(entry: GrantActionRecord, state: 'done' | 'failed', at = 2000): GrantActionUpdate {
  const { id, reason: why, changes, attempts, nextAt, acknowledgedAt } = entry
  return {
    ...{ id, state, action: 'revoke' as const, reason: why, changes, attempts, nextAt, acknowledgedAt },
    ...{ result: state === 'failed' ? reason('grant-no-answer', { client: 'switch' }) : null, at },
  }
}

forEachEngine(({ open, engine }) => {
  it('ok/a grant has one open action; a closed one makes room for the next', async () => {
    const store = new GrantStore(await open())
    assert.equal(await store.enqueue([action('a'), action('b'), action('a')]), 2)
    assert.equal(await store.enqueue([action('a')]), 0)
    const [first] = await store.claim(CLAIM)
    assert.ok(first !== undefined)
    assert.deepEqual([first.grantId, first.reason, first.changes], ['a', WHY, ['x']])
    await store.update(closing(first, 'done'))
    assert.equal(await store.enqueue([action('a')]), 1)
  })

  it('ok/claimed entries are nobody else’s until the lease ends', async () => {
    const store = new GrantStore(await open())
    await store.enqueue(Array.from({ length: 30 }, (_, index) => action(`s${index}`)))
    const claims = await Promise.all([store.claim(CLAIM), store.claim(CLAIM), store.claim(CLAIM)])
    const ids = claims.flat().map(({ grantId }) => grantId)
    assert.equal(new Set(ids).size, ids.length)
    assert.ok(ids.length <= 30)
    for (;;) if ((await store.claim(CLAIM)).length === 0) break
    assert.deepEqual(await store.dueLanes(1000, 3), [])
    assert.equal((await store.claim({ ...CLAIM, now: 5001, until: 9000, limit: 50 })).length, 30)
    await store.releaseClaims()
    // Other nodes of a shared database may be alive: their claims end by themselves.
    assert.equal((await store.claim({ ...CLAIM, limit: 50 })).length, engine === 'sqlite' ? 30 : 0)
  })

  it('fail/a node that serves an older configuration leaves an entry alone', async () => {
    const store = new GrantStore(await open())
    await store.enqueue([action('a')])
    assert.deepEqual(await store.dueLanes(1000, 2), [])
    assert.deepEqual(await store.claim({ ...CLAIM, configVersion: 2 }), [])
    assert.deepEqual(await store.dueLanes(1000, 3), [{ lane: 'switch', toSend: true, toLookAt: false }])
  })

  it('ok/a sweep does not repeat what failed a short while ago; a change does', async () => {
    const store = new GrantStore(await open())
    await store.enqueue([action('a')])
    const [entry] = await store.claim(CLAIM)
    assert.ok(entry !== undefined)
    await store.update(closing(entry, 'failed'))
    assert.equal(await store.enqueue([action('a', { unlessFailedSince: 1500 })]), 0)
    assert.equal(await store.enqueue([action('a', { unlessFailedSince: 2500 })]), 1)
    assert.deepEqual(await store.counts(0), { open: 1, failed: 1 })
    assert.deepEqual(await store.counts(2000), { open: 1, failed: 0 })
  })

  it('ok/lists by user in any case, client and state, in pages', async () => {
    const store = new GrantStore(await open())
    await store.enqueue(Array.from({ length: 5 }, (_, index) => action(`s${index}`)))
    await store.enqueue([action('left', { state: 'left', action: 'undecided' })])
    const page = await store.list({ user: 'aLiCe', client: 'switch', state: 'open', limit: 3 })
    assert.deepEqual(
      page.items.map(({ grantId }) => grantId),
      ['s4', 's3', 's2'],
    )
    const rest = await store.list({ state: 'open', limit: 3, cursor: page.next })
    assert.deepEqual([rest.items.length, rest.next], [2, undefined])
    const left = await store.list({ state: 'left', limit: 3 })
    assert.equal(left.items.length, 1)
    assert.equal((await store.list({ user: 'bob', limit: 3 })).items.length, 0)
  })

  it('ok/old and excess entries go, open ones never', async () => {
    const store = new GrantStore(await open())
    await store.enqueue(Array.from({ length: 6 }, (_, index) => action(`s${index}`)))
    for (const entry of (await store.claim(CLAIM)).slice(0, 4)) await store.update(closing(entry, 'done'))
    assert.equal(await store.retain({ before: 0, most: 1000 }), 0)
    assert.equal(await store.retain({ before: 0, most: 4 }), 2)
    assert.equal(await store.retain({ before: 3000, most: 1000 }), 2)
    assert.equal((await store.list({ limit: 10 })).items.length, 2)
  })

  it('ok/names no database likes', async () => {
    const store = new GrantStore(await open())
    const grant = { id: 'a', subject: 'a\0b\'"; --', lane: 'switch', decisionId: undefined }
    assert.equal(await store.enqueue([action('a', { grant })]), 1)
    assert.equal((await store.list({ user: 'a\0b\'"; --', limit: 1 })).items.length, 1)
  })

  it('ok/changed users are told by name, groups and deletions as everything, each once', async () => {
    const database = await open()
    const [changes, store] = [new ChangeStore(database), new GrantStore(database)]
    assert.equal(await changes.userChanges(), undefined)
    const write = (work: (revision: number) => Promise<void>): Promise<void> =>
      database.kysely.transaction().execute(async (transaction) => {
        const revision = await nextUserRevision(database, transaction)
        if (revision === 1) await transaction.insertInto('users').values(user(revision)).execute()
        if (revision === 2)
          await transaction
            .insertInto('groups')
            .values({ id: 'g', name: 'G', name_key: 'g', revision })
            .execute()
        if (revision === 3) await recordDeletion(transaction, 'user', 'gone', revision)
        if (revision === 4) await recordDeletion(transaction, 'mac', '020000000001', revision)
        await work(revision)
      })
    await write(async () => {})
    const first = await changes.userChanges()
    assert.deepEqual(first, { revision: 1, accounts: [{ name: 'Alice', what: 'user' }] })
    await store.settle(1, [])
    assert.equal(await changes.userChanges(), undefined)
    await write(async () => {})
    assert.deepEqual(await changes.userChanges(), { revision: 2, accounts: undefined })
    await store.settle(2, [])
    await write(async () => {})
    assert.deepEqual(await changes.userChanges(), { revision: 3, accounts: undefined })
    await store.settle(3, [])
    await write(async () => {})
    assert.deepEqual(await changes.userChanges(), {
      revision: 4,
      accounts: [{ name: '020000000001', what: 'MAC address' }],
    })
    // A restored backup: nothing is known of what changed.
    await store.settle(40, [])
    assert.deepEqual(await changes.userChanges(), { revision: 4, accounts: undefined })
    await assert.rejects(
      write(async () => {
        throw new Error('changed my mind')
      }),
    )
    await store.settle(4, [])
    assert.equal(await changes.userChanges(), undefined)
  })

  it('ok/notes are done with only when they are settled, and may be replaced by a wider one', async () => {
    const database = await open()
    const [changes, store] = [new ChangeStore(database), new GrantStore(database)]
    const note = { at: 1, cause: 'c', asked_by: 'system', config_version: 0 }
    await store.noteAll([
      { ...note, fact: 'certificate', key: '4a01' },
      { ...note, fact: 'all', key: null },
    ])
    const [one] = await changes.noted('one', 10)
    assert.equal(one?.key, '4a01')
    assert.equal((await changes.noted('all', 10)).length, 1)
    await store.settle(undefined, [one?.id ?? 0], { ...note, fact: 'all', key: null })
    assert.deepEqual(await changes.noted('one', 10), [])
    assert.equal((await changes.noted('all', 10)).length, 2)
  })
})

function user(revision: number) {
  return {
    ...{ id: 'u1', name: 'Alice', name_key: 'alice', source: 'local' },
    ...{ password_storage: null, password_sealed: null, password_changed_at: null },
    ...({ must_change_password: 0, password_never_expires: 0, disabled: 0 } as const),
    ...{ expires_at: null, logon_hours: null, attributes: '{}' },
    ...{ failures: 0, last_failure_at: null, locked_until: null },
    ...{ revision, created_at: 1, updated_at: 1 },
  } as const
}
