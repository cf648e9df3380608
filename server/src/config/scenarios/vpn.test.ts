import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parse } from 'yaml'
import { starter } from '../../main/starter.ts'
import { compilePolicy, decide, type Facts } from '../../policy/index.ts'
import { checkConfiguration } from '../plan.ts'
import { planConfiguration } from '../planner.ts'
import { type Configuration, configurationSchema, EMPTY_CONFIGURATION } from '../schema.ts'
import { resolveSecrets, secretsOf } from '../secrets.ts'
import { STARTER_GROUP, vpnScenario } from './vpn.ts'

const GATEWAY = { clientName: 'vpn-1', clientAddress: '192.0.2.10', group: STARTER_GROUP }

function apply(current: Configuration, text: string) {
  const { users: _users, groups: _groups, ...written } = parse(text)
  const parsed = configurationSchema.parse(written)
  // The schema fills in the sections that a partial document leaves out.
  const document = Object.fromEntries(Object.entries(parsed).filter(([section]) => section in written))
  const { sections } = resolveSecrets(document, secretsOf(current))
  return planConfiguration(current, sections, { prune: false })
}

function afterFirstStart(): Configuration {
  return apply(EMPTY_CONFIGURATION, starter().document).next
}

function login(configuration: Configuration, groups: readonly string[], auth: Partial<Facts['auth']>) {
  const compiled = compilePolicy(configuration.rules, configuration.profiles)
  assert.ok(compiled.ok)
  const decision = decide(compiled.policy, {
    door: 'network',
    user: { name: 'alice', realm: 'default', source: 'local', groups, attributes: {} },
    auth: { method: 'pap', outerIdentity: 'alice', resumed: false, ...auth },
    client: { name: 'vpn-1', vendor: 'other', address: '192.0.2.10' },
    request: { attributes: {} },
    time: { now: '2026-01-05T10:00:00Z', hour: 10, weekday: 1 },
  })
  return decision.kind === 'accept' ? decision.profiles.join() : decision.reason.code
}

const PEAP = { method: 'peap', inner: 'eap-mschapv2' } as const

describe('the VPN scenario, applied after the first start', () => {
  it('lets members in on the gateway with its profile, and not by PAP', () => {
    const { next } = apply(afterFirstStart(), vpnScenario(GATEWAY))
    assert.deepEqual(checkConfiguration(next, []), [])
    assert.equal(login(next, [STARTER_GROUP], PEAP), 'vpn-users')
    assert.equal(login(next, [STARTER_GROUP], { method: 'eap-tls' }), 'vpn-users')
    assert.equal(login(next, [STARTER_GROUP], { method: 'mschapv2' }), 'vpn-users')
    assert.equal(login(next, [STARTER_GROUP], { method: 'pap' }), 'method-not-allowed')
    assert.equal(login(next, ['Guests'], PEAP), 'no-rule-matched')
  })

  it('makes a client and a profile, changes one rule and names nothing else', () => {
    const { changes } = apply(afterFirstStart(), vpnScenario(GATEWAY))
    assert.deepEqual(
      changes.map(({ section, name, action }) => `${action} ${section}/${name}`),
      ['create clients/vpn-1', 'create profiles/vpn-users', 'change rules/vpn-users'],
    )
    assert.deepEqual(Object.keys(parse(vpnScenario(GATEWAY))), ['clients', 'profiles', 'rules'])
  })

  it('for a second gateway adds the client alone', () => {
    const once = apply(afterFirstStart(), vpnScenario(GATEWAY)).next
    const second = { ...GATEWAY, clientName: 'vpn-2', clientAddress: '192.0.2.11', vendor: 'strongswan' }
    const { changes } = apply(once, vpnScenario(second))
    const made = changes.filter(({ action }) => action !== 'unchanged')
    assert.deepEqual(made, [{ section: 'clients', name: 'vpn-2', action: 'create' }])
  })

  it('for another group adds a rule and leaves the one of the first start alone', () => {
    const group = '"Users"'
    const { next } = apply(afterFirstStart(), vpnScenario({ ...GATEWAY, group }))
    assert.deepEqual(checkConfiguration(next, []), [])
    assert.equal(login(next, [group], PEAP), 'vpn: "Users"')
    assert.equal(login(next, [group], { method: 'pap' }), 'method-not-allowed')
    assert.equal(login(next, [STARTER_GROUP], { method: 'pap' }), 'standard')
  })

  it('what stands behind a # is a document as well', () => {
    const text = vpnScenario({ ...GATEWAY, group: 'Staff' })
    const [, proposed] = text.split(/^(?=# sources:$)/m)
    const lines = proposed?.split('\n').filter((line) => /^# (sources:|groups:| {2}- )/.test(line)) ?? []
    const { groups, ...written } = parse(lines.map((line) => line.slice(2)).join('\n'))
    assert.deepEqual(groups, [{ name: 'Staff' }])
    const [source] = configurationSchema.parse(written).sources
    assert.ok(source?.kind === 'local' && source.passwordStorage === 'nt-hash')
  })
})
