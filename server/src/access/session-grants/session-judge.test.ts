import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import type { Verdict } from '../../grants/grant-kind.ts'
import { AuthenticationOrder } from '../../identity/authentication-order.ts'
import { buildHouse, type House } from '../../identity/local/test/house.ts'
import type { StoredMac } from '../../identity/mac/stored-mac.ts'
import { RealmTable } from '../../identity/realms.ts'
import type { IdentitySource } from '../../identity/source.ts'
import { receipt } from '../../journal/testing.ts'
import type { Profile, Rule } from '../../policy/index.ts'
import { ALICE, policyOf } from '../../policy/testing.ts'
import { reason } from '../../reasons/index.ts'
import { LocalTime } from '../local-time.ts'
import type { CertificateStanding } from './certificate-standing.ts'
import type { SessionGrant } from './session-grant.ts'
import { SessionJudge } from './session-judge.ts'

const RULE: Rule = {
  name: 'vpn',
  when: '"VPN Users" in user.groups',
  effect: 'accept',
  profiles: ['vpn'],
}
const PROFILES: readonly Profile[] = [{ name: 'vpn', vlan: 10, attributes: [] }]
const GROUPS = ['VPN Users', 'Staff']
/** As decisionFacts writes them: a local user is a person. */
const FACTS = { ...ALICE, user: { ...ALICE.user, kind: 'person' } } as const
const ACCEPT = { ...receipt(1, { configVersion: 7, profiles: ['vpn'] }), facts: FACTS }
const REALMS = [
  { name: 'example.org', default: true, sources: ['local'] },
  { name: 'partner', sources: [] },
]
const CERTIFICATE = {
  ...{ subject: 'CN=alice', issuer: 'CN=CA', serial: '4a01', fingerprint: 'ff' },
  ...{ notAfter: '2027-01-01T00:00:00.000Z', extendedKeyUsages: [], dnsNames: [], upns: [], emails: [] },
}

describe('a session decided again', () => {
  let house: House
  let rules: readonly Rule[]
  let profiles: readonly Profile[]
  let version: number
  let sources: readonly IdentitySource[]
  let standing: CertificateStanding
  let macs: Map<string, StoredMac>
  /** What version 7 said; undefined: it is not kept. */
  let kept: readonly Profile[] | undefined

  beforeEach(async () => {
    house = await buildHouse()
    await house.add('alice', 'secret', { groups: GROUPS, attributes: { mail: 'alice@example.org' } })
    house.clock.advance(ACCEPT.at - house.clock.now() + 60_000)
    rules = [RULE]
    profiles = PROFILES
    kept = PROFILES
    version = 7
    sources = [house.source]
    standing = { kind: 'good' }
    macs = new Map()
  })

  const session = (over: Partial<SessionGrant> = {}): SessionGrant => ({
    ...{ id: 's1', subject: 'alice', lane: 'vpn-1', decisionId: ACCEPT.id, userName: 'anonymous' },
    ...{ callingStationId: undefined, startedAt: ACCEPT.at, receipt: ACCEPT },
    ...over,
  })

  function decide(grant = session()): Promise<Verdict> {
    const realms = new RealmTable(REALMS)
    const order = new AuthenticationOrder(realms, sources, () => {})
    const policy = policyOf(rules, profiles)
    const judge = new SessionJudge({
      judgement: () => ({ version, policy, realms, order, time: new LocalTime('Europe/Berlin') }),
      certificates: { standing: async () => standing },
      macs: { find: (mac) => macs.get(mac) },
      profiles: async (number) => (number === 7 ? kept : undefined),
      vendor: () => undefined,
      clock: house.clock,
    })
    return judge.decideAgain(grant)
  }

  async function refusal(grant = session()): Promise<string> {
    const verdict = await decide(grant)
    return verdict.verdict === 'keep' ? 'keep' : `${verdict.verdict} ${verdict.why.code}`
  }

  const change = (fields: Parameters<House['add']>[2]): Promise<unknown> =>
    house.add('alice', 'secret', { groups: GROUPS, ...fields })
  const certified = (): SessionGrant =>
    session({ receipt: { ...ACCEPT, facts: { ...ALICE, certificate: CERTIFICATE } } })

  it('ok/nothing changed', async () => {
    assert.equal(await refusal(), 'keep')
  })

  it('ok/what keeps an account out ends the session', async () => {
    // The password stays the one that was proved: adding again sets it anew.
    const password = house.users.get('id-alice')?.password
    const cases = [
      [{ disabled: true }, 'account-disabled'],
      [{ expiresAt: ACCEPT.at }, 'account-expired'],
      [{ logonHours: [] }, 'outside-logon-hours'],
    ] as const
    for (const [fields, code] of cases) {
      await change({ ...fields, ...(password === undefined ? {} : { password }) })
      assert.equal(await refusal(), `revoke ${code}`)
    }
  })

  it('ok/a password that was set anew ends the session, one set in the very login does not', async () => {
    await change({})
    assert.equal(await refusal(), 'revoke password-changed-since')
    const slow = { verify: 10, authenticate: 120_000_000 }
    assert.equal(await refusal(session({ receipt: { ...ACCEPT, timings: slow } })), 'keep')
  })

  it('ok/a lock-out ends no session, and hides nothing', async () => {
    const password = house.users.get('id-alice')?.password
    const locked = {
      lockedUntil: house.clock.now() + 1000,
      ...(password === undefined ? {} : { password }),
    }
    await change(locked)
    assert.equal(await refusal(), 'keep')
    await change({ ...locked, groups: ['Staff'] })
    assert.equal(await refusal(), 'revoke no-rule-matched')
    await change({ ...locked, disabled: true })
    assert.equal(await refusal(), 'revoke account-disabled')
  })

  it('ok/a password to be changed at the next login waits for that', async () => {
    const password = house.users.get('id-alice')?.password
    await change({ mustChangePassword: true, ...(password === undefined ? {} : { password }) })
    assert.equal(await refusal(), 'keep')
  })

  it('ok/an account that is gone', async () => {
    const grant = session({
      receipt: { ...ACCEPT, facts: { ...ALICE, user: { ...ALICE.user, name: 'bob' } } },
    })
    assert.equal(await refusal(grant), 'revoke user-not-found')
  })

  it('ok/a rule that no longer matches, with what is different', async () => {
    const password = house.users.get('id-alice')?.password
    await change({ groups: ['Staff'], attributes: ALICE.user.attributes, ...(password && { password }) })
    const verdict = await decide()
    assert.equal(verdict.verdict, 'revoke')
    assert.deepEqual('changes' in verdict && verdict.changes.filter((line) => line.startsWith('user')), [
      'user.groups lost "VPN Users"',
    ])
  })

  it('ok/what a rule sees of the user at the login it sees again', async () => {
    rules = [{ ...RULE, when: 'user.kind == "person"' }]
    assert.equal(await refusal(), 'keep')
  })

  it('ok/time is a fact', async () => {
    rules = [{ ...RULE, when: 'time.hour < 12' }]
    assert.equal(await refusal(), 'keep')
    house.clock.advance(6 * 3_600_000)
    assert.equal(await refusal(), 'revoke no-rule-matched')
  })

  it('ok/other profiles, or another content of the same one, are a change; another order of fields is none', async () => {
    version = 8
    profiles = [{ name: 'vpn', attributes: [], vlan: 10 }]
    assert.equal(await refusal(), 'keep')
    profiles = [{ name: 'vpn', vlan: 20, attributes: [] }]
    const verdict = await decide()
    assert.ok(verdict.verdict === 'change' && verdict.why.code === 'authorization-changed')
    assert.deepEqual(verdict.why.values, {
      ...{ rule: 'vpn', before: ['vpn (version 7)'], after: ['vpn (version 8)'] },
    })
    // What is done at a revocation was never sent to the device.
    profiles = [{ name: 'vpn', vlan: 10, attributes: [], whenRevoked: 'bounce-port' }]
    assert.equal(await refusal(), 'keep')
  })

  it('ok/where the old version is not kept the names of profiles are compared', async () => {
    kept = undefined
    version = 8
    profiles = [{ name: 'vpn', vlan: 20, attributes: [] }, { name: 'other' }]
    assert.equal(await refusal(), 'keep')
    rules = [{ ...RULE, profiles: ['other'] }]
    assert.equal(await refusal(), 'change authorization-changed')
  })

  it('fail/a source that does not answer: neither kept nor revoked', async () => {
    const down: IdentitySource = {
      ...{ name: 'local', kind: 'local', forms: new Set(['certificate']) },
      authenticate: () => ({ kind: 'unavailable', why: 'down' }),
      resolve: () => {
        throw new Error('down')
      },
    }
    sources = [down]
    assert.equal(await refusal(), 'unknown source-unavailable')
    assert.equal(await refusal(certified()), 'unknown source-unavailable')
    assert.equal(await refusal(session({ receipt: undefined })), 'unknown grant-undecidable')
  })

  it('ok/another source knows the name now: the proof is asked for again', async () => {
    const facts = { ...ALICE, user: { ...ALICE.user, source: 'ad' } }
    assert.equal(await refusal(session({ receipt: { ...ACCEPT, facts } })), 'change proof-outdated')
  })

  it('ok/certificates: revoked, not to be checked now, of a former account of the name', async () => {
    assert.equal(await refusal(certified()), 'keep')
    standing = { kind: 'refused', reason: reason('certificate-revoked', { serial: '4a01' }) }
    assert.equal(await refusal(certified()), 'revoke certificate-revoked')
    standing = { kind: 'unknown', reason: reason('certificate-revocation-unknown', {}) }
    assert.equal(await refusal(certified()), 'unknown certificate-revocation-unknown')
    standing = { kind: 'good', holder: 'id-former-alice' }
    assert.equal(await refusal(certified()), 'revoke certificate-no-mapping')
    standing = { kind: 'good', holder: 'id-alice' }
    assert.equal(await refusal(certified()), 'keep')
    await change({})
    assert.equal(await refusal(certified()), 'keep', 'a password says nothing of a certificate')
  })

  it('ok/a certificate whose issuer is not configured is asked for again once a version', async () => {
    standing = { kind: 'unplaced' }
    assert.equal(await refusal(certified()), 'keep')
    version = 8
    assert.equal(await refusal(certified()), 'change proof-outdated')
  })

  it('ok/a MAC address: disabled, expired, gone', async () => {
    const mac = { address: '020000000001', groups: [], description: '', owner: '', attributes: {} }
    const facts = {
      ...ALICE,
      user: { name: mac.address, realm: '', source: 'mac', groups: [], attributes: {} },
      auth: { method: 'mab', outerIdentity: mac.address, resumed: false },
      mac,
    } as const
    rules = [{ ...RULE, when: '"printers" in mac.groups', methods: { outer: ['mab'] } }]
    const grant = session({ receipt: { ...ACCEPT, facts } })
    const stored = { ...mac, mac: mac.address, groups: ['printers'], disabled: false }
    macs.set(mac.address, stored)
    assert.equal(await refusal(grant), 'keep')
    macs.set(mac.address, { ...stored, disabled: true })
    assert.equal(await refusal(grant), 'revoke mac-disabled')
    macs.set(mac.address, { ...stored, expiresAt: house.clock.now() })
    assert.equal(await refusal(grant), 'revoke mac-expired')
    macs.set(mac.address, { ...stored, groups: [] })
    assert.equal(await refusal(grant), 'revoke no-rule-matched')
    macs.clear()
    assert.equal(await refusal(grant), 'revoke mac-unknown')
  })

  it('ok/a login another server proved stays proved while that server is asked', async () => {
    const facts = {
      ...ALICE,
      user: { ...ALICE.user, realm: 'partner', source: 'partner' },
      auth: { method: 'proxied', outerIdentity: 'alice@partner', resumed: false },
    } as const
    rules = [{ ...RULE, when: 'user.realm == "partner"', methods: { outer: ['proxied'] } }]
    assert.equal(await refusal(session({ receipt: { ...ACCEPT, facts } })), 'keep')
    const moved = { ...facts, user: { ...facts.user, realm: 'example.org' } }
    assert.equal(await refusal(session({ receipt: { ...ACCEPT, facts: moved } })), 'change proof-outdated')
  })

  it('ok/without a receipt only what bars the account is told', async () => {
    const startedAt = house.clock.now() - 1000
    const known = session({ receipt: undefined, userName: 'alice', startedAt })
    assert.equal(await refusal(known), 'unknown grant-undecidable', 'it may be on its way')
    house.clock.advance(60_000)
    assert.equal(await refusal(known), 'undecidable grant-undecidable')
    const strange = session({ receipt: undefined, userName: undefined, decisionId: undefined })
    assert.equal(await refusal(strange), 'undecidable grant-undecidable')
    await change({ disabled: true })
    assert.equal(await refusal(known), 'revoke account-disabled')
  })
})
