import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DirectoryCacheConfiguration } from '../../config/sections/sources/directory-cache.ts'
import { FakeClock } from '../../kernel/clock.ts'
import type { DirectoryAccount, FoundAccount } from './account-lookup.ts'
import { CachedAccountLookup } from './cached-account-lookup.ts'

const MINUTE = 60_000

function account(name: string, more: Partial<DirectoryAccount> = {}): FoundAccount {
  const user = { id: `ad/${name}`, name, source: 'ad', groups: ['staff'], attributes: {} }
  return { kind: 'found', account: { dn: `cn=${name}`, user, ...more } }
}

function house(settings: Partial<DirectoryCacheConfiguration> = {}) {
  const clock = new FakeClock()
  const asked: string[] = []
  const learned: string[] = []
  const answers = new Map<string, FoundAccount | Promise<FoundAccount>>()
  const lookup = new CachedAccountLookup({
    inner: {
      byName: async (user) => {
        asked.push(user)
        return answers.get(user) ?? { kind: 'not-found' }
      },
      byId: async (id) => {
        asked.push(`id ${id}`)
        return answers.get(id) ?? { kind: 'not-found' }
      },
    },
    settings: { minutes: 5, negativeSeconds: 30, accounts: 100, ...settings },
    clock,
    random: () => 0,
    learned: (user, _whole, word) => learned.push(`${user} ${word.kind}`),
  })
  const ask = (user: string, isFresh = false) => lookup.byName(user, `${user}@x.test`, { isFresh })
  const lookupOf = async (user: string, isFresh = false) => {
    const found = await ask(user, isFresh)
    return found.kind === 'found' ? found.account.user.lookup : found.kind
  }
  return { clock, asked, learned, answers, lookup, ask, lookupOf }
}

test('ok/an account is asked for once in its time, and says where it comes from', async () => {
  const { answers, lookupOf, clock, asked } = house()
  answers.set('ada', account('ada'))
  assert.deepEqual([await lookupOf('ada'), await lookupOf('ada')], ['live', 'cached'])
  clock.advance(5 * MINUTE - 1)
  assert.equal(await lookupOf('ada'), 'cached')
  clock.advance(1)
  assert.equal(await lookupOf('ada'), 'live')
  assert.deepEqual(asked, ['ada', 'ada'])
})

test('ok/what is kept tells when the directory was asked, not when it answered', async () => {
  const { answers, ask, clock } = house()
  const { promise, resolve } = Promise.withResolvers<FoundAccount>()
  answers.set('ada', promise)
  const askedAt = clock.monotonic()
  const first = ask('ada')
  clock.advance(3000)
  resolve(account('ada'))
  await first
  const kept = await ask('ada')
  assert.ok(kept.kind === 'found')
  assert.equal(kept.account.askedAt, askedAt)
})

test('ok/a fresh question is always asked, and its answer kept', async () => {
  const { answers, lookupOf, asked } = house()
  answers.set('ada', account('ada'))
  assert.deepEqual([await lookupOf('ada', true), await lookupOf('ada', true)], ['live', 'live'])
  assert.equal(await lookupOf('ada'), 'cached')
  assert.equal(asked.length, 2)
})

test('ok/concurrent look-ups of one name share one question', async () => {
  const { answers, ask, asked } = house()
  const later = Promise.withResolvers<FoundAccount>()
  answers.set('ada', later.promise)
  const all = [ask('ada'), ask('ADA'), ask('ada')]
  later.resolve(account('ada'))
  await Promise.all(all)
  assert.deepEqual(asked, ['ada'])
})

test('ok/an account that may not come in is asked for again sooner, and so is an unknown name', async () => {
  const { answers, ask, clock, asked } = house()
  answers.set('ada', account('ada', { barred: { kind: 'disabled' } }))
  for (const name of ['ada', 'nobody', 'ada', 'nobody']) await ask(name)
  assert.deepEqual(asked, ['ada', 'nobody'])
  clock.advance(30_000)
  for (const name of ['ada', 'nobody']) await ask(name)
  assert.equal(asked.length, 4)
})

test('fail/nothing is kept past the moment from which time itself may bar the account', async () => {
  const { answers, lookupOf, clock } = house()
  answers.set('ada', account('ada', { goodUntil: clock.now() + 10_000 }))
  await lookupOf('ada')
  clock.advance(9_999)
  assert.equal(await lookupOf('ada'), 'cached')
  clock.advance(1)
  assert.equal(await lookupOf('ada'), 'live')
})

test('fail/an unavailable directory is not an answer: nothing is kept, and nothing was learned', async () => {
  const { answers, ask, lookupOf, learned } = house()
  answers.set('ada', { kind: 'unavailable', why: 'timeout' })
  assert.equal((await ask('ada')).kind, 'unavailable')
  answers.set('ada', account('ada'))
  assert.equal(await lookupOf('ada'), 'live')
  assert.deepEqual(learned, ['ada found'])
})

test('fail/an unavailable directory does not bring back an account whose time is over', async () => {
  const { answers, ask, clock } = house()
  answers.set('ada', account('ada'))
  await ask('ada')
  clock.advance(5 * MINUTE)
  answers.set('ada', { kind: 'unavailable', why: 'timeout' })
  assert.equal((await ask('ada')).kind, 'unavailable')
})

test('fail/a name that only looks alike never gets the account of another', async () => {
  const { answers, ask } = house()
  answers.set('kurt', account('kurt'))
  await ask('kurt')
  assert.equal((await ask('\u212aurt')).kind, 'not-found')
  answers.set('gross', account('gross'))
  await ask('gross')
  assert.equal((await ask('gro\u00df')).kind, 'not-found')
})

test('fail/one name behind two realms are two questions', async () => {
  const { answers, lookup, asked } = house()
  answers.set('ada', account('ada'))
  await lookup.byName('ada', 'ada@one.test')
  await lookup.byName('ada', 'ada@two.test')
  assert.equal(asked.length, 2)
})

test('fail/made-up names push out no account, and are bounded', async () => {
  const { answers, ask, lookupOf, lookup } = house({ accounts: 100 })
  answers.set('ada', account('ada'))
  await ask('ada')
  for (let index = 0; index < 1000; index++) await ask(`nobody-${index}`)
  assert.deepEqual(lookup.size, { accounts: 1, refused: 100 })
  assert.equal(await lookupOf('ada'), 'cached')
})

test('ok/a refresh forgets one account under every name it was typed by, or all', async () => {
  const { answers, lookupOf, lookup } = house()
  answers.set('ada', account('ada'))
  answers.set('ada@corp.test', account('ada'))
  answers.set('bob', account('bob'))
  for (const name of ['ada', 'ada@corp.test', 'bob']) await lookupOf(name)
  lookup.refresh(['ADA'])
  assert.deepEqual(
    [await lookupOf('ada'), await lookupOf('ada@corp.test'), await lookupOf('bob')],
    ['live', 'live', 'cached'],
  )
  lookup.refresh()
  assert.deepEqual([await lookupOf('ada'), await lookupOf('bob')], ['live', 'live'])
})

test('fail/an answer that was under way at a refresh is not kept', async () => {
  const { answers, lookupOf, lookup, asked } = house()
  const later = Promise.withResolvers<FoundAccount>()
  answers.set('ada', later.promise)
  const first = lookupOf('ada')
  lookup.refresh(['ada'])
  answers.set('ada', account('ada', { barred: { kind: 'disabled' } }))
  await lookupOf('ada')
  later.resolve(account('ada'))
  await first
  const found = await lookup.byName('ada', 'ada@x.test')
  assert.ok(found.kind === 'found')
  assert.equal(found.account.barred?.kind, 'disabled')
  assert.deepEqual(asked, ['ada', 'ada'])
})

test('ok/whom a change concerns is forgotten, by name, by id and by group; others stay', async () => {
  const { answers, lookup, lookupOf } = house()
  const member = (name: string, ...groups: readonly string[]): FoundAccount => {
    const user = { id: `ad/${name}-id`, name, source: 'ad', groups, attributes: {} }
    return { kind: 'found', account: { dn: `cn=${name}`, user } }
  }
  const people = ['ann', 'bob', 'cid', 'dan']
  for (const name of people) answers.set(name, member(name, name === 'cid' ? 'vpn' : 'staff'))
  const from = () => Promise.all([...people, 'nobody'].map((name) => lookupOf(name)))
  await from()
  lookup.forget({ users: ['ANN', 'nobody'], ids: ['ad/bob-id'], groups: ['vpn'] })
  answers.set('nobody', member('nobody'))
  assert.deepEqual(await from(), ['live', 'live', 'live', 'cached', 'live'])
})

test('ok/names of groups are forgotten where a group is concerned, and where everybody is', async () => {
  const { lookup } = house()
  let forgotten = 0
  const nobody = async (): Promise<FoundAccount> => ({ kind: 'not-found' })
  lookup.askBy({ byName: nobody, byId: nobody, forgetNames: () => void forgotten++ })
  lookup.forget({ users: ['ann'], ids: [], groups: [] })
  assert.equal(forgotten, 0)
  lookup.forget({ users: [], ids: [], groups: ['vpn'] })
  lookup.refresh(['ann'])
  assert.equal(forgotten, 1)
  lookup.refresh()
  assert.equal(forgotten, 2)
})

test('fail/an answer that was under way when its account was concerned is neither kept nor learned', async () => {
  const { answers, lookupOf, lookup, learned } = house()
  const later = Promise.withResolvers<FoundAccount>()
  answers.set('ada', later.promise)
  const first = lookupOf('ada')
  lookup.forget({ users: [], ids: [], groups: ['staff'] })
  answers.set('ada', { kind: 'not-found' })
  assert.equal(await lookupOf('ada'), 'not-found')
  later.resolve(account('ada'))
  assert.equal(await first, 'live')
  assert.equal(await lookupOf('ada'), 'not-found')
  assert.deepEqual(learned, ['ada not-found'])
})
