import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ownContainer } from '../linux/test/own-container.ts'
import type { ProfileInput } from '../profile-input.ts'
import type { ProfileOutput } from '../profile-output.ts'
import { EXAMPLE_PERSON, exampleVpn, exampleWifi, OTHER_RADIUS_ROOT } from '../testing/example-input.ts'
import { findingFields } from '../testing/finding-fields.ts'
import { assertGolden } from '../testing/golden.ts'
import { androidSswan } from './sswan.ts'
import { androidWifiValues } from './wifi-values.ts'

const person = EXAMPLE_PERSON
const [otherRoot = assert.fail()] = OTHER_RADIUS_ROOT.radiusServer.anchors
const [root = assert.fail()] = exampleVpn().gatewayAnchors
const certificate = ownContainer()

function fields(output: ProfileOutput, cases: Readonly<Record<string, ProfileInput>>) {
  return Object.entries(cases).flatMap(([name, input]) => {
    const found = output.findings(input)
    for (const one of found) assert.notEqual(Object.entries(one).at(-1)?.[1], undefined)
    return findingFields(name, found)
  })
}

describe('android-sswan, what it says', () => {
  const password = { authentication: 'eap-mschapv2' }

  it('ok/every-sentence', () => {
    const impossible = {
      ...{ tunnelTypes: ['l2tp'], authentication: 'ttls-pap', routing: 'split' },
      routes: [{ prefix: '10.9.0.0/16', exclude: true }],
    }
    const lost = {
      ...{ ...password, enforceRouting: 'routes', alwaysOn: true, idleDisconnectMinutes: 20, allUsers: true },
      dns: {
        ...{ suffixes: ['example.org'], register: true },
        rules: [{ suffix: '.corp.example.org', servers: ['10.0.0.53'] }],
      },
      ...{ trustedNetworks: ['example.org'], triggerApplications: ['a.exe'], useLogonCredentials: true },
      ...{ deviceTunnel: { routes: ['10.0.0.0/8'] }, routes: [{ prefix: '10.0.0.0/8', metric: 5 }] },
      proxy: { autoConfigurationUrl: 'https://proxy.example.org/proxy.pac' },
    }
    const found = fields(androidSswan, {
      impossible: exampleVpn(impossible, { person }),
      certificate: exampleVpn(
        {},
        { person, certificate, ...OTHER_RADIUS_ROOT, gatewayAnchors: [root, otherRoot] },
      ),
      chosen: exampleVpn({}, { person, certificate: { kind: 'installed' } }),
      lost: exampleVpn(lost, { person }),
    })
    assertGolden(found, new URL('./test/sswan-findings.golden', import.meta.url))
  })

  it('ok/nothing-to-say', () => {
    const carried = {
      ...{ ...password, mtu: 1400, dns: { servers: ['10.0.0.53'] }, proxy: { server: 'p.example:8080' } },
      routing: 'split',
      routes: [{ prefix: '10.0.0.0/8' }, { prefix: '10.9.0.0/16', exclude: true }],
    }
    assert.deepEqual(androidSswan.findings(exampleVpn(carried, { person, ...OTHER_RADIUS_ROOT })), [])
    assert.deepEqual(androidSswan.findings(exampleVpn(password, { person })), [])
  })

  it('ok/one-of-two-roots-is-that-of-the-gateway', () => {
    const radiusServer = { names: ['radius.example.org'], anchors: [otherRoot, root] }
    const codes = androidSswan.findings(exampleVpn({}, { person, radiusServer })).map(({ code }) => code)
    assert.deepEqual(codes, ['server-name-not-checked', 'certificate-not-inside'])
  })

  it('fail/wifi', () => {
    assert.deepEqual(androidSswan.findings(exampleWifi({}, { person })), [])
    assert.deepEqual(androidSswan.make(exampleWifi({}, { person })), [])
  })
})

describe('android-wifi-values, what it says', () => {
  it('ok/every-sentence', () => {
    const written = { randomMac: false, identity: 'both', singleSignOn: true }
    const names = ['radius1.example.org', 'radius2.example.org']
    const radiusServer = { ...OTHER_RADIUS_ROOT.radiusServer, names }
    const found = fields(androidWifiValues, {
      inner: exampleWifi({ authentication: 'ttls-eap-tls' }, { person }),
      all: exampleWifi(written, { person, certificate, radiusServer }),
    })
    assertGolden(found, new URL('./test/wifi-findings.golden', import.meta.url))
  })

  it('fail/no-file-where-a-method-is-missing', () =>
    assert.deepEqual(androidWifiValues.make(exampleWifi({ authentication: 'peap-eap-tls' }, { person })), []))

  it('fail/vpn', () => {
    assert.deepEqual(androidWifiValues.findings(exampleVpn({}, { person })), [])
    assert.deepEqual(androidWifiValues.make(exampleVpn({}, { person })), [])
  })
})

describe('forms of Android', () => {
  const shown = ({ findings: _, make: __, ...rest }: ProfileOutput) => rest

  it('ok/as-lists-show-them', () => {
    const certificates = ['pkcs12', 'installed']
    const pkcs12 = { form: 'modern', password: 'typed' }
    assert.deepEqual(shown(androidSswan), {
      ...{ id: 'android-sswan', title: 'strongSwan app on Android: profile', system: 'android' },
      ...{ kinds: ['vpn'], certificates, pkcs12 },
    })
    assert.deepEqual(shown(androidWifiValues), {
      ...{ id: 'android-wifi-values', system: 'android', kinds: ['wifi'], certificates, pkcs12 },
      title: 'Wi-Fi on Android: values of the settings and of a network suggestion',
    })
  })
})
