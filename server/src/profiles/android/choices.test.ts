import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { describe, it } from 'node:test'
import { derOrPem, parseCertificate } from '@sallyport/pki'
import fc from 'fast-check'
import { findingsOf } from '../make-files.ts'
import type { ProfileCertificate, ProfileInput } from '../profile-input.ts'
import { isObstacle, type ProfileOutput } from '../profile-output.ts'
import {
  EXAMPLE_PERSON,
  EXAMPLE_RADIUS_ROOT_PEM,
  EXAMPLE_ROOT_PEM,
  exampleVpn,
  exampleWifi,
  OTHER_RADIUS_ROOT,
} from '../testing/example-input.ts'
import { assertGolden, type Field } from '../testing/golden.ts'
import { hostileName, hostileText } from '../testing/hostile-text.ts'
import { androidSswan } from './sswan.ts'
import { jsonFields } from './test/json-fields.ts'
import { androidWifiValues } from './wifi-values.ts'

const person = EXAMPLE_PERSON
const container = Uint8Array.of(0x30, 0x80, 0xff)
const certificate: ProfileCertificate = {
  ...{ kind: 'pkcs12', form: 'modern', password: 'told apart', container },
  certificate: parseCertificate(derOrPem('CERTIFICATE', EXAMPLE_ROOT_PEM)),
}
const RADIUS_ROOT = '1D:93:90:14:3D:02:F1:F7:A6:6B:F1:EB:9F:8F:03:06:22:D6:1C:17'
const GATEWAY_ROOT = '4D:AA:D0:91:30:7D:2E:28:AE:F8:4C:D6:7E:16:07:15:17:CF:D0:0B'

const fingerprint = (base64: string | undefined) =>
  new X509Certificate(Buffer.from(base64 ?? '', 'base64')).fingerprint
const textOf = (output: ProfileOutput, input: ProfileInput) => String(output.make(input)[0]?.content)
const fieldsOf = (output: ProfileOutput, input: ProfileInput) => new Map(jsonFields(textOf(output, input)))
const codes = (output: ProfileOutput, input: ProfileInput) =>
  findingsOf(output, input).map(({ code }) => code)
const keys = (fields: ReadonlyMap<string, string>, prefix: string) =>
  [...fields].filter(([path]) => path.startsWith(prefix))

describe('android-sswan, one choice at a time', () => {
  const vpn = (written: Record<string, unknown>) => exampleVpn(written, { person, certificate })

  it('ok/root-of-the-gateway-not-that-of-the-radius-server', () => {
    const input = exampleVpn({}, { person, certificate, ...OTHER_RADIUS_ROOT })
    assert.equal(fingerprint(fieldsOf(androidSswan, input).get('remote/cert')), GATEWAY_ROOT)
    assert.ok(codes(androidSswan, input).includes('anchor-not-inside'))
    assert.ok(!codes(androidSswan, vpn({})).includes('anchor-not-inside'))
  })

  it('ok/what-nobody-wrote-is-not-there', () => {
    const profile = JSON.parse(textOf(androidSswan, vpn({}))) as Record<string, unknown>
    assert.deepEqual(Object.keys(profile), [
      ...['uuid', 'name', 'type', 'remote', 'local', 'ike-proposal', 'esp-proposal'],
    ])
    assert.equal('p12' in (profile.local as object), true)
    const password = JSON.parse(
      textOf(androidSswan, vpn({ authentication: 'eap-mschapv2' })),
    ) as typeof profile
    assert.deepEqual(password.local, { eap_id: 'alice@example.org' })
    const chosen = exampleVpn({}, { person, certificate: { kind: 'installed' } })
    assert.deepEqual(Object.keys(JSON.parse(textOf(androidSswan, chosen)).local as object), ['id'])
    assert.ok(codes(androidSswan, chosen).includes('certificate-not-inside'))
  })

  it('ok/numbers-and-booleans-are-no-texts', () => {
    const text = textOf(androidSswan, vpn({ mtu: 1400, proxy: { server: 'p.example:8080' } }))
    for (const line of ['"mtu": 1400', '"port": 8080', '"crl": true', '"ocsp": true', '"strict": false']) {
      assert.ok(text.includes(line), line)
    }
    assert.ok(!text.includes('exclusions'))
  })

  it('ok/networks-left-out-of-a-whole-tunnel', () => {
    const routes = [{ prefix: '10.9.0.0/16', exclude: true }]
    assert.deepEqual(keys(fieldsOf(androidSswan, vpn({ routes })), 'split'), [
      ['split-tunneling/excluded/0', '10.9.0.0/16'],
    ])
    const split = { routing: 'split', routes: [{ prefix: '10.0.0.0/8' }] }
    assert.deepEqual(keys(fieldsOf(androidSswan, vpn(split)), 'split'), [
      ['split-tunneling/subnets/0', '10.0.0.0/8'],
    ])
    assert.deepEqual(keys(fieldsOf(androidSswan, vpn({ routes: [{ prefix: '10.0.0.0/8' }] })), 'split'), [])
  })

  it('ok/no-empty-lists', () => {
    const split = (written: object) => {
      const text = textOf(androidSswan, vpn({ ...written, proxy: { server: 'p.example:8080' } }))
      return JSON.parse(text) as Record<string, unknown>
    }
    const inside = split({ routing: 'split', routes: [{ prefix: '10.0.0.0/8' }] })
    assert.deepEqual(inside['split-tunneling'], { subnets: ['10.0.0.0/8'] })
    assert.deepEqual(inside.proxy, { host: 'p.example', port: 8080 })
    const outside = split({ routes: [{ prefix: '10.9.0.0/16', exclude: true }] })
    assert.deepEqual(outside['split-tunneling'], { excluded: ['10.9.0.0/16'] })
    // One of each: they are counted together.
    const both = split({
      routing: 'split',
      routes: [{ prefix: '10.0.0.0/8' }, { prefix: '10.9.0.0/16', exclude: true }],
    })
    assert.deepEqual(both['split-tunneling'], { subnets: ['10.0.0.0/8'], excluded: ['10.9.0.0/16'] })
  })

  it('ok/a-proxy-by-pac-file-alone-is-left-out', () =>
    assert.deepEqual(
      keys(fieldsOf(androidSswan, vpn({ proxy: { autoConfigurationUrl: 'https://p.example/' } })), 'proxy'),
      [],
    ))

  it('ok/for-nobody-in-particular-and-without-a-root', () => {
    const input = exampleVpn({ authentication: 'eap-mschapv2' }, { gatewayAnchors: [] })
    const text = textOf(androidSswan, input)
    const { remote, local, ...rest } = JSON.parse(text) as Record<string, object>
    // Version 5 (RFC 9562) of "sswan", organisation, connection, nobody and gateway, by Python's uuid module.
    assert.equal(rest.uuid, '9fef5e3f-b5bd-5379-a749-fd6430178ddf')
    assert.deepEqual(Object.keys(remote ?? {}), ['addr', 'id', 'revocation'])
    assert.deepEqual(local, {})
    assert.match(text, /^\{\n {2}"uuid".*\n\}\n$/s)
  })

  it('ok/names-of-several-gateways', () => {
    const gateways = [{ address: 'a.example' }, { address: 'b.example' }]
    assert.deepEqual(
      androidSswan
        .make(vpn({ gateways }))
        .map(({ name, mediaType, content }) => [
          name,
          mediaType,
          new Map(jsonFields(String(content))).get('name'),
        ]),
      [
        ['Example-VPN.sswan', 'application/vnd.strongswan.profile', 'Example VPN (a.example)'],
        ['Example-VPN-2.sswan', 'application/vnd.strongswan.profile', 'Example VPN (b.example)'],
      ],
    )
  })
})

describe('android-wifi-values, one choice at a time', () => {
  it('ok/eap-tls', () => {
    const input = exampleWifi(
      { security: 'wpa3', hidden: true, randomMac: false, autoConnect: false },
      {
        ...{ person, certificate },
        radiusServer: {
          ...OTHER_RADIUS_ROOT.radiusServer,
          names: ['radius1.example.org', 'radius2.example.org'],
        },
      },
    )
    const fields = jsonFields(textOf(androidWifiValues, input)).map(([path, value]): Field => {
      if (!path.includes('CaCertificates')) return [path, value]
      assert.equal(fingerprint(value), RADIUS_ROOT)
      return [path, 'root']
    })
    assertGolden(fields, new URL('./test/wifi-eap-tls.golden', import.meta.url))
    const [values, authorities, own] = androidWifiValues.make(input)
    const { content, ...json } = values ?? assert.fail()
    assert.deepEqual(json, { name: 'Example-Wi-Fi.json', mediaType: 'application/json', holdsSecret: false })
    assert.equal(typeof content, 'string')
    assert.equal(new X509Certificate(String(authorities?.content)).fingerprint, RADIUS_ROOT)
    assert.deepEqual(
      { ...authorities, content: '' },
      {
        name: 'Example-Wi-Fi-ca.pem',
        mediaType: 'application/x-x509-ca-cert',
        content: '',
        holdsSecret: false,
      },
    )
    assert.deepEqual(own, {
      ...{ name: 'Example-Wi-Fi.p12', mediaType: 'application/x-pkcs12', content: container },
      holdsSecret: true,
    })
    assert.deepEqual(codes(androidWifiValues, input), [
      ...['server-names-joined', 'setting-not-carried', 'password-told-apart'],
    ])
  })

  it('ok/every-root-and-no-container-beside-a-password', () => {
    const anchors = [...OTHER_RADIUS_ROOT.radiusServer.anchors, ...exampleWifi().radiusServer.anchors]
    const input = exampleWifi(
      { authentication: 'peap-mschapv2' },
      { certificate, radiusServer: { names: ['radius.example.org'], anchors } },
    )
    const files = androidWifiValues.make(input)
    assert.deepEqual(
      files.map(({ name }) => name),
      ['Example-Wi-Fi.json', 'Example-Wi-Fi-ca.pem'],
    )
    assert.equal(files[1]?.content, EXAMPLE_RADIUS_ROOT_PEM + EXAMPLE_ROOT_PEM)
    assert.match(String(files[0]?.content), /^\{\n {2}"settings".*\n\}\n$/s)
    // For nobody in particular: no name, outside or inside.
    assert.doesNotMatch(textOf(androidWifiValues, input), /"(Identity|setIdentity)"/)
    assert.deepEqual(codes(androidWifiValues, input), [])
  })

  it('ok/methods', () => {
    const methods = ['eap-tls', 'peap-mschapv2', 'ttls-mschapv2', 'ttls-pap'].map((authentication) => {
      const found = fieldsOf(androidWifiValues, exampleWifi({ authentication }, { person }))
      const own = 'suggestion/setWpa2EnterpriseConfig'
      return [
        'settings/EAP method',
        'settings/Phase 2 authentication',
        `${own}/setEapMethod`,
        `${own}/setPhase2Method`,
      ].map((path) => found.get(path))
    })
    assert.deepEqual(methods, [
      ['TLS', undefined, 'Eap.TLS', undefined],
      ['PEAP', 'MSCHAPV2', 'Eap.PEAP', 'Phase2.MSCHAPV2'],
      ['TTLS', 'MSCHAPV2', 'Eap.TTLS', 'Phase2.MSCHAPV2'],
      ['TTLS', 'PAP', 'Eap.TTLS', 'Phase2.PAP'],
    ])
  })

  it('ok/wpa3-with-192-bits', () =>
    assert.match(
      textOf(androidWifiValues, exampleWifi({ security: 'wpa3-192' })),
      /"setWpa3Enterprise192BitModeConfig": \{/,
    ))

  it('fail/no-name-breaks-out', () => {
    fc.assert(
      fc.property(hostileName(), hostileText(), (ssid, userName) => {
        const input = exampleWifi({ authentication: 'ttls-pap' }, { person: { userName } })
        const named = { ...input, connection: { ...input.connection, ssid } }
        if (codes(androidWifiValues, named).includes('text-not-carried')) return
        const found = fieldsOf(androidWifiValues, named)
        for (const path of ['settings/Network name', 'suggestion/setSsid'])
          assert.equal(found.get(path), ssid)
        for (const path of ['settings/Identity', 'suggestion/setWpa2EnterpriseConfig/setIdentity']) {
          assert.equal(found.get(path), userName)
        }
        assert.deepEqual(
          [...found.keys()].filter((path) => !/nonymous/.test(path)),
          [
            ...fieldsOf(androidWifiValues, exampleWifi({ authentication: 'ttls-pap' }, { person })).keys(),
          ].filter((path) => !/nonymous/.test(path)),
        )
      }),
    )
    const half = exampleWifi({}, { person: { userName: '\ud83d' } })
    assert.ok(findingsOf(androidWifiValues, half).some((one) => isObstacle(one)))
  })
})
