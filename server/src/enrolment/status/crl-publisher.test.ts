import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex } from '@sallyport/bytes'
import { parseCrl } from '@sallyport/pki'
import { enrolmentSchema } from '../../config/sections/enrolment.ts'
import { Logging } from '../../kernel/logging.ts'
import { issueToAlice, openAuthorityBench } from '../testing.ts'
import { CertificateStatusStore } from './certificate-status-store.ts'
import { CrlPublisher } from './crl-publisher.ts'
import { CrlStore } from './crl-store.ts'
import { PublishedCrls } from './published-crls.ts'

const HOUR = 3_600_000

async function house() {
  const bench = await openAuthorityBench()
  const { database, authority, parts } = bench
  const { clock } = parts
  const store = new CrlStore(database)
  const status = new CertificateStatusStore(database)
  const served = new PublishedCrls(store, clock)
  /** As after a restart, or of another node: nothing but the store is common. */
  const publisher = (over: Partial<CrlStore> = {}) =>
    new CrlPublisher({
      issuers: () => authority.issuers,
      read: store,
      store: {
        claim: over.claim ?? store.claim.bind(store),
        publish: over.publish ?? store.publish.bind(store),
        release: store.release.bind(store),
        heads: store.heads.bind(store),
        find: store.find.bind(store),
        listed: store.listed.bind(store),
        changedSince: store.changedSince.bind(store),
      },
      revision: () => status.revision(),
      settings: () => enrolmentSchema.parse({ revocation: {} }),
      published: () => served.refresh(),
      clock,
      log: new Logging({ clock, level: 'silent' }).for('pki'),
    })
  const key = (await publisher().publish('full')).lists[0]?.issuerKey ?? assert.fail('nothing was published')
  const list = (kind: 'full' | 'delta') => {
    const found = served.find(key, kind)
    return found === undefined || found === 'ended'
      ? assert.fail(`no ${kind} CRL: ${found}`)
      : parseCrl(found.der)
  }
  return { ...bench, clock, store, served, publisher, key, list }
}

test('ok/a revocation makes a delta at once, which builds on the full list; nothing new makes nothing', async () => {
  const made = await house()
  const { serial } = await issueToAlice(made)
  const publisher = made.publisher()
  assert.deepEqual((await publisher.publish('changes')).lists, [])
  await made.change(serial, 'revoked')
  const { lists } = await publisher.publish('changes')
  assert.deepEqual(
    lists.map(({ kind, entries }) => [kind, entries]),
    [['delta', 1]],
  )
  assert.equal(made.list('delta').baseNumber, made.list('full').number)
  assert.equal(made.list('delta').revoked.has(fromHex(serial)), true)
  assert.equal(made.list('full').revoked.has(fromHex(serial)), false)
})

test('ok/numbers grow over restarts, also where the clock went back', async () => {
  const { publisher, clock, served, key } = await house()
  const numbers: number[] = []
  for (const step of [0, 1000, -48 * HOUR, 0]) {
    clock.advance(step)
    for (const { kind, number } of (await publisher().publish('full')).lists) {
      if (kind === 'full') numbers.push(number)
    }
  }
  assert.equal(new Set(numbers).size, 4)
  assert.deepEqual(
    numbers,
    numbers.toSorted((a, b) => a - b),
  )
  const list = served.find(key, 'full')
  assert.ok(typeof list === 'object' && list.number === numbers.at(-1))
})

test('fail/one node makes a list; what died in between is taken over after a minute', async () => {
  const { store, clock, key } = await house()
  const first = await store.claim(key, clock.now())
  assert.ok(first !== undefined)
  assert.equal(await store.claim(key, clock.now()), undefined)
  clock.advance(59_999)
  assert.equal(await store.claim(key, clock.now()), undefined)
  clock.advance(1)
  const second = await store.claim(key, clock.now())
  assert.ok(second !== undefined && second > first)
})

test('fail/a list of whoever was overtaken does not take the place of a newer one', async () => {
  const { publisher, store, clock, key } = await house()
  const old = (await store.find(key, 'full')) ?? assert.fail()
  clock.advance(1000)
  await publisher().publish('full')
  const newer = (await store.find(key, 'full')) ?? assert.fail()
  await store.publish(key, [old])
  assert.ok(newer.number > old.number)
  assert.equal((await store.find(key, 'full'))?.number, newer.number)
})

test('fail/a list that ended is not given out', async () => {
  const { served, clock, key } = await house()
  const list = served.find(key, 'full')
  assert.ok(typeof list === 'object')
  clock.advance(list.nextUpdate - clock.now() - 1)
  assert.equal(served.find(key, 'full'), list)
  clock.advance(1)
  assert.equal(served.find(key, 'full'), 'ended')
})

test('fail/what could not be published is told, the former list serves on, and the next try may come at once', async () => {
  const { publisher, served, key } = await house()
  const before = served.find(key, 'full')
  const tried = publisher({ publish: () => Promise.reject(new Error('disk full')) })
  const { lists, failures } = await tried.publish('full')
  assert.deepEqual(lists, [])
  assert.deepEqual(
    failures.map(({ why }) => why),
    ['disk full'],
  )
  assert.equal(tried.failures, failures)
  assert.equal(served.find(key, 'full'), before)
  // The claim was given back: nobody waits for its minute to end.
  assert.equal((await publisher().publish('full')).lists.length, 2)
})
