import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../kernel/clock.ts'
import { ALICE, FakeIdentities, LAPTOP, template } from '../registration/testing.ts'
import type { ChallengeStore } from './challenge-store.ts'
import { Challenges } from './challenges.ts'

function challenges(): Challenges {
  // Of the store nothing else is asked here.
  const store = { open: async () => 0, create: async () => 7 } as unknown as ChallengeStore
  const templates = [
    template(),
    template({ name: 'computer', base: 'computer' }),
    template({ name: 'phone', base: 'device' }),
  ]
  return new Challenges({
    challenges: store,
    identities: new FakeIdentities(),
    templates: () => templates,
    minutes: () => 60,
    clock: new FakeClock(),
  })
}

const NO_NAMES = { dns: [], ip: [] }

test('ok/a challenge for a holder its template is for', async () => {
  for (const wish of [
    { template: 'user', user: ALICE.name },
    { template: 'computer', user: LAPTOP.name },
    { template: 'phone', deviceId: 'printer-214' },
  ]) {
    assert.equal((await challenges().create({ ...wish, ...NO_NAMES }, 'ada')).record.id, 7, wish.template)
  }
})

test('fail/one that no request could use is refused when it is made', async () => {
  for (const wish of [
    { template: 'user', deviceId: 'printer-214' },
    { template: 'user', user: LAPTOP.name },
    { template: 'phone', user: ALICE.name },
  ]) {
    const making = challenges().create({ ...wish, ...NO_NAMES }, 'ada')
    await assert.rejects(making, { code: 'enrolment-holder-unfit' }, JSON.stringify(wish))
  }
})
