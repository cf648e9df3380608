import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findingsOf } from '../make-files.ts'
import type { ProfileInput } from '../profile-input.ts'
import type { ProfileOutput } from '../profile-output.ts'
import {
  exampleVpn,
  exampleWifi,
  exampleWired,
  OTHER_RADIUS_ROOT,
  EXAMPLE_PERSON as person,
} from '../testing/example-input.ts'
import { findingFields } from '../testing/finding-fields.ts'
import { assertGolden } from '../testing/golden.ts'
import { LINUX_OUTPUTS } from './linux-outputs.ts'
import { linuxNetworkManager } from './networkmanager.ts'
import { linuxSetup } from './setup.ts'
import { linuxSwanctl } from './swanctl.ts'
import { ownContainer } from './test/own-container.ts'
import { linuxWpaSupplicant } from './wpa-supplicant.ts'

const [root = assert.fail()] = exampleVpn().gatewayAnchors
const [otherRoot = assert.fail()] = OTHER_RADIUS_ROOT.radiusServer.anchors
const installed = { person, certificate: { kind: 'installed' } } as const
const brought = { person, certificate: ownContainer() }
const names = ['radius1.example.org', 'radius2.example.org']
const twoNames = { person, radiusServer: { ...OTHER_RADIUS_ROOT.radiusServer, names } }
const twoRoots = { names: ['radius.example.org'], anchors: [otherRoot, root] }
const leftOut = [{ prefix: '10.9.0.0/16', exclude: true }]
const routes = [{ prefix: '10.0.0.0/8', metric: 5 }, ...leftOut]
const rule = { suffix: '.corp.example.org', servers: ['10.0.0.53'] }
const otherRule = { suffix: '.lab.example.org', servers: ['10.0.0.54'] }
/** What only other systems have a word for. */
const elsewhere = {
  ...{ enforceRouting: 'everything', alwaysOn: true, idleDisconnectMinutes: 1, allUsers: true, mtu: 1400 },
  ...{ trustedNetworks: ['example.org'], triggerApplications: ['a.exe'], useLogonCredentials: true },
  ...{ deviceTunnel: { routes: ['10.0.0.0/8'] }, routing: 'split', routes },
  proxy: { server: 'proxy.example.org:3128' },
}
const gcm = { cryptography: { ike: { encryption: 'aes256gcm' } } }
const machine = { identity: 'both', singleSignOn: true }

function assertSays(
  output: ProfileOutput,
  name: string,
  cases: Readonly<Record<string, ProfileInput>>,
): void {
  const fields = Object.entries(cases).flatMap(([title, input]) => {
    const found = findingsOf(output, input)
    for (const one of found) assert.notEqual(Object.entries(one).at(-1)?.[1], undefined)
    return findingFields(title, found)
  })
  assertGolden(fields, new URL(`./test/${name}-findings.golden`, import.meta.url))
}

describe('what the forms of Linux say', () => {
  it('ok/swanctl', () => {
    const impossible = {
      tunnelTypes: ['sstp'],
      authentication: 'ttls-pap',
      routing: 'split',
      routes: leftOut,
    }
    const dns = { servers: ['10.0.0.53'], suffixes: ['example.org'], rules: [rule], register: true }
    const peap = { authentication: 'peap-mschapv2', anonymousIdentity: false, encryption: 'optional' }
    assertSays(linuxSwanctl, 'swanctl', {
      impossible: exampleVpn(impossible),
      plain: exampleVpn({ authentication: 'mschapv2' }, { person }),
      peap: exampleVpn(peap, twoNames),
      ttls: exampleVpn({ authentication: 'ttls-mschapv2', encryption: 'none' }, { person }),
      password: exampleVpn({ authentication: 'eap-mschapv2' }, twoNames),
      lost: exampleVpn({ ...elsewhere, dns }, installed),
      container: exampleVpn({ routing: 'split', routes: [{ prefix: '10.0.0.0/8' }] }, brought),
    })
  })

  it('ok/networkmanager-about-tunnels', () => {
    const all = ['ikev2', 'sstp', 'l2tp', 'pptp']
    const impossible = { tunnelTypes: ['l2tp', 'pptp'], authentication: 'peap-mschapv2', routing: 'split' }
    const l2tp = { authentication: 'mschapv2', mtu: 1400, dns: { servers: ['10.0.0.53'], rules: [rule] } }
    assertSays(linuxNetworkManager, 'nm', {
      impossible: exampleVpn({ ...impossible, routes: leftOut }, { person }),
      'nothing-left': exampleVpn({ tunnelTypes: ['pptp'] }, installed),
      some: exampleVpn(
        { tunnelTypes: all, ...gcm },
        { ...installed, ...OTHER_RADIUS_ROOT, gatewayAnchors: [root, otherRoot] },
      ),
      peap: exampleVpn({ authentication: 'peap-mschapv2' }, { person }),
      container: exampleVpn(gcm, { ...brought, radiusServer: twoRoots }),
      sstp: exampleVpn({ tunnelTypes: ['sstp'] }, { ...brought, ...OTHER_RADIUS_ROOT }),
      pptp: exampleVpn(
        {
          ...{ tunnelTypes: ['pptp'], authentication: 'mschapv2' },
          dns: { servers: ['10.0.0.53'], rules: [rule, otherRule] },
        },
        { person },
      ),
      lost: exampleVpn(
        { ...elsewhere, authentication: 'eap-mschapv2', dns: { register: true, rules: [rule] } },
        { person },
      ),
      'mtu-of-both': exampleVpn({ ...l2tp, tunnelTypes: ['l2tp', 'sstp'] }, { person }),
      l2tp: exampleVpn({ ...l2tp, tunnelTypes: ['l2tp'] }, { person }),
      plain: exampleWifi({ ...machine, authentication: 'eap-mschapv2' }, { person }),
      installed: exampleWifi({}, installed),
      'with-container': exampleWifi({}, brought),
    })
  })

  it('ok/wpa-supplicant', () =>
    assertSays(linuxWpaSupplicant, 'wpa', {
      plain: exampleWired({ authentication: 'eap-mschapv2' }),
      installed: exampleWifi(machine, installed),
      password: exampleWifi({ authentication: 'peap-mschapv2' }, brought),
      container: exampleWifi({}, brought),
    }))

  it('ok/setup', () =>
    assertSays(linuxSetup, 'setup', {
      chosen: exampleVpn({}, brought),
      none: exampleWired({ authentication: 'eap-mschapv2' }, { person }),
    }))

  it('ok/titles', () =>
    assert.deepEqual(
      LINUX_OUTPUTS.map(({ id, title }) => [id, title]),
      [
        ['linux-setup', 'Set-up script for Linux'],
        ['linux-networkmanager', 'NetworkManager on Linux: keyfiles'],
        ['linux-swanctl', 'strongSwan on Linux: swanctl.conf and certificates'],
        ['linux-wpa-supplicant', 'wpa_supplicant on Linux: wpa_supplicant.conf'],
      ],
    ))

  it('fail/no-file-where-a-method-is-missing', () => {
    const password = { authentication: 'mschapv2' }
    assert.deepEqual(linuxSwanctl.make(exampleVpn(password, { person })), [])
    assert.deepEqual(linuxSwanctl.make(exampleWifi({}, { person })), [])
    assert.deepEqual(linuxSwanctl.findings(exampleWifi({}, { person })), [])
    const codes = linuxWpaSupplicant.findings(exampleVpn({}, installed)).map(({ code }) => code)
    assert.deepEqual(codes, ['certificate-not-inside'])
    const plain = exampleWired({ authentication: 'eap-mschapv2' }, { person })
    assert.deepEqual(linuxWpaSupplicant.make(plain), [])
    const kinds = linuxNetworkManager.make(plain).map(({ name }) => name)
    assert.deepEqual(kinds, ['Example-LAN-radius-ca.pem'])
  })
})
