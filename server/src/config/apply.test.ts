import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import type { Transaction } from 'kysely'
import { parse } from 'yaml'
import * as z from 'zod'
import { FakeClock } from '../kernel/clock.ts'
import { Sealer } from '../kernel/seal.ts'
import type { Database } from '../store/database.ts'
import { nextUserRevision } from '../store/revision.ts'
import type { Schema } from '../store/schema.ts'
import { forEachEngine } from '../store/testing.ts'
import { ConfigurationService } from './apply.ts'
import type { DataSection, DataWriter, RowImage } from './data-section.ts'
import type { Problem } from './problem.ts'
import type { Snapshot } from './snapshot.ts'
import { VersionStore } from './version-store.ts'

const SECRET = '0123456789abcdef-first'
const BASE = `
clients:
  - { name: vpn-1, address: 192.0.2.10, secret: ${SECRET} }
  - { name: made, address: 192.0.2.11, secret: { generate: true } }
profiles: [{ name: vpn, vlan: 42 }]
rules: [{ name: everybody, effect: accept, profiles: [vpn] }]
groups: [{ name: Staff }, { name: Guests }]
`

type GroupItem = { name: string }

/** The smallest data section: groups have a name and nothing else, so that only creating and deleting can be seen. */
class Groups implements DataSection<GroupItem, string>, DataWriter<string> {
  readonly name = 'groups'
  readonly schema = z.strictObject({ name: z.string() })
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async plan(items: readonly GroupItem[]) {
    const known = new Set((await this.export()).map((group) => group.name))
    const fresh = items.filter((item) => !known.has(item.name)).map((item) => item.name)
    return {
      changes: items.map(({ name }) => ({
        section: 'groups',
        name,
        action: known.has(name) ? ('unchanged' as const) : ('create' as const),
      })),
      problems: [],
      writes: fresh,
    }
  }

  async write(transaction: Transaction<Schema>, writes: readonly string[]): Promise<RowImage[]> {
    const revision = await nextUserRevision(this.#database, transaction)
    const images: RowImage[] = []
    for (const name of writes) {
      if (name === 'Poison') throw new Error('the feature refuses in the middle of the transaction')
      await transaction
        .insertInto('groups')
        .values({ id: name, name, name_key: name.toLowerCase(), revision })
        .execute()
      images.push({ table: 'groups', key: name, before: null, after: { name } })
    }
    return images
  }

  async undo(transaction: Transaction<Schema>, images: readonly RowImage[]) {
    const undone: RowImage[] = []
    const leftAlone: string[] = []
    for (const image of images.toReversed()) {
      const row = await transaction
        .selectFrom('groups')
        .select('name')
        .where('id', '=', image.key)
        .executeTakeFirst()
      if ((row?.name ?? null) !== (image.after?.name ?? null)) {
        leftAlone.push(`groups/${image.key}`)
      } else if (image.before === null) {
        await transaction.deleteFrom('groups').where('id', '=', image.key).execute()
        undone.push({ ...image, before: image.after, after: null })
      } else {
        const name = String(image.before.name)
        await transaction
          .insertInto('groups')
          .values({ id: name, name, name_key: name, revision: 0 })
          .execute()
        undone.push({ ...image, before: null, after: image.before })
      }
    }
    return { images: undone, leftAlone }
  }

  async export(): Promise<GroupItem[]> {
    return this.#database.kysely.selectFrom('groups').select('name').orderBy('name').execute()
  }
}

const sealer = new Sealer([{ id: 'aaaaaaaa', key: new Uint8Array(32).fill(7) }])
const admin = { author: 'admin' }

forEachEngine(({ open }) => {
  async function setUp(database?: Database, checks: (() => Problem[])[] = []) {
    const db = database ?? (await open())
    const groupsSection = new Groups(db)
    const sections = [groupsSection]
    const published: Snapshot[] = []
    const service = new ConfigurationService({
      versions: new VersionStore(db, new Map([['groups', groupsSection]])),
      sealer,
      sections,
      checks,
      clock: new FakeClock(),
      resolve: () => Promise.reject(new Error('no DNS here')),
      // A worker takes a moment to compile what it is given.
      publish: async (snapshot) => {
        await setImmediate()
        published.push(snapshot)
      },
    })
    await service.start()
    const apply = async (text: string, options = {}) =>
      service.apply(await service.plan(text, options), admin)
    const groups = async () => (await sections[0]?.export())?.map((group) => group.name)
    return { database: db, service, published, apply, groups }
  }

  it('starts empty, then serves what was applied, with secrets opened', async () => {
    const { service, published, apply, groups } = await setUp()
    assert.equal(published[0]?.version, 0)
    assert.deepEqual(published[0]?.configuration.clients, [])
    const applied = await apply(BASE)
    assert.equal(applied.version, 1)
    assert.equal(applied.generated.length, 1)
    assert.equal(applied.generated[0]?.path, 'clients/made/secret')
    const snapshot = structuredClone(service.snapshot)
    assert.equal(snapshot.version, 1)
    assert.ok(snapshot.revision > (published[0]?.revision ?? 0))
    assert.equal(snapshot.configuration.clients[0]?.secret, SECRET)
    assert.equal(snapshot.configuration.clients[1]?.secret, applied.generated[0]?.value)
    assert.deepEqual(snapshot.clientAddresses[0], { client: 'vpn-1', networks: ['192.0.2.10/32'] })
    assert.deepEqual(await groups(), ['Guests', 'Staff'])
    assert.ok(Object.isFrozen(service.snapshot.configuration.rules[0]?.profiles))
  })

  it('keeps no secret in the clear, in the store or in an export', async () => {
    const { service, apply, database } = await setUp()
    const { generated } = await apply(BASE)
    const rows = await database.kysely.selectFrom('config_versions').selectAll().execute()
    const texts = [
      JSON.stringify(rows),
      await service.export(),
      JSON.stringify((await service.plan(BASE)).changes),
    ]
    for (const text of texts) {
      assert.ok(!text.includes(SECRET))
      assert.ok(!text.includes(generated[0]?.value ?? ''))
    }
  })

  it('makes no version of an export applied again, nor of the same text', async () => {
    const { service, apply } = await setUp()
    await apply(BASE)
    assert.deepEqual(parse(await service.export()).clients[0].secret, { ref: 'clients/vpn-1/secret' })
    for (const prune of [false, true]) {
      assert.deepEqual(await apply(await service.export(), { prune }), {
        version: 1,
        changed: false,
        generated: [],
      })
      assert.deepEqual(await apply(BASE, { prune }), { version: 1, changed: false, generated: [] })
    }
    assert.equal(service.snapshot.configuration.clients[0]?.secret, SECRET)
  })

  it('keeps the key of a server certificate as it keeps secrets: sealed, masked, a reference', async () => {
    const { service, apply, database } = await setUp()
    const key = '-----BEGIN PRIVATE KEY-----\\nc2VjcmV0\\n-----END PRIVATE KEY-----\\n'
    const entry = (written: string) =>
      `serverCertificates: [{ name: x, kind: pem, chain: '-----BEGIN CERTIFICATE-----', key: ${written} }]`
    await apply(entry(`"${key}"`))
    const rows = await database.kysely.selectFrom('config_versions').selectAll().execute()
    const plan = await service.plan(entry(`"${key.replace('c2Vj', 'AAAA')}"`))
    for (const text of [JSON.stringify(rows), await service.export(), JSON.stringify(plan.changes)]) {
      assert.ok(!/c2VjcmV0|AAAAcmV0/.test(text), text)
    }
    assert.deepEqual(parse(await service.export()).serverCertificates[0].key, {
      ref: 'serverCertificates/x/key',
    })
    await apply(entry('{ ref: serverCertificates/x/key }'))
    const [served] = service.snapshot.configuration.serverCertificates
    assert.ok(served?.kind === 'pem' && served.key.includes('c2VjcmV0'))
    for (const wrong of ["'text'", '{ generate: true }', "'-----BEGIN ENCRYPTED PRIVATE KEY-----'"]) {
      assert.equal((await service.plan(entry(wrong))).prepared, undefined)
    }
  })

  it('takes a secret along when a client is renamed by reference', async () => {
    const { service, apply } = await setUp()
    await apply(BASE)
    await apply('clients: [{ name: vpn-2, address: 192.0.2.10, secret: { ref: clients/vpn-1/secret } }]', {
      prune: true,
    })
    assert.deepEqual(
      service.snapshot.configuration.clients.map(({ name, secret }) => [name, secret]),
      [['vpn-2', SECRET]],
    )
  })

  it('warns of fields that go back to their defaults because the document does not name them', async () => {
    const { service, apply } = await setUp()
    await apply(`
settings: { timeZone: Europe/Berlin, receipts: { keepDays: 7 } }
clients: [{ name: vpn-1, address: 192.0.2.10, vendor: strongswan, enabled: false, secret: ${SECRET} }]
profiles: [{ name: vpn, vlan: 42 }]
`)
    const warnings = async (text: string) =>
      (await service.plan(text)).problems.map(
        ({ severity, path, line, code, message }) => `${severity} ${path}:${line} ${code} ${message}`,
      )
    const client = 'name: vpn-1, address: 192.0.2.10, secret: { ref: clients/vpn-1/secret }'
    assert.deepEqual(
      await warnings(`settings: { receipts: { maximumMegabytes: 9 } }
clients: [{ ${client}, newSecret: { generate: true } }]
profiles: [{ name: vpn, filterId: staff }]
`),
      [
        'warning settings:1 fields-reset Fields not named go back to their defaults: timeZone, receipts/keepDays.',
        'warning clients/vpn-1:2 fields-reset Fields not named go back to their defaults: enabled, vendor.',
        'warning profiles/vpn:3 fields-reset Fields not named go back to their defaults: vlan.',
      ],
    )
    assert.deepEqual(await warnings(`clients: [{ ${client}, vendor: other, enabled: true }]`), [])
    assert.deepEqual(await warnings('profiles: [{ name: new }]'), [])
  })

  it('says of a reference to nothing only that', async () => {
    const { service } = await setUp()
    const text =
      'clients: [{ name: x, address: 192.0.2.9, secret: { ref: nothing }, newSecret: { ref: nowhere } }]'
    const { problems } = await service.plan(text)
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['secret-not-stored', 'secret-not-stored'],
    )
  })

  it('reports a change as done only once it is served', async () => {
    const { service, published, apply } = await setUp()
    for (const change of [
      () => apply(BASE),
      () => apply('clients: []', { prune: true }),
      () => service.rollback(1, admin),
    ]) {
      const { version } = await change()
      assert.equal(published.at(-1)?.version, version)
    }
  })

  it('refuses a bad document whole, and goes on serving the old one', async () => {
    const { service, apply, groups, published } = await setUp()
    await apply(BASE)
    const before = published.length
    const bad = `${BASE}sources: [{ name: local, kind: local }]\nrealms: [{ name: r, default: true, sources: [gone] }]\ngroups2: []\n`
    for (const text of [
      bad,
      bad.replace('groups2: []', ''),
      'clients: [{ name: x, address: 192.0.2.9, secret: { ref: clients/none/secret } }]',
    ]) {
      const plan = await service.plan(text)
      assert.equal(plan.prepared, undefined)
      await assert.rejects(service.apply(plan, admin), {
        name: 'RequestError',
        code: 'configuration-invalid',
      })
    }
    assert.equal(published.length, before)
    assert.equal(service.snapshot.version, 1)
    assert.deepEqual(await groups(), ['Guests', 'Staff'])
  })

  it('asks the checks of the features', async () => {
    const problem: Problem = { path: 'rules/everybody', severity: 'error', code: 'condition', message: 'No.' }
    const { service } = await setUp(undefined, [() => [problem]])
    const plan = await service.plan(BASE)
    assert.deepEqual(
      plan.problems.filter((one) => one.severity === 'error'),
      [{ ...problem, line: 6 }],
    )
    await assert.rejects(service.apply(plan, admin), { code: 'configuration-invalid' })
  })

  it('stores nothing where a data section fails in the middle', async () => {
    const { service, apply, groups } = await setUp()
    await apply(BASE)
    await assert.rejects(apply('profiles: [{ name: other }]\ngroups: [{ name: First }, { name: Poison }]'))
    assert.equal((await service.versions()).length, 1)
    assert.deepEqual(await groups(), ['Guests', 'Staff'])
    assert.equal(service.snapshot.version, 1)
  })

  it('refuses a change whose base has moved', async () => {
    const { database, service, apply } = await setUp()
    await apply(BASE)
    const plan = await service.plan('profiles: [{ name: late }]')
    const other = await setUp(database)
    await other.apply('profiles: [{ name: early }]')
    await assert.rejects(service.apply(plan, admin), { name: 'RequestError', code: 'version-conflict' })
    await assert.rejects(
      service.apply(await service.plan('profiles: [{ name: late }]'), { ...admin, baseVersion: 1 }),
      { code: 'version-conflict' },
    )
    assert.equal((await service.versions()).length, 2)
  })

  it('lets one of two changes made in the same moment win', async () => {
    const { database, service } = await setUp()
    const other = await setUp(database)
    const plans = [
      await service.plan('profiles: [{ name: a }]'),
      await other.service.plan('profiles: [{ name: b }]'),
    ] as const
    const results = await Promise.allSettled([
      service.apply(plans[0], admin),
      other.service.apply(plans[1], admin),
    ])
    assert.deepEqual(results.map((result) => result.status).sort(), ['fulfilled', 'rejected'])
    const lost = results.find((result) => result.status === 'rejected')
    assert.equal(lost?.reason.code, 'version-conflict')
  })

  it('takes over what another node applied', async () => {
    const { database, service, published } = await setUp()
    const other = await setUp(database)
    await other.apply(BASE)
    assert.equal(await service.refresh(), true)
    assert.equal(await service.refresh(), false)
    assert.equal(published.at(-1)?.configuration.clients.length, 2)
  })

  it('rolls back configuration and data, and can take the rollback back', async () => {
    const { service, apply, groups } = await setUp()
    await apply(BASE)
    await apply('profiles: [{ name: vpn, vlan: 7 }]\ngroups: [{ name: Visitors }]')
    const back = await service.rollback(1, admin)
    assert.deepEqual(back, { version: 3, leftAlone: [] })
    assert.equal(service.snapshot.configuration.profiles[0]?.vlan, 42)
    assert.equal(service.snapshot.configuration.clients[0]?.secret, SECRET)
    assert.deepEqual(await groups(), ['Guests', 'Staff'])
    assert.equal((await service.versions())[0]?.comment, 'Rollback to version 1')
    await service.rollback(2, admin)
    assert.equal(service.snapshot.configuration.profiles[0]?.vlan, 7)
    assert.deepEqual(await groups(), ['Guests', 'Staff', 'Visitors'])
  })

  it('leaves alone, and names, what changed otherwise since', async () => {
    const { database, service, apply, groups } = await setUp()
    await apply(BASE)
    await apply('groups: [{ name: Visitors }, { name: Temps }]')
    await database.kysely
      .updateTable('groups')
      .set({ name: 'Friends' })
      .where('id', '=', 'Visitors')
      .execute()
    const back = await service.rollback(1, admin)
    assert.deepEqual(back.leftAlone, ['groups/Visitors'])
    assert.deepEqual(await groups(), ['Friends', 'Guests', 'Staff'])
    await assert.rejects(service.rollback(99, admin), { name: 'RequestError', code: 'no-such-version' })
  })

  it('says plainly that the key file is the wrong one', async () => {
    const { database, apply } = await setUp()
    await apply(BASE)
    const stranger = new ConfigurationService({
      versions: new VersionStore(database, new Map()),
      sealer: new Sealer([{ id: 'bbbbbbbb', key: new Uint8Array(32) }]),
      sections: [],
      checks: [],
      clock: new FakeClock(),
      resolve: () => Promise.reject(new Error('no DNS here')),
      publish: () => {},
    })
    await assert.rejects(stranger.start(), { name: 'ConfigError', code: 'seal-key-missing' })
  })

  it('comes back from any export as it was', async () => {
    const { service, apply } = await setUp()
    const documents = fc.record({
      clients: fc.uniqueArray(
        fc.record({
          name: fc.stringMatching(/^[a-z: #'"-]{0,8}[a-z]$/).map((name) => `c${name}`),
          secret: fc.stringMatching(/^[ -~]{16,30}x$/),
        }),
        { selector: (client) => client.name, maxLength: 5 },
      ),
      when: fc.stringMatching(/^[ -~\n]{0,30}x$/),
    })
    await fc.assert(
      fc.asyncProperty(documents, async ({ clients, when }) => {
        const text = JSON.stringify({
          clients: clients.map((client, n) => ({ ...client, address: `192.0.2.${n}` })),
          rules: [{ name: 'r', effect: 'accept', when }],
        })
        const { version } = await apply(text, { prune: true })
        const configuration = service.snapshot.configuration
        const again = await apply(await service.export(), { prune: true })
        assert.deepEqual([again.changed, again.version], [false, version])
        assert.deepEqual(service.snapshot.configuration, configuration)
      }),
      { numRuns: 25 },
    )
  })
})
