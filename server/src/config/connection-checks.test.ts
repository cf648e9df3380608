import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  connectionsHoldTogether,
  gatewaysHoldTogether,
  gatewaysKeepConnectionsApart,
  gatewaysServeConnectionsApart,
} from './connection-checks.ts'
import { type Configuration, configurationSchema } from './schema.ts'

const vpn = { name: 'Example VPN', kind: 'vpn', gateways: [{ address: 'vpn.example.org' }] }
const client = { name: 'vpn-1', address: '192.0.2.10', secret: 'a secret of sixteen' }
const gateway = {
  ...{ name: 'edge', kind: 'strongswan', client: 'vpn-1', connections: ['Example VPN'] },
  radiusServers: ['192.0.2.1'],
}

/** What is wrong, as `path code`. */
function problems(document: object): string[] {
  const configuration = configurationSchema.parse({
    connections: [vpn],
    clients: [client],
    ...document,
  }) as Configuration
  return [
    ...connectionsHoldTogether(configuration),
    ...gatewaysHoldTogether(configuration),
    ...gatewaysKeepConnectionsApart(configuration),
    ...gatewaysServeConnectionsApart(configuration),
  ].map(({ path, code }) => `${path} ${code}`)
}

const weaker = {
  ...{ name: 'Old VPN', kind: 'vpn', gateways: [{ address: 'old.example.org' }] },
  cryptography: { ike: { dhGroup: 'modp2048' } },
}
const both = { ...gateway, connections: ['Example VPN', 'Old VPN'] }

describe('connections and gateways', () => {
  it('ok/two-connections-of-two-host-names', () =>
    assert.deepEqual(problems({ connections: [vpn, weaker], gateways: [both] }), []))

  it('ok/connections-for-others-that-a-rule-tells-apart, fail/that-none-does', () => {
    const admins = { ...weaker, groups: ['Admins'] }
    const open = ['gateways/edge/connections connections-open-to-all']
    const about = { connections: [vpn, admins], gateways: [both] }
    assert.deepEqual(problems(about), open)
    const routed = { ...weaker, routing: 'split', routes: [{ prefix: '10.0.0.0/8' }] }
    assert.deepEqual(problems({ ...about, connections: [vpn, routed] }), open)
    const rule = (when: string) => ({ rules: [{ name: 'vpn', when, effect: 'accept' }] })
    assert.deepEqual(problems({ ...about, ...rule('"Staff" in user.groups') }), open)
    assert.deepEqual(problems({ ...about, ...rule('request.connection == "Example VPN"') }), [])
    const mikrotik = { ...both, kind: 'mikrotik' }
    assert.deepEqual(problems({ ...about, gateways: [mikrotik] }), [
      'gateways/edge/connections suites-differ',
    ])
  })

  it('fail/a name with letters beyond ASCII is told as it goes over the wire', () => {
    for (const [address, message] of [
      ['vpn.exämple.org', 'Not a DNS name: write it as vpn.xn--exmple-cua.org.'],
      ['vpn example.org', 'Not a DNS name.'],
    ] as const) {
      const parsed = configurationSchema.safeParse({ connections: [{ ...vpn, gateways: [{ address }] }] })
      assert.deepEqual(
        parsed.error?.issues.map((issue) => issue.message),
        [message],
      )
    }
  })

  it('ok/as-described', () => assert.deepEqual(problems({ gateways: [gateway] }), []))

  it('ok/a-role-that-a-profile-gives, fail/one-that-none-gives', () => {
    const gateways = [{ ...gateway, roles: [{ name: 'staff' }] }]
    assert.deepEqual(problems({ gateways, profiles: [{ name: 'vpn', role: 'staff' }] }), [])
    const never = ['gateways/edge/roles/staff role-never-given']
    assert.deepEqual(problems({ gateways, profiles: [{ name: 'vpn', role: 'admins' }] }), never)
  })

  const cases: readonly (readonly [name: string, document: object, problem: string])[] = [
    [
      'template',
      { connections: [{ ...vpn, certificateTemplate: 'x' }] },
      'connections/Example VPN/certificateTemplate unknown-template',
    ],
    [
      'ikev2-without-eap',
      { connections: [{ ...vpn, authentication: 'mschapv2' }] },
      'connections/Example VPN/authentication method-not-in-ikev2',
    ],
    [
      'l2tp-without-its-key',
      { connections: [{ ...vpn, tunnelTypes: ['l2tp'], l2tpMachineAuthentication: 'psk' }] },
      'connections/Example VPN/preSharedKey pre-shared-key-missing',
    ],
    [
      'a-shared-key-with-the-line-break-of-its-file',
      { connections: [{ ...vpn, preSharedKey: 'the key of all\n' }] },
      'connections/Example VPN/preSharedKey pre-shared-key-untypable',
    ],
    [
      'pptp',
      { connections: [{ ...vpn, tunnelTypes: ['pptp'] }] },
      'connections/Example VPN/tunnelTypes pptp-unsafe',
    ],
    [
      'no-encryption',
      { connections: [{ ...vpn, encryption: 'none' }] },
      'connections/Example VPN/encryption encryption-not-required',
    ],
    [
      'split-without-routes',
      { connections: [{ ...vpn, routing: 'split' }] },
      'connections/Example VPN/routes split-without-routes',
    ],
    [
      'suites-of-one-device',
      { connections: [vpn, weaker], gateways: [{ ...both, kind: 'fortigate' }] },
      'gateways/edge/connections suites-differ',
    ],
    [
      'two-connections-of-one-host-name',
      { connections: [vpn, { ...vpn, name: 'Old VPN' }], gateways: [both] },
      'gateways/edge/connections connections-alike',
    ],
    [
      'two-connections-of-one-host-name-beside-another',
      {
        connections: [
          { ...vpn, name: 'First', gateways: [{ address: 'first.example.org' }] },
          vpn,
          { ...vpn, name: 'Old VPN' },
        ],
        gateways: [{ ...gateway, connections: ['First', vpn.name, 'Old VPN'] }],
      },
      'gateways/edge/connections connections-alike',
    ],
    ['client', { gateways: [{ ...gateway, client: 'vpn-2' }] }, 'gateways/edge/client unknown-client'],
    [
      'connection',
      { gateways: [{ ...gateway, connections: ['x'] }] },
      'gateways/edge/connections/0 unknown-connection',
    ],
    [
      'kind',
      { gateways: [{ ...gateway, kind: 'unifi' }] },
      'gateways/edge/connections/0 connection-kind-not-served',
    ],
  ]
  for (const [name, document, problem] of cases) {
    it(`fail/${name}`, () => assert.ok(problems(document).includes(problem), problems(document).join()))
  }
})
