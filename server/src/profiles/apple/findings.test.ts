import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { derOrPem, parseCertificate } from '@sallyport/pki'
import { findingsOf } from '../make-files.ts'
import type { ProfileCertificate, ProfileInput } from '../profile-input.ts'
import {
  EXAMPLE_PERSON,
  EXAMPLE_ROOT_PEM,
  exampleVpn,
  exampleWifi,
  exampleWired,
} from '../testing/example-input.ts'
import { findingFields } from '../testing/finding-fields.ts'
import { assertGolden } from '../testing/golden.ts'
import { appleMobileconfig } from './apple-mobileconfig.ts'
import { identityPayload } from './certificate-payloads.ts'

const person = EXAMPLE_PERSON
const root = parseCertificate(derOrPem('CERTIFICATE', EXAMPLE_ROOT_PEM))
const acme: ProfileCertificate = {
  ...{ kind: 'acme', clientIdentifier: 'F2LX1234' },
  directoryUrl: 'https://pki.example.org:8444/acme/directory',
}
const pkcs12 = (form: 'modern' | 'legacy'): ProfileCertificate => ({
  ...{ kind: 'pkcs12', form, password: 'never written', certificate: root },
  container: Uint8Array.of(0x30, 0x80, 0xff),
})
const installed: ProfileCertificate = { kind: 'installed' }
const own = { person, certificate: acme }

/** Where a password proves the person, and everything is asked for that Apple has not. */
const MUCH = {
  gateways: [{ address: 'vpn.example.org' }, { address: '192.0.2.1' }],
  mtu: 1401,
  enforceRouting: 'routes',
  ...{ routing: 'split', routes: [{ prefix: '10.0.0.0/8' }] },
  ...{ alwaysOn: true, reconnect: false, rememberCredentials: false, useLogonCredentials: true },
  triggerApplications: ['C:\\a.exe'],
  deviceTunnel: { routes: ['10.0.0.10/32'] },
  proxy: { server: 'proxy.example.org:3128' },
  dns: {
    rules: [
      { suffix: '.a.example', servers: ['10.0.0.1', '10.0.0.3'] },
      { suffix: '.b.example', servers: ['10.0.0.2'], persistent: true },
    ],
    register: true,
  },
}
/** All that comes near it, and can be had. */
const LITTLE = {
  gateways: [{ address: 'vpn.example.org' }, { address: 'vpn2.example.org' }],
  mtu: 1400,
  enforceRouting: 'everything',
  rememberCredentials: false,
  proxy: { server: 'proxy.example.org:3128', bypassLocal: false },
  dns: {
    ...{ servers: ['10.0.0.1'], suffixes: ['a.example'] },
    rules: [{ suffix: '.a.example', servers: ['10.0.0.1'] }, { suffix: 'www.a.example' }],
  },
}
const L2TP = { tunnelTypes: ['l2tp'], authentication: 'mschapv2' }
const PSK = { ...L2TP, l2tpMachineAuthentication: 'psk' }

const CASES: Readonly<Record<string, ProfileInput>> = {
  plain: exampleVpn({}, own),
  little: exampleVpn(LITTLE, own),
  'much by ikev2': exampleVpn({ ...MUCH, authentication: 'eap-mschapv2' }, { person }),
  'much by l2tp': exampleVpn({ ...MUCH, ...PSK, preSharedKey: 'shared-key' }, { person }),
  'little by l2tp': exampleVpn({ ...PSK, preSharedKey: 'shared-key', rememberCredentials: false }),
  'neither of both': exampleVpn({ tunnelTypes: ['sstp', 'pptp'] }),
  'another one first': exampleVpn({ tunnelTypes: ['sstp', 'ikev2', 'pptp'] }, own),
  'method of ikev2': exampleVpn({ authentication: 'ttls-pap' }),
  'cipher of ikev2': exampleVpn({ cryptography: { esp: { encryption: 'aes192' } } }),
  'method of l2tp': exampleVpn({ ...L2TP, authentication: 'eap-mschapv2' }),
  'no shared key': exampleVpn(PSK),
  'l2tp without certificate': exampleVpn(L2TP),
  'l2tp with one elsewhere': exampleVpn(L2TP, { person, certificate: installed }),
  'for nobody': exampleVpn(),
  'for a person': exampleVpn({}, { person }),
  'one elsewhere': exampleVpn({}, { certificate: installed }),
  'modern container': exampleVpn({}, { person, certificate: pkcs12('modern') }),
  'legacy container': exampleVpn({}, { person, certificate: pkcs12('legacy') }),
  'issuer not known': exampleVpn({}, { ...own, intermediates: [] }),
  'issuer not needed': exampleVpn({ authentication: 'eap-mschapv2' }, { ...own, intermediates: [] }),
  'tunnel that asks': exampleVpn({ authentication: 'eap-mschapv2', alwaysOn: true }),
  'tunnel that only goes down': exampleVpn({
    authentication: 'eap-mschapv2',
    trustedNetworks: ['a.example'],
  }),
  'l2tp that would go down': exampleVpn({
    ...PSK,
    preSharedKey: 'shared-key',
    trustedNetworks: ['a.example'],
  }),
  'tunnel that does not ask': exampleVpn({ alwaysOn: true }, own),
  'gateway by IPv4': exampleVpn({ gateways: [{ address: '192.0.2.1' }] }, own),
  'suffixes alone': exampleVpn({ dns: { suffixes: ['a.example'] } }, own),
  'proxy exceptions': exampleVpn(
    { proxy: { server: 'p.example:1', exceptions: ['*.example'], bypassLocal: false } },
    own,
  ),
  'method of Wi-Fi': exampleWifi({ authentication: 'peap-eap-tls' }),
  'Wi-Fi': exampleWifi({}, own),
  'Wi-Fi, chosen by hand': exampleWifi(),
  'Wi-Fi, one elsewhere': exampleWifi({}, { certificate: installed }),
  'Wi-Fi by password': exampleWifi({ authentication: 'ttls-mschapv2' }),
  'Wi-Fi of machines': exampleWifi({ identity: 'machine', security: 'wpa3-192' }),
  'Wi-Fi of machines with a certificate': exampleWifi({ identity: 'machine', security: 'wpa3' }, own),
  'Wi-Fi of machines, one elsewhere': exampleWifi({ identity: 'both' }, { certificate: installed }),
  'Wi-Fi of machines by password': exampleWifi({ identity: 'machine', authentication: 'peap-mschapv2' }),
  'wired by password': exampleWired({ authentication: 'peap-mschapv2' }),
  wired: exampleWired({}, own),
}

describe('apple-mobileconfig, what it says', () => {
  it('ok/each-case', () => {
    const fields = Object.entries(CASES).flatMap(([name, input]) =>
      findingFields(name, findingsOf(appleMobileconfig, input)),
    )
    assertGolden(fields, new URL('golden/findings.golden', import.meta.url))
  })

  it('ok/no-payload-for-a-certificate-that-is-there-already', () =>
    assert.equal(identityPayload(exampleVpn({}, { certificate: installed })), undefined))
})
