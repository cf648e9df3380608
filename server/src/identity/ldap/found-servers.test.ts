import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FoundServers, type FoundServersParts, type ServiceRecord } from './found-servers.ts'

const DOMAIN = 'ad.example.org'
const record = (name: string, priority = 0, weight = 100, port = 389): ServiceRecord => ({
  ...{ name: `${name}.${DOMAIN}`, priority, weight, port },
})

function house(zone: Record<string, readonly ServiceRecord[]>, parts: Partial<FoundServersParts> = {}) {
  const asked: string[] = []
  const clock = { now: 0 }
  const list = new FoundServers({
    ...{
      domain: DOMAIN,
      scheme: 'ldaps',
      startTls: false,
      isActiveDirectory: true,
      hasOwnAuthorities: false,
    },
    resolve: async (name) => {
      asked.push(name)
      const records = zone[name]
      if (records === undefined) throw new Error('ENOTFOUND')
      return records
    },
    monotonic: () => clock.now,
    random: () => 0.5,
    ...parts,
  })
  const names = async () => (await list.current()).map(({ name }) => name)
  return { zone, asked, clock, names }
}

const ALL = `_ldap._tcp.dc._msdcs.${DOMAIN}`
const NEAR = `_ldap._tcp.Berlin._sites.dc._msdcs.${DOMAIN}`

test('ok/servers of the site first, then by priority and weight', async () => {
  const { names } = house(
    {
      [NEAR]: [record('dc3')],
      [ALL]: [record('dc1', 10), record('dc2', 0, 10), record('dc3'), record('dc4', 0, 90)],
    },
    { site: 'Berlin' },
  )
  assert.deepEqual(
    await names(),
    ['dc3', 'dc4', 'dc2', 'dc1'].map((dc) => `ldaps://${dc}.${DOMAIN}`),
  )
})

test('ok/weights are shares of the first place', async () => {
  let seed = 1
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647
    return seed / 2_147_483_647
  }
  const zone = { [ALL]: [record('light', 0, 10), record('heavy', 0, 90)] }
  let heavy = 0
  for (let i = 0; i < 500; i++) if ((await house(zone, { random }).names())[0]?.includes('heavy')) heavy++
  assert.ok(heavy > 400 && heavy < 490, `${heavy} of 500`)
})

test('ok/StartTLS uses the port that DNS tells, other directories have names of their own', async () => {
  const starting = house({ [ALL]: [record('dc1', 0, 1, 3389)] }, { scheme: 'ldap', startTls: true })
  assert.deepEqual(await starting.names(), [`ldap://dc1.${DOMAIN}:3389`])
  const generic = house({ [`_ldap._tcp.${DOMAIN}`]: [record('ldap1')] }, { isActiveDirectory: false })
  assert.deepEqual(await generic.names(), [`ldaps://ldap1.${DOMAIN}`])
  assert.deepEqual(generic.asked, [`_ldaps._tcp.${DOMAIN}`, `_ldap._tcp.${DOMAIN}`])
})

test('fail/a server outside the domain is taken only where the CA is our own', async () => {
  const zone = { [ALL]: [{ name: 'dc.evil.test', priority: 0, weight: 1, port: 389 }, record('dc1')] }
  assert.deepEqual(await house(zone).names(), [`ldaps://dc1.${DOMAIN}`])
  const own = house(zone, { hasOwnAuthorities: true, random: () => 0.5 })
  assert.equal((await own.names()).length, 2)
  const lookalike = { [ALL]: [{ name: `evil-${DOMAIN}`, priority: 0, weight: 1, port: 389 }] }
  await assert.rejects(house(lookalike).names(), /DNS lists no LDAP servers/)
})

test('fail/no records: a sentence, and DNS is not asked again for each login', async () => {
  const { names, asked, clock, zone } = house({})
  await assert.rejects(names(), /DNS lists no LDAP servers of ad\.example\.org/)
  const before = asked.length
  await assert.rejects(names(), /DNS lists no LDAP servers/)
  assert.equal(asked.length, before)
  clock.now += 5001
  zone[ALL] = [record('dc1')]
  assert.deepEqual(await names(), [`ldaps://dc1.${DOMAIN}`])
})

test('ok/an old list serves while DNS is asked, and when it fails', async () => {
  const { names, clock, zone } = house({ [ALL]: [record('dc1')] })
  await names()
  clock.now += 300_001
  zone[ALL] = [record('dc2')]
  assert.deepEqual(await names(), [`ldaps://dc1.${DOMAIN}`])
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(await names(), [`ldaps://dc2.${DOMAIN}`])
  clock.now += 300_001
  delete zone[ALL]
  assert.deepEqual(await names(), [`ldaps://dc2.${DOMAIN}`])
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(await names(), [`ldaps://dc2.${DOMAIN}`])
})
