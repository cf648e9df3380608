import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { describe, it } from 'node:test'
import type { ProfileInput } from '../profile-input.ts'
import type { ProfileOutput } from '../profile-output.ts'
import { EXAMPLE_PERSON, exampleVpn, exampleWifi, OTHER_RADIUS_ROOT } from '../testing/example-input.ts'
import { assertGolden } from '../testing/golden.ts'
import { linuxNetworkManager } from './networkmanager.ts'
import { linuxSwanctl } from './swanctl.ts'
import { readKeyfile } from './test/keyfile-reader.ts'
import { readSettings } from './test/settings-reader.ts'
import { linuxWpaSupplicant } from './wpa-supplicant.ts'

const person = EXAMPLE_PERSON
const RADIUS_ROOT = '1D:93:90:14:3D:02:F1:F7:A6:6B:F1:EB:9F:8F:03:06:22:D6:1C:17'
const GATEWAY_ROOT = '4D:AA:D0:91:30:7D:2E:28:AE:F8:4C:D6:7E:16:07:15:17:CF:D0:0B'
const two = {
  radiusServer: { ...OTHER_RADIUS_ROOT.radiusServer, names: ['radius1.example.org', 'radius2.example.org'] },
}

const golden = (name: string) => new URL(`./test/nm-${name}.golden`, import.meta.url)
const content = (output: ProfileOutput, input: ProfileInput, end = '') =>
  String(output.make(input).find(({ name }) => name.endsWith(end))?.content)
const keyfile = (input: ProfileInput) => readKeyfile(content(linuxNetworkManager, input))
const fingerprint = (pem: string) => new X509Certificate(pem).fingerprint

describe('linux-networkmanager, one choice at a time', () => {
  it('ok/l2tp-by-certificates', () => {
    const gateways = [{ address: '192.0.2.1' }]
    const input = exampleVpn({ tunnelTypes: ['l2tp'], gateways }, { person, ...OTHER_RADIUS_ROOT })
    assertGolden(keyfile(input), golden('l2tp-certificates'))
    assert.equal(fingerprint(content(linuxNetworkManager, input, '-radius-ca.pem')), RADIUS_ROOT)
    assert.equal(fingerprint(content(linuxNetworkManager, input, '-gateway-ca.pem')), GATEWAY_ROOT)
  })

  it('ok/sstp-by-password', () =>
    assertGolden(
      keyfile(exampleVpn({ tunnelTypes: ['sstp'], authentication: 'mschapv2' }, { person })),
      golden('sstp-password'),
    ))

  it('ok/ikev2-by-password', () => {
    const routes = [
      { prefix: '10.0.0.0/8' },
      { prefix: '10.9.0.0/16', exclude: true },
      { prefix: '2001:db8::/32', metric: 5 },
    ]
    assertGolden(
      keyfile(exampleVpn({ authentication: 'eap-mschapv2', routing: 'split', routes }, { person })),
      golden('ikev2-password'),
    )
  })

  it('ok/wifi-by-certificate', () =>
    assertGolden(
      keyfile(exampleWifi({}, { person, certificate: { kind: 'installed' }, ...two })),
      golden('wifi-eap-tls'),
    ))

  it('ok/pptp-without-mppe', () => {
    const mppe = (encryption: string) =>
      keyfile(
        exampleVpn({ tunnelTypes: ['pptp'], authentication: 'mschapv2', encryption }, { person }),
      ).filter(([path]) => path.includes('mppe')).length
    assert.deepEqual(['none', 'optional', 'required', 'maximum'].map(mppe), [0, 0, 2, 2])
  })

  it('ok/methods-of-802.1x', () => {
    const methods = ['peap-mschapv2', 'peap-eap-tls', 'ttls-mschapv2', 'ttls-pap', 'ttls-eap-tls'].map(
      (authentication) => {
        const found = new Map(keyfile(exampleWifi({ authentication }, { person })))
        return ['802-1x/eap', '802-1x/phase2-auth', '802-1x/phase2-autheap'].map((path) => found.get(path))
      },
    )
    assert.deepEqual(methods, [
      ['peap;', 'mschapv2', undefined],
      ['peap;', 'tls', undefined],
      ['ttls;', 'mschapv2', undefined],
      ['ttls;', 'pap', undefined],
      ['ttls;', undefined, 'tls'],
    ])
  })

  it('ok/who-keeps-the-password', () => {
    const flags = (written: Record<string, unknown>) =>
      new Map(keyfile(exampleWifi({ authentication: 'ttls-pap', ...written }, { person }))).get(
        '802-1x/password-flags',
      )
    assert.deepEqual([flags({}), flags({ rememberCredentials: false })], ['1', '2'])
  })
})

describe('linux-swanctl and linux-wpa-supplicant, one choice at a time', () => {
  it('ok/root-of-the-gateway-not-that-of-the-radius-server', () => {
    const input = exampleVpn({}, { person, ...OTHER_RADIUS_ROOT })
    const found = new Map(readSettings(content(linuxSwanctl, input, '.conf')))
    assert.equal(found.get('connections/Example-VPN/remote/cacerts'), 'Example-VPN-ca-1.pem')
    assert.equal(fingerprint(content(linuxSwanctl, input, '-ca-1.pem')), GATEWAY_ROOT)
    // EAP-TLS looks for the root of the RADIUS server among all there are.
    assert.equal(fingerprint(content(linuxSwanctl, input, '-ca-2.pem')), RADIUS_ROOT)
  })

  it('ok/suite-b', () => {
    const phase1 = (security: string) =>
      /phase1="([^"]*)"/.exec(content(linuxWpaSupplicant, exampleWifi({ security }, { person })))?.[1]
    assert.equal(phase1('wpa3-192'), 'tls_disable_tlsv1_0=1 tls_disable_tlsv1_1=1 tls_suiteb=1')
    assert.equal(phase1('wpa3'), 'tls_disable_tlsv1_0=1 tls_disable_tlsv1_1=1')
  })
})
