import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { describe, it } from 'node:test'
import { readPkcs12 } from '@sallyport/pki'
import fc from 'fast-check'
import { ownContainer } from '../linux/test/own-container.ts'
import { findingsOf } from '../make-files.ts'
import type { ProfileInput } from '../profile-input.ts'
import { isObstacle, type ProfileOutput } from '../profile-output.ts'
import { EXAMPLE_PERSON, exampleVpn, exampleWifi } from '../testing/example-input.ts'
import { assertGolden, type Field } from '../testing/golden.ts'
import { hostileName, hostileText } from '../testing/hostile-text.ts'
import { androidSswan } from './sswan.ts'
import { jsonFields } from './test/json-fields.ts'
import { androidWifiValues } from './wifi-values.ts'

const person = EXAMPLE_PERSON
const PASSWORD = 'password of the container'
const ROOT = '4D:AA:D0:91:30:7D:2E:28:AE:F8:4C:D6:7E:16:07:15:17:CF:D0:0B'
const golden = (name: string) => new URL(`./test/${name}.golden`, import.meta.url)
const textOf = (output: ProfileOutput, input: ProfileInput, index = 0) =>
  String(output.make(input)[index]?.content)
const codes = (output: ProfileOutput, input: ProfileInput, obstacles: boolean) =>
  findingsOf(output, input)
    .filter((finding) => isObstacle(finding) === obstacles)
    .map(({ code }) => code)

/** With a word for octets, once they are what they should be. */
function fieldsOf(text: string): readonly Field[] {
  return jsonFields(text).map(([path, value]): Field => {
    if (path.endsWith('/cert') || path.includes('CaCertificates')) {
      assert.equal(new X509Certificate(Buffer.from(value, 'base64')).fingerprint, ROOT)
      return [path, 'root']
    }
    if (!path.endsWith('/p12')) return [path, value]
    assert.ok(readPkcs12(Buffer.from(value, 'base64'), PASSWORD).privateKey)
    return [path, 'container']
  })
}

describe('android-sswan', () => {
  it('ok/eap-tls', () => {
    const input = exampleVpn({}, { person, certificate: ownContainer(PASSWORD) })
    assertGolden(fieldsOf(textOf(androidSswan, input)), golden('sswan-eap-tls'))
  })

  it('ok/eap-in-a-split-tunnel', () => {
    const input = exampleVpn(
      {
        ...{ title: 'Office', authentication: 'eap-mschapv2', routing: 'split', mtu: 1400 },
        gateways: [{ address: 'a.example.org' }, { address: 'b.example.org', title: 'Berlin' }],
        routes: [
          { prefix: '10.0.0.0/8' },
          { prefix: '10.9.0.0/16', exclude: true },
          { prefix: '2001:db8::/32' },
        ],
        dns: { servers: ['10.0.0.53'] },
        proxy: { server: 'proxy.example.org:3128', exceptions: ['*.example.org'] },
        cryptography: { ike: { encryption: 'aes256gcm', integrity: 'sha384', dhGroup: 'ecp384' } },
      },
      { person },
    )
    assertGolden(fieldsOf(textOf(androidSswan, input, 1)), golden('sswan-eap'))
    assert.deepEqual(
      androidSswan.make(input).map(({ name, holdsSecret }) => [name, holdsSecret]),
      [
        ['Example-VPN.sswan', false],
        ['Example-VPN-2.sswan', false],
      ],
    )
  })

  it('ok/container-is-a-secret', () =>
    assert.equal(
      androidSswan.make(exampleVpn({}, { person, certificate: ownContainer() }))[0]?.holdsSecret,
      true,
    ))
  it('ok/says-what-it-does-not-check', () =>
    assert.ok(codes(androidSswan, exampleVpn({}, { person }), false).includes('server-name-not-checked')))

  const refused: readonly (readonly [name: string, input: ProfileInput, code: string])[] = [
    ['no-ikev2', exampleVpn({ tunnelTypes: ['l2tp'] }, { person }), 'tunnel-not-served'],
    ['peap', exampleVpn({ authentication: 'peap-mschapv2' }, { person }), 'method-not-served'],
    ['split-without-routes', exampleVpn({ routing: 'split' }, { person }), 'split-without-routes'],
    ['half-a-character', exampleVpn({}, { person: { userName: '\ud83d' } }), 'text-not-carried'],
  ]
  for (const [name, input, code] of refused) {
    it(`fail/${name}`, () => assert.ok(codes(androidSswan, input, true).includes(code)))
  }

  it('fail/no-name-breaks-out', () => {
    fc.assert(
      fc.property(hostileName(), hostileText(), (title, userName) => {
        const input = exampleVpn({ title, authentication: 'eap-mschapv2' }, { person: { userName } })
        if (codes(androidSswan, input, true).length > 0) return
        const found = new Map(jsonFields(textOf(androidSswan, input)))
        assert.equal(found.get('name'), title)
        assert.equal(found.get('local/eap_id'), userName)
        assert.equal(found.size, 12)
      }),
    )
  })
})

describe('android-wifi-values', () => {
  it('ok/peap', () => {
    const input = exampleWifi({ authentication: 'peap-mschapv2' }, { person })
    assertGolden(fieldsOf(textOf(androidWifiValues, input)), golden('wifi-peap'))
  })

  it('ok/eap-tls', () => {
    const certificate = ownContainer()
    const input = exampleWifi({ security: 'wpa3' }, { person, certificate })
    const found = new Map(fieldsOf(textOf(androidWifiValues, input)))
    assert.equal(found.get('settings/User certificate'), 'Example-Wi-Fi.p12')
    assert.equal(found.get('suggestion/setWpa3EnterpriseStandardModeConfig/setEapMethod'), 'Eap.TLS')
    assert.equal(found.get('settings/Anonymous identity'), undefined)
    assert.deepEqual(
      androidWifiValues.make(input).map(({ name, holdsSecret }) => [name, holdsSecret]),
      [
        ['Example-Wi-Fi.json', false],
        ['Example-Wi-Fi-ca.pem', false],
        ['Example-Wi-Fi.p12', true],
      ],
    )
  })

  it('fail/inner-tls', () =>
    assert.deepEqual(
      codes(androidWifiValues, exampleWifi({ authentication: 'peap-eap-tls' }, { person }), true),
      ['method-not-served'],
    ))

  it('fail/never-without-the-name-of-the-server', () => {
    for (const authentication of ['eap-tls', 'peap-mschapv2', 'ttls-mschapv2', 'ttls-pap']) {
      const found = new Map(fieldsOf(textOf(androidWifiValues, exampleWifi({ authentication }, { person }))))
      assert.equal(found.get('settings/Domain'), 'radius.example.org')
      assert.equal(found.get('suggestion/setWpa2EnterpriseConfig/setDomainSuffixMatch'), 'radius.example.org')
    }
  })
})
