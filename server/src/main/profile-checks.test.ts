import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Configuration, configurationSchema } from '../config/schema.ts'
import { profileChecks } from './profile-checks.ts'

const CLIENTS = [
  { name: 'switch', vendor: 'cisco' },
  { name: 'router', vendor: 'mikrotik' },
  { name: 'gateway', vendor: 'strongswan' },
].map((client, index) => ({
  ...client,
  address: `192.0.2.${index + 1}`,
  secret: 'a shared secret of some length',
}))

function check(profile: object, rule: object = {}) {
  const document = configurationSchema.parse({
    clients: CLIENTS,
    profiles: [{ name: 'staff', ...profile }],
    rules: [
      { name: 'staff', when: '"Staff" in user.groups', effect: 'accept', profiles: ['staff'], ...rule },
    ],
  })
  return profileChecks(document as Configuration) // the secrets are text
}

const ACL = ['permit ip from any to any', 'deny ipv6 from any to any']

describe('checks of profiles', () => {
  it('ok/ what every client of the rule can be told', () => {
    assert.deepEqual(check({ sessionTimeoutSeconds: 60 }), [])
    const when = 'client.vendor == "cisco" && "Staff" in user.groups'
    assert.deepEqual(check({ vlan: 42, acl: ACL }, { when }), [])
    assert.deepEqual(check({ vlan: 42 }, { when: 'client.name != "gateway"' }), [])
    assert.deepEqual(check({ vlan: 42, acl: ACL }, { effect: 'reject', profiles: [] }), [])
  })

  it('fail/ a term the vendor has no attribute for is a warning with the clients it could meet', () => {
    const problems = check({ vlan: 42, acl: ACL })
    assert.deepEqual(
      problems.map(({ path, severity, code }) => [path, severity, code]),
      [
        ['rules/staff/profiles', 'warning', 'term-unsayable'],
        ['rules/staff/profiles', 'warning', 'term-unsayable'],
      ],
    )
    assert.match(problems[0]?.message ?? '', /RouterOS takes the name.* of router with staff/)
    assert.match(problems[1]?.message ?? '', /vendor "strongswan" have no attribute for vlan.* of gateway/)
  })

  it('fail/ a list that leaves the IPv6 of a Cisco switch open is a warning', () => {
    const when = 'client.vendor == "cisco"'
    const [open, ...more] = check({ acl: ['permit ip from any to any'] }, { when })
    assert.deepEqual([open?.severity, open?.code, more], ['warning', 'acl-ipv6-open', []])
    assert.match(open?.message ?? '', /of staff filters IPv4 alone on switch/)
  })

  it('fail/ a wrong line and a wrong attribute are errors, whatever the clients', () => {
    const attributes = [{ name: 'No-Such-Attribute', value: '1' }]
    const problems = check({ acl: ['allow all'], attributes }, { when: 'client.name == "nobody"' })
    assert.deepEqual(
      problems.map(({ path, severity, code }) => [path, severity, code]),
      [
        ['profiles/staff/attributes', 'error', 'attribute-unknown-attribute'],
        ['profiles/staff/acl', 'error', 'acl-invalid'],
      ],
    )
  })
})
