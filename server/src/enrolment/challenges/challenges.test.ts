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
    template({
      name: 'gateway',
      base: 'device',
      names: 'proved',
      allowedNames: ['vpn.example.org', '192.0.2.0/24'],
    }),
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

test('ok/names the template lets in, fail/others, before a device is told to ask for them', async () => {
  const make = (dns: readonly string[], ip: readonly string[]) =>
    challenges().create({ template: 'gateway', deviceId: 'vpn-1', dns, ip }, 'ada')
  assert.equal((await make(['vpn.example.org'], ['192.0.2.10'])).record.id, 7)
  const refused = (name: RegExp) => ({ code: 'challenge-invalid', message: name })
  await assert.rejects(make(['vpn2.example.org'], []), refused(/vpn2\.example\.org.*allowedNames/))
  await assert.rejects(make([], ['198.51.100.1']), refused(/198\.51\.100\.1.*allowedNames/))
})
