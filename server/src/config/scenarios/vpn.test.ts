import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parse } from 'yaml'
import { checkConfiguration } from '../plan.ts'
import { planConfiguration } from '../planner.ts'
import { configurationSchema, EMPTY_CONFIGURATION } from '../schema.ts'
import { resolveSecrets } from '../secrets.ts'
import { vpnScenario } from './vpn.ts'

describe('the VPN scenario', () => {
  it('is a whole configuration without an error or a warning', () => {
    const { groups, ...written } = parse(
      vpnScenario({
        clientName: 'vpn-1',
        clientAddress: '192.0.2.10',
        vendor: 'strongswan',
        group: 'VPN "Users"',
      }),
    )
    assert.deepEqual(groups, [{ name: 'VPN "Users"' }])
    const document = configurationSchema.parse(written)
    const { clients } = resolveSecrets(document.clients, new Map())
    const { next } = planConfiguration(EMPTY_CONFIGURATION, { ...document, clients }, { prune: false })
    assert.deepEqual(checkConfiguration(next, []), [])
    assert.equal(next.rules[0]?.when, '"VPN \\"Users\\"" in user.groups && client.name == "vpn-1"')
  })
})
