import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findingsOf } from '../../make-files.ts'
import type { ProfileCertificate, ProfileInput } from '../../profile-input.ts'
import {
  EXAMPLE_PERSON,
  EXAMPLE_ROOT_PEM,
  exampleVpn,
  exampleWifi,
  exampleWired,
} from '../../testing/example-input.ts'
import { findingFields } from '../../testing/finding-fields.ts'
import { assertGolden } from '../../testing/golden.ts'
import { WINDOWS_OUTPUTS } from '../windows-outputs.ts'
import { OWN_CERTIFICATE } from './golden-inputs.ts'

const installed: Partial<ProfileInput> = { certificate: { kind: 'installed' } }
const legacy = { ...OWN_CERTIFICATE, form: 'legacy' } as ProfileCertificate // of kind pkcs12
const outside = ['10.0.0.53']

/** All that a script, a profile or an entry of the phone book may have no word for. */
const MUCH = {
  ...{ alwaysOn: true, allUsers: true, mtu: 1400, enforceRouting: 'routes', idleDisconnectMinutes: 1 },
  gateways: [{ address: 'vpn.example.org' }, { address: 'vpn2.example.org' }],
  deviceTunnel: { routes: ['10.0.0.10/32'] },
  ...{ routing: 'split', routes: [{ prefix: '10.0.0.0/8', exclude: true }] },
  dns: {
    ...{ servers: outside, suffixes: ['a.example', 'b.example'] },
    rules: [
      { suffix: '.a.example', servers: outside },
      { suffix: '.b.example', servers: outside, persistent: true },
    ],
  },
  ...{ triggerApplications: ['C:\\a.exe'], trustedNetworks: ['a.example'] },
  proxy: { server: 'proxy.example.org:3128', exceptions: ['*.example.org'] },
}
const FULL = {
  routes: [{ prefix: '10.0.0.0/8' }],
  dns: { rules: [{ suffix: '.a.example', servers: outside, autoTrigger: true }] },
  proxy: { server: 'proxy.example.org:3128' },
}
/** Full, with nothing that a script cannot say. */
const LITTLE = {
  gateways: [{ address: 'vpn.example.org' }, { address: 'vpn2.example.org' }],
  routes: [{ prefix: '10.0.0.0/8' }],
  routing: 'split',
  dns: { suffixes: ['a.example'], rules: [{ suffix: 'www.a.example' }] },
  ...{ idleDisconnectMinutes: 1, rememberCredentials: false, useLogonCredentials: true },
}
const SHA384 = { esp: { encryption: 'aes256', integrity: 'sha384' } }
const PLAIN = { tunnelTypes: ['sstp'], authentication: 'mschapv2' }
const PSK = { tunnelTypes: ['l2tp'], l2tpMachineAuthentication: 'psk' }
const PPTP = { tunnelTypes: ['pptp'], authentication: 'eap-mschapv2' }
const vpn = (written: object = {}, others = installed) => exampleVpn({ ...written }, others)

const CASES: Readonly<Record<string, readonly [id: string, input: ProfileInput]>> = {
  'plain, script': ['windows-script', vpn()],
  'little, script': ['windows-script', vpn(LITTLE)],
  'little, all users': ['windows-script-all-users', vpn({ ...LITTLE, authentication: 'ttls-pap' })],
  'much, script': ['windows-script', vpn(MUCH)],
  'much, all users': ['windows-script-all-users', vpn(MUCH)],
  'full, script': ['windows-script', vpn(FULL)],
  'full, all users': ['windows-script-all-users', vpn(FULL)],
  'set-up for all users': ['windows-setup', vpn({ allUsers: true })],
  'set-up for one': ['windows-setup', vpn()],
  'to all users': ['windows-to-all-users', vpn(FULL)],
  repair: ['windows-aovpn-repair', vpn(FULL)],
  'no certificate': ['windows-script', vpn({}, {})],
  'no certificate in PEAP': ['windows-wlan-xml', exampleWifi({ authentication: 'peap-eap-tls' })],
  'no certificate in TTLS': ['windows-lan-xml', exampleWired({ authentication: 'ttls-eap-tls' })],
  'none needed': ['windows-lan-xml', exampleWired({ authentication: 'ttls-pap' })],
  'modern container': ['windows-script', vpn({}, { certificate: OWN_CERTIFICATE })],
  'legacy container': ['windows-script', vpn({}, { certificate: legacy })],
  password: ['windows-remove', exampleWifi({ authentication: 'peap-mschapv2' })],
  'SHA-384 of ESP in IKEv2': ['windows-script', vpn({ cryptography: SHA384 })],
  'SHA-384 of ESP in L2TP': ['windows-script', vpn({ tunnelTypes: ['l2tp'], cryptography: SHA384 })],
  'SHA-384 without ESP': ['windows-script', vpn({ tunnelTypes: ['sstp'], cryptography: SHA384 })],
  'SHA-384 beside GCM': ['windows-script', vpn({ cryptography: { esp: { integrity: 'sha384' } } })],
  'IKEv2 without EAP': ['windows-script', vpn({ authentication: 'mschapv2' })],
  'SSTP without EAP': ['windows-script', vpn(PLAIN)],
  PPTP: ['windows-script', vpn(PPTP)],
  'PPTP in the clear': ['windows-script', vpn({ ...PPTP, encryption: 'none' })],
  'L2TP without key': ['windows-script', vpn(PSK)],
  'L2TP with key': ['windows-script', vpn({ ...PSK, preSharedKey: 'shared & secret' })],
  'L2TP with certificate': ['windows-script', vpn({ tunnelTypes: ['l2tp'] })],
  'a key without L2TP': ['windows-script', vpn({ ...PSK, tunnelTypes: ['sstp'] })],
  'odd networks': [
    'windows-aovpn-script',
    vpn({
      ...{ alwaysOn: true, routing: 'split', routes: [{ prefix: '::ffff:10.0.0.0/104' }] },
      deviceTunnel: {
        routes: ['::ffff:10.1.0.0/112'],
        trafficFilters: [{ remotePrefixes: ['::ffff:10.2.0.0/112'] }],
      },
    }),
  ],
  'IPv6 without filter': [
    'windows-profilexml',
    vpn({ alwaysOn: true, deviceTunnel: { routes: ['2001:db8::/32'] } }),
  ],
  'filter without IPv6': [
    'windows-profilexml',
    vpn({
      alwaysOn: true,
      deviceTunnel: { routes: ['10.0.0.0/8'], trafficFilters: [{ remotePrefixes: ['10.0.0.0/8'] }] },
    }),
  ],
  'person with a control character': [
    'windows-script',
    vpn({}, { ...installed, person: { userName: 'a\u0007' } }),
  ],
  'organisation with a direction mark': [
    'windows-script',
    vpn({}, { ...installed, organization: { ...vpn().organization, name: 'a\u200fb' } }),
  ],
  'gateway with a direction mark': [
    'windows-script',
    { ...vpn(), connection: { ...vpn().connection, gateways: [{ address: 'a', title: '\u200e' }] } },
  ],
  'PEM has line feeds': [
    'windows-script',
    vpn({ anchors: [EXAMPLE_ROOT_PEM] }, { ...installed, person: EXAMPLE_PERSON }),
  ],
  name: ['windows-script', vpn({ title: 'a:b' })],
  'much, ProfileXML': ['windows-profilexml', vpn({ ...MUCH, alwaysOn: false, useLogonCredentials: true })],
  'two without EAP, ProfileXML': [
    'windows-profilexml',
    vpn({
      ...PLAIN,
      tunnelTypes: ['sstp', 'l2tp'],
      encryption: 'maximum',
      useLogonCredentials: true,
      alwaysOn: true,
    }),
  ],
  'SSTP, ProfileXML': ['windows-profilexml', vpn({ tunnelTypes: ['sstp'], alwaysOn: true })],
  'IKEv2 optional, ProfileXML': ['windows-profilexml', vpn({ encryption: 'optional', alwaysOn: true })],
  'L2TP optional, ProfileXML': [
    'windows-profilexml',
    vpn({ tunnelTypes: ['l2tp'], encryption: 'optional', alwaysOn: true }),
  ],
  'PPTP by EAP, ProfileXML': ['windows-profilexml', vpn({ ...PPTP, alwaysOn: true })],
  'PPTP, ProfileXML': ['windows-aovpn-script', vpn({ ...PPTP, authentication: 'mschapv2', alwaysOn: true })],
  'EAP-TLS, phone book': ['windows-rasphone', vpn({ tunnelTypes: ['sstp'] })],
  'IKEv2, phone book': ['windows-rasphone', vpn({ authentication: 'eap-mschapv2' })],
  'SSTP, phone book': ['windows-rasphone', vpn({ ...PLAIN, l2tpMachineAuthentication: 'psk' })],
  'one rule, phone book': ['windows-rasphone', vpn({ ...PLAIN, dns: { rules: [{ suffix: 'a.example' }] } })],
  'L2TP by certificate, phone book': ['windows-rasphone', vpn({ ...PLAIN, tunnelTypes: ['l2tp'] })],
  'much, phone book': [
    'windows-rasphone',
    vpn({ ...MUCH, ...PSK, authentication: 'mschapv2', preSharedKey: 'shared & secret' }),
  ],
}

describe('what the outputs of Windows say', () => {
  it('ok/each-case', () => {
    const fields = Object.entries(CASES).flatMap(([name, [id, input]]) => {
      const output = WINDOWS_OUTPUTS.find((one) => one.id === id) ?? assert.fail(id)
      return findingFields(name, findingsOf(output, input))
    })
    assertGolden(fields, new URL('golden/findings.golden', import.meta.url))
  })
})
