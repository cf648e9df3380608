import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configurationSchema, type LdapSourceConfiguration } from '../../config/schema.ts'
import { FakeClock } from '../../kernel/clock.ts'
import type { KnownName } from '../offline/known-account.ts'
import type { AccountLookup } from './account-lookup.ts'
import { DirectoryCaches } from './directory-caches.ts'

function source(more: Readonly<Record<string, unknown>> = {}): LdapSourceConfiguration {
  const { sources } = configurationSchema.parse({
    sources: [
      {
        ...{ name: 'ad', kind: 'ldap', servers: ['ldaps://dc1.example.org'], baseDn: 'dc=example,dc=org' },
        ...more,
      },
    ],
  })
  return sources[0] as LdapSourceConfiguration // it has no secret that would still have to be resolved
}

function house() {
  const asked: string[] = []
  const places = new Set<string>()
  const note = (name: KnownName): void => {
    places.add(name.place)
  }
  const caches = new DirectoryCaches({
    clock: new FakeClock(),
    owner: {
      change: async (changes) => {
        for (const { name } of changes) note(name)
      },
      find: async () => undefined,
      guess: async () => 'unknown',
      guessedRight: async () => undefined,
    },
    failed: (error) => assert.fail(String(error)),
  })
  const inner = (version: string): AccountLookup => ({
    byName: async (user) => {
      asked.push(`${version} ${user}`)
      return { kind: 'not-found' }
    },
    byId: async () => ({ kind: 'not-found' }),
  })
  const ask = async (settings: LdapSourceConfiguration, version: string) =>
    await caches.of(settings, inner(version)).lookup.byName('ada', 'ada')
  return { asked, places, caches, ask }
}

test('ok/what is kept outlives a configuration version, and asks by the newest', async () => {
  const { asked, caches, ask } = house()
  await ask(source(), 'one')
  await ask(source(), 'two')
  assert.deepEqual(asked, ['one ada'])
  caches.refresh('other', ['ada'])
  await ask(source(), 'two')
  caches.refresh('ad', ['ada'])
  await ask(source(), 'two')
  assert.deepEqual(asked, ['one ada', 'two ada'])
})

test('fail/what is kept dies with any change of the settings, and with the source', async () => {
  const { asked, caches, ask } = house()
  await ask(source(), 'one')
  await ask(source({ groupDn: 'cn=vpn,dc=example,dc=org' }), 'two')
  caches.keepOnly([])
  await ask(source({ groupDn: 'cn=vpn,dc=example,dc=org' }), 'three')
  assert.deepEqual(asked, ['one ada', 'two ada', 'three ada'])
})

test('fail/what is known for an outage is not known under settings that let in others', async () => {
  const { places, ask } = house()
  await ask(source(), 'one')
  await ask(source({ connections: 4, offline: { certificateHours: 1 }, cache: { minutes: 1 } }), 'two')
  assert.equal(places.size, 1)
  for (const more of [
    { groupDn: 'cn=vpn,dc=example,dc=org' },
    { userFilter: '(employeeType=staff)' },
    { baseDn: 'ou=People,dc=example,dc=org' },
    { servers: ['ldaps://dc2.example.org'] },
  ]) {
    const before: number = places.size
    await ask(source(more), 'other')
    assert.equal(places.size, before + 1, JSON.stringify(more))
  }
})
