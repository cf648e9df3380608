import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { DataPlanContext, RowImage } from '../../config/data-section.ts'
import { type Configuration, configurationSchema } from '../../config/schema.ts'
import { FakeClock } from '../../kernel/clock.ts'
import { RequestError } from '../../kernel/errors.ts'
import { forEachEngine } from '../../store/testing.ts'
import { GroupWriter } from './group-writes.ts'
import { GroupsSection } from './groups-section.ts'
import { testSealer } from './test/house.ts'
import { groupItemSchema, userItemSchema } from './user-item.ts'
import { UserStore } from './user-store.ts'
import { UserWriter } from './user-writes.ts'
import { UsersSection } from './users-section.ts'

const configuration = configurationSchema.parse({
  sources: [{ name: 'local', kind: 'local', passwordStorage: 'nt-hash' }],
}) as Configuration // no clients: the document is what is served

interface Document {
  readonly users?: readonly object[]
  readonly groups?: readonly object[]
}

forEachEngine(({ open }) => {
  async function setUp(served = configuration) {
    const database = await open()
    const sealer = testSealer()
    const clock = new FakeClock()
    const users = new UsersSection(database, sealer, clock)
    const groups = new GroupsSection(database)
    const writers = { groups: new GroupWriter(database), users: new UserWriter(database, clock) }
    const store = new UserStore(database, clock)

    async function planOf(document: Document, prune: boolean) {
      const read = {
        groups: (document.groups ?? []).map((item) => groupItemSchema.parse(item)),
        users: (document.users ?? []).map((item) => userItemSchema.parse(item)),
      }
      const context: DataPlanContext = {
        configuration: served,
        document: {
          ...(document.groups === undefined ? {} : { groups: read.groups }),
          ...(document.users === undefined ? {} : { users: read.users }),
        },
        prune,
      }
      return { groups: await groups.plan(read.groups, context), users: await users.plan(read.users, context) }
    }

    async function writePlan(plan: Awaited<ReturnType<typeof planOf>>) {
      return database.kysely.transaction().execute(async (transaction) => {
        const images = {
          groups: await writers.groups.write(transaction, plan.groups.writes),
          users: await writers.users.write(transaction, plan.users.writes),
        }
        // Images are kept as JSON.
        return JSON.parse(JSON.stringify(images)) as typeof images
      })
    }

    async function apply(document: Document, prune = false) {
      const plan = await planOf(document, prune)
      assert.deepEqual([...plan.groups.problems, ...plan.users.problems], [])
      const images = await writePlan(plan)
      const changes = [...plan.groups.changes, ...plan.users.changes]
      return {
        images,
        changes: changes.map(({ section, name, action }) => `${action} ${section}/${name}`),
        plan,
      }
    }

    async function undo(images: { groups: readonly RowImage[]; users: readonly RowImage[] }) {
      return database.kysely.transaction().execute(async (transaction) => {
        const first = await writers.users.undo(transaction, images.users)
        const second = await writers.groups.undo(transaction, images.groups)
        return [...first.leftAlone, ...second.leftAlone]
      })
    }

    async function exported() {
      return { groups: await groups.export(), users: await users.export() }
    }
    return { apply, undo, planOf, writePlan, exported, store, clock }
  }

  const document = {
    groups: [{ name: 'Staff' }, { name: 'VPN Users', members: ['Staff'] }],
    users: [
      {
        name: 'alice',
        password: 'clear text',
        groups: ['Staff'],
        expiresAt: '2027-01-01T00:00:00Z',
        logonHours: ['Mon-Fri 07:00-19:00'],
        attributes: { room: '7', mail: 'alice@example.org' },
      },
      { name: 'bob', password: 'other text', passwordStorage: 'argon2id', disabled: true },
    ],
  }

  it('applied twice changes once; the export applied again changes nothing', async () => {
    const { apply, exported, store } = await setUp()
    const { changes } = await apply(document)
    assert.deepEqual(changes, [
      'create groups/Staff',
      'create groups/VPN Users',
      'create users/alice',
      'create users/bob',
    ])
    const alice = await store.get('alice')
    assert.deepEqual([alice?.passwordStorage, alice?.groups], ['nt-hash', ['Staff']])
    assert.equal((await store.get('bob'))?.passwordStorage, 'argon2id')

    const again = await apply(document)
    assert.ok(again.changes.every((change) => change.startsWith('unchanged ')))
    assert.deepEqual(again.images, { groups: [], users: [] })
    assert.deepEqual(await store.get('alice'), alice)

    const written = await exported()
    assert.doesNotMatch(JSON.stringify(written), /clear text|sealed/)
    const third = await apply(written)
    assert.ok(third.changes.every((change) => change.startsWith('unchanged ')))
  })

  it('shows what differs, the password as stars, and writes just that', async () => {
    const { apply, store, clock } = await setUp()
    await apply(document)
    clock.advance(1000)
    const users = [{ ...document.users[0], password: 'new text', groups: ['VPN Users'], disabled: true }]
    const { plan } = await apply({ users })
    assert.deepEqual(plan.users.changes[0]?.fields, [
      { path: 'groups', before: ['Staff'], after: ['VPN Users'] },
      { path: 'disabled', before: false, after: true },
      { path: 'password', before: '***', after: '***' },
    ])
    assert.doesNotMatch(JSON.stringify(plan), /new text/)
    const alice = await store.get('alice')
    assert.deepEqual([alice?.groups, alice?.disabled], [['VPN Users'], true])
    assert.equal(alice?.passwordChangedAt, clock.now())
  })

  it('deletes only with prune, and a rollback brings all of it back', async () => {
    const { apply, undo, exported, store } = await setUp()
    await apply(document)
    const before = await exported()
    const kept = await apply({ groups: [{ name: 'VPN Users' }], users: [] })
    assert.equal(await undo(kept.images).then((left) => left.length), 0)
    assert.deepEqual(await exported(), before)

    const { images, changes } = await apply({ groups: [{ name: 'VPN Users' }], users: [] }, true)
    assert.ok(changes.includes('delete users/alice') && changes.includes('delete groups/Staff'))
    assert.deepEqual((await exported()).users, [])
    assert.deepEqual(await undo(images), [])
    assert.deepEqual(await exported(), before)
    // The password came back as well: the same document changes nothing.
    assert.ok((await apply(document)).changes.every((change) => change.startsWith('unchanged ')))
    assert.equal((await store.get('alice'))?.failures, 0)
  })

  it('warns of a pruned group that a rule names or that has members, and shows them', async () => {
    const rules = [
      { name: 'vpn', when: '"Staff" in user.groups', effect: 'accept' },
      { name: 'other', when: "'Staff only' in user.groups", effect: 'accept' },
    ]
    const served = configurationSchema.parse({ ...configuration, rules }) as Configuration // as above
    const { apply, planOf } = await setUp(served)
    await apply(document)
    const warnings = async (next: Document, prune = true) =>
      (await planOf(next, prune)).groups.problems.map(({ severity, message }) => `${severity} ${message}`)
    assert.deepEqual(await warnings({ groups: [{ name: 'VPN Users' }] }), [
      "warning The group is deleted, but the condition of 'vpn' names it.",
      'warning The group is deleted, but still has members: 1 user.',
    ])
    const { groups } = await planOf({ groups: [{ name: 'Staff' }] }, true)
    assert.deepEqual(
      [groups.problems.map(({ message }) => message), groups.changes.at(-1)],
      [
        ['The group is deleted, but still has members: 1 group.'],
        {
          section: 'groups',
          name: 'VPN Users',
          action: 'delete',
          fields: [{ path: 'members', before: ['Staff'] }],
        },
      ],
    )
    assert.deepEqual(await warnings({ groups: [] }, false), [])
    // Users of the document are described whole: what they lose is shown with them.
    assert.deepEqual(await warnings({ groups: [], users: [{ name: 'alice' }] }), [
      "warning The group is deleted, but the condition of 'vpn' names it.",
    ])
  })

  it('a rollback leaves alone what was changed otherwise since; counters are no change', async () => {
    const { apply, undo, store } = await setUp()
    const { images } = await apply(document)
    const [alice, bob] = [await store.get('alice'), await store.get('bob')]
    assert.ok(alice && bob)
    await store.update(alice.id, { disabled: true })
    await store.writeLockouts([{ userId: bob.id, failures: 3, lastFailureAt: 1, lockedUntil: 2 }])
    assert.deepEqual(await undo(images), ['users/alice'])
    assert.deepEqual([(await store.get('alice'))?.disabled, await store.get('bob')], [true, undefined])
  })

  it('refuses to write over what was changed after the plan, whole', async () => {
    const { apply, planOf, writePlan, store } = await setUp()
    await apply(document)
    const plan = await planOf({ users: [{ name: 'carl' }, { ...document.users[0], disabled: true }] }, false)
    const alice = await store.get('alice')
    assert.ok(alice)
    await store.update(alice.id, { mustChangePassword: true })
    await assert.rejects(
      writePlan(plan),
      (error) => error instanceof RequestError && error.code === 'version-conflict',
    )
    assert.equal(await store.get('carl'), undefined)
  })

  it('names what does not fit together', async () => {
    const { apply, planOf } = await setUp()
    await apply(document)
    const { users, groups } = await planOf(
      {
        groups: [{ name: 'Staff', members: ['VPN Users', 'Ghosts'] }, { name: 'staff' }],
        users: [
          { name: 'carl', groups: ['Ghosts'] },
          { name: 'CARL' },
          { name: 'dora', source: 'ldap' },
          { name: 'alice', passwordStorage: 'reversible' },
        ],
      },
      false,
    )
    const codes = (problems: readonly { path: string; code: string }[]) =>
      problems.map(({ path, code }) => `${path} ${code}`)
    assert.deepEqual(codes(users.problems), [
      'users/carl/groups group-unknown',
      'users/carl no-password',
      'users/CARL duplicate-name',
      'users/CARL no-password',
      'users/dora/source source-unknown',
      'users/alice/passwordStorage password-needed',
    ])
    assert.deepEqual(codes(groups.problems), ['groups/staff duplicate-name'])
    const ring = await planOf({ groups: [{ name: 'Staff', members: ['VPN Users', 'Ghosts'] }] }, false)
    assert.deepEqual(codes(ring.groups.problems), [
      'groups/Staff/members group-unknown',
      `groups/${ring.groups.problems[1]?.path.split('/')[1]}/members group-ring`,
    ])
  })

  it('turns a reversible password into another form without asking for it', async () => {
    const { apply, store } = await setUp()
    const alice = { name: 'alice', password: 'clear text', passwordStorage: 'reversible' }
    await apply({ users: [alice] })
    await apply({ users: [{ name: 'alice', passwordStorage: 'nt-hash' }] })
    assert.equal((await store.get('alice'))?.passwordStorage, 'nt-hash')
    const { changes } = await apply({ users: [{ ...alice, passwordStorage: 'nt-hash' }] })
    assert.deepEqual(changes, ['unchanged users/alice'])
  })

  it('keeps a given password in the form of the source, however the old one was kept; no password stays', async () => {
    const { apply, store } = await setUp()
    await apply({ users: [{ name: 'alice', password: 'clear text', passwordStorage: 'argon2id' }] })
    const changed = (await store.get('alice'))?.passwordChangedAt
    await apply({ users: [{ name: 'alice', disabled: true }] })
    assert.equal((await store.get('alice'))?.passwordStorage, 'argon2id')
    await apply({ users: [{ name: 'alice', password: 'clear text' }] })
    const alice = await store.get('alice')
    assert.deepEqual([alice?.passwordStorage, alice?.passwordChangedAt], ['nt-hash', changed])
    const again = await apply({ users: [{ name: 'alice', password: 'clear text' }] })
    assert.deepEqual(again.changes, ['unchanged users/alice'])
  })
})

it('a document with a bad name, password, hour or unknown key is refused with the reason', () => {
  for (const [user, reason] of [
    [{ name: 'a@b' }, /carries no realm/],
    [{ name: 'a', password: '  ' }, /empty or only white space/],
    [{ name: 'a', logonHours: ['always'] }, /no span of logon hours/],
    [{ name: 'a', passwrd: 'x' }, /passwrd/],
    [{ name: 'a', expiresAt: 'soon' }, /datetime/],
  ] as const) {
    const result = userItemSchema.safeParse(user)
    assert.equal(result.success, false)
    assert.match(result.error?.message ?? '', reason)
  }
})
