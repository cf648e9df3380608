import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Configuration, configurationSchema } from '../../../config/schema.ts'
import { connectionsByPortId } from './sections.ts'

const vpn = (name: string, others: object = {}) => ({
  ...{ name, kind: 'vpn', gateways: [{ address: 'vpn.example.org' }] },
  ...others,
})
const gateway = (name: string, connections: readonly string[], others: object = {}) => ({
  ...{ name, kind: 'strongswan', client: 'vpn-1', connections, radiusServers: ['192.0.2.1'] },
  ...others,
})

function known(connections: readonly object[], gateways: readonly object[], client = 'vpn-1') {
  const configuration = configurationSchema.parse({ connections, gateways }) as Configuration
  return Object.fromEntries(connectionsByPortId(configuration, client))
}

describe('connections by what charon says in NAS-Port-Id', () => {
  const [staff, admins] = [vpn('Staff VPN'), vpn('Admin VPN')]
  const both = ['Staff VPN', 'Admin VPN']

  it('ok/each-by-its-name', () =>
    assert.deepEqual(known([staff, admins], [gateway('a', both)]), {
      'Staff-VPN': 'Staff VPN',
      'Admin-VPN': 'Admin VPN',
    }))

  it('ok/a-section-of-a-role-is-of-its-connection', () => {
    const roles = [{ name: 'it' }]
    assert.deepEqual(known([staff, admins], [gateway('a', both, { roles })]), {
      'Staff-VPN-it': 'Staff VPN',
      'Admin-VPN-it': 'Admin VPN',
    })
    const everybody = { roles, withoutRole: 'connection' }
    assert.deepEqual(known([staff], [gateway('a', ['Staff VPN'], everybody)]), {
      'Staff-VPN-it': 'Staff VPN',
      'Staff-VPN': 'Staff VPN',
    })
  })

  it('ok/names-that-come-out-the-same-are-told-apart', () => {
    const alike = [vpn('Büro 1'), vpn('Buro-1'), vpn('Buro 1'), vpn('1st')]
    const names = ['Büro 1', 'Buro-1', 'Buro 1', '1st']
    assert.deepEqual(known(alike, [gateway('a', names)]), {
      'Buro-1': 'Büro 1',
      'Buro-1-2': 'Buro-1',
      'Buro-1-3': 'Buro 1',
      'vpn-1st': '1st',
    })
    assert.deepEqual(known([vpn('中文')], [gateway('a', ['中文'])]), { vpn: '中文' })
    const roles = [{ name: 'a.b' }, { name: 'a_b' }]
    assert.deepEqual(known([staff], [gateway('a', ['Staff VPN'], { roles })]), {
      'Staff-VPN-a-b': 'Staff VPN',
      'Staff-VPN-a-b-2': 'Staff VPN',
    })
  })

  it('fail/not-of-another-client, not-of-another-kind, not-without-ikev2', () => {
    assert.deepEqual(known([staff, admins], [gateway('a', both)], 'vpn-2'), {})
    assert.deepEqual(known([staff, admins], [gateway('a', both, { kind: 'mikrotik' })]), {})
    const sstp = vpn('Admin VPN', { tunnelTypes: ['sstp'] })
    assert.deepEqual(known([staff, sstp], [gateway('a', both)]), { 'Staff-VPN': 'Staff VPN' })
    assert.deepEqual(known([staff, admins], [gateway('a', ['Staff VPN'])]), { 'Staff-VPN': 'Staff VPN' })
  })

  it('fail/what-two-gateways-of-a-client-mean-differently-says-nothing', () => {
    const alike = [vpn('VPN 1'), vpn('VPN-1'), vpn('Other')]
    const gateways = [gateway('a', ['VPN 1', 'Other']), gateway('b', ['VPN-1', 'Other'])]
    assert.deepEqual(known(alike, gateways), { Other: 'Other' })
  })
})
