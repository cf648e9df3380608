import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, it } from 'node:test'
import { derOrPem, parseCertificate } from '@sallyport/pki'
import { makeFiles } from '../make-files.ts'
import type { ProfileCertificate, ProfileInput } from '../profile-input.ts'
import {
  EXAMPLE_PERSON,
  EXAMPLE_ROOT_PEM,
  exampleVpn,
  exampleWifi,
  exampleWired,
  OTHER_RADIUS_ROOT,
} from '../testing/example-input.ts'
import { assertGolden } from '../testing/golden.ts'
import { appleMobileconfig } from './apple-mobileconfig.ts'
import { profileFields } from './testing/profile-fields.ts'
import { readByPlistlib } from './testing/read-plist.ts'

const person = EXAMPLE_PERSON
const root = parseCertificate(derOrPem('CERTIFICATE', EXAMPLE_ROOT_PEM))
const pkcs12: ProfileCertificate = {
  ...{ kind: 'pkcs12', form: 'legacy', password: 'never written' },
  ...{ container: Uint8Array.of(0x30, 0x80, 0xff), certificate: root },
}
const acme: ProfileCertificate = {
  ...{ kind: 'acme', clientIdentifier: 'F2LX1234' },
  directoryUrl: 'https://pki.example.org:8444/acme/directory',
}

const read = (input: ProfileInput) =>
  readByPlistlib([String(makeFiles(appleMobileconfig, input)[0]?.content)])[0] ?? assert.fail()

/** Keys below the payloads of this type, without the number of the payload. */
function keysOf(input: ProfileInput, type: RegExp): ReadonlyMap<string, string> {
  const fields = read(input)
  const place = fields.find(([path, value]) => path.at(-1) === 'PayloadType' && type.test(value))?.[0][1]
  return new Map(
    fields
      .filter(([path]) => path[0] === 'PayloadContent' && path[1] === place)
      .map(([path, value]) => [path.slice(2).join('/'), value]),
  )
}
const vpnKeys = (written: object, others: Partial<ProfileInput> = { person, certificate: pkcs12 }) =>
  keysOf(exampleVpn(written as Record<string, unknown>, others), /vpn/)
const below = (keys: ReadonlyMap<string, string>, prefix: string) =>
  [...keys].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value])

describe('apple-mobileconfig, one choice at a time', () => {
  it('ok/l2tp-certificate', () => {
    const input = exampleVpn(
      { tunnelTypes: ['l2tp'], authentication: 'mschapv2' },
      { person, certificate: pkcs12, intermediates: [], ...OTHER_RADIUS_ROOT },
    )
    assertGolden(profileFields(read(input)), new URL('golden/l2tp-certificate.golden', import.meta.url))
  })

  it('ok/802.1x-trusts-the-root-of-the-radius-server-alone', () => {
    const fields = profileFields(read(exampleWifi({}, { person, intermediates: [], ...OTHER_RADIUS_ROOT })))
    const roots = fields.filter(([, value]) => value === 'com.apple.security.root')
    assert.equal(roots.length, 1)
    assert.deepEqual(
      fields.find(([path]) => path === 'PayloadContent/0/PayloadContent'),
      ['PayloadContent/0/PayloadContent', '(data) sha1 1d9390143d02f1f7a66bf1eb9f8f030622d61c17'],
    )
  })

  it('ok/kind-of-the-key-in-a-container', () => {
    assert.equal(vpnKeys({}).get('IKEv2/CertificateType'), 'ECDSA256')
    const password = { authentication: 'eap-mschapv2' }
    assert.equal(vpnKeys(password).get('IKEv2/CertificateType'), undefined)
    const kindOf = (publicKey: KeyObject) =>
      vpnKeys({}, { person, certificate: { ...pkcs12, certificate: { ...root, publicKey } } }).get(
        'IKEv2/CertificateType',
      )
    const curve = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).publicKey
    assert.equal(kindOf(curve('secp384r1')), 'ECDSA384')
    assert.equal(kindOf(curve('secp521r1')), 'ECDSA521')
    assert.equal(kindOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey), undefined)
    const foreign = { person, certificate: pkcs12, gatewayAnchors: OTHER_RADIUS_ROOT.radiusServer.anchors }
    assert.deepEqual(below(vpnKeys({}, foreign), 'IKEv2/ServerCertificate'), [])
    assert.equal(vpnKeys({}, foreign).get('IKEv2/CertificateType'), undefined)
  })

  it('ok/two-cas-below-the-root-of-the-gateway-are-no-name-of-an-issuer', () => {
    const [issuing] = exampleVpn().intermediates
    assert.ok(issuing)
    const two = { person, certificate: pkcs12, intermediates: [issuing, root] }
    assert.deepEqual(below(vpnKeys({}, two), 'IKEv2/ServerCertificate'), [])
  })

  it('ok/title-of-a-certificate-without-a-common-name', () => {
    const nameless = { ...root, subject: { ...root.subject, rdns: [] } }
    const radiusServer = { names: ['radius.example.org'], anchors: [nameless] }
    const others = { person, radiusServer, gatewayAnchors: [nameless], intermediates: [] }
    assert.equal(keysOf(exampleWifi({}, others), /root/).get('PayloadDisplayName'), 'ea6cfae36a8f9f9e')
  })

  it('ok/title-of-a-certificate-for-nobody', () =>
    assert.equal(
      keysOf(exampleVpn({}, { certificate: acme }), /acme/).get('PayloadDisplayName'),
      'Example VPN',
    ))

  it('ok/a-password-needs-no-certificate-beside-it', () => {
    const input = exampleVpn({ authentication: 'eap-mschapv2' }, { person, certificate: pkcs12 })
    assert.equal(keysOf(input, /pkcs12/).size, 0)
  })

  it('ok/methods-and-security-of-wifi', () => {
    const wifi = (written: object) => keysOf(exampleWifi({ ...written }, { person }), /wifi/)
    const ttls = wifi({ authentication: 'ttls-mschapv2' })
    assert.equal(ttls.get('EAPClientConfiguration/AcceptEAPTypes/0'), '(integer) 21')
    assert.equal(ttls.get('EAPClientConfiguration/TTLSInnerAuthentication'), 'MSCHAPv2')
    assert.equal(wifi({ security: 'wpa3-192' }).get('EncryptionType'), 'WPA3')
  })

  it('ok/another-certificate-is-another-identity', () => {
    const uuid = (certificate: ProfileCertificate, type: RegExp) =>
      keysOf(exampleVpn({}, { person, certificate }), type).get('PayloadUUID')
    const [other] = OTHER_RADIUS_ROOT.radiusServer.anchors
    assert.ok(other)
    assert.notEqual(uuid(pkcs12, /pkcs12/), uuid({ ...pkcs12, certificate: other }, /pkcs12/))
    assert.notEqual(uuid(acme, /acme/), uuid({ ...acme, clientIdentifier: 'F2LX1235' }, /acme/))
  })

  it('ok/identifiers-stay-what-they-were', () => {
    // uuid.uuid5 of Python on the parts: a changed one leaves the former profile on every device.
    const keys = new Map(
      read(exampleVpn({}, { person, certificate: acme })).map(([path, value]) => [path.join('/'), value]),
    )
    assert.equal(keys.get('PayloadIdentifier'), 'org.example.sallyport.d013d07b-10a5-517f-be7d-98a85ae0d160')
    assert.equal(keys.get('PayloadUUID'), '8373bed8-b755-5f65-852e-e28c88eb41ab')
    assert.equal(keys.get('PayloadContent/0/PayloadUUID'), '3db32124-ec5f-5412-81f4-b9865160246c')
    assert.equal(keys.get('PayloadContent/2/PayloadUUID'), 'b1afc283-eea0-5d62-b15b-83620ad270e4')
    assert.equal(keys.get('PayloadContent/3/PayloadUUID'), 'aa637202-86ec-5dc1-b8f6-59ee286913f3')
    assert.equal(
      keysOf(exampleWifi({}, { person }), /wifi/).get('PayloadUUID'),
      '8c873773-88f5-5f6a-9356-aebeacd7e1bd',
    )
  })

  it('ok/who-logs-in', () => {
    const eap = (identity: string) =>
      below(
        keysOf(exampleWired({ identity }, { person, certificate: pkcs12 }), /firstactive/),
        'EAPClientConfiguration/UserName',
      )
    assert.deepEqual(eap('user'), [['', 'alice@example.org']])
    assert.deepEqual(eap('machine'), [])
    const machine = keysOf(exampleWired({ identity: 'machine' }, { certificate: pkcs12 }), /firstactive/)
    assert.deepEqual(below(machine, 'SetupModes/'), [['0', 'System']])
    const user = keysOf(exampleWired({}, { certificate: pkcs12 }), /firstactive/)
    assert.deepEqual(below(user, 'SetupModes'), [])
    // By certificate there is no password to hide, to keep or to take from the computer account.
    for (const keys of [machine, user]) {
      for (const key of ['OuterIdentity', 'SystemModeCredentialsSource', 'OneTimeUserPassword']) {
        assert.equal(keys.get(`EAPClientConfiguration/${key}`), undefined)
      }
    }
    assert.equal(vpnKeys({}, {}).get('IKEv2/LocalIdentifier'), '')
  })

  it('ok/packets-no-larger-than-an-ikev2-payload-may-say', () => {
    assert.equal(vpnKeys({ mtu: 1400 }).get('IKEv2/MTU'), '(integer) 1400')
    for (const keys of [vpnKeys({ mtu: 1401 }), vpnKeys({})]) assert.equal(keys.get('IKEv2/MTU'), undefined)
  })

  it('ok/dns', () => {
    const rules = [{ suffix: '.a.example' }, { suffix: '.b.example', servers: ['10.0.0.2'] }]
    assert.deepEqual(below(vpnKeys({ dns: { rules } }), 'DNS/'), [
      ['DNSProtocol', 'Cleartext'],
      ['ServerAddresses/0', '10.0.0.2'],
    ])
    assert.deepEqual(below(vpnKeys({ dns: { suffixes: ['a.example'] } }), 'DNS'), [])
    const split = { routing: 'split', routes: [{ prefix: '10.0.0.0/8' }] }
    assert.deepEqual(below(vpnKeys({ ...split, dns: { servers: ['10.0.0.1'] } }), 'DNS/Supplemental'), [])
    assert.deepEqual(below(vpnKeys({ ...split, dns: { rules } }), 'DNS/Supplemental'), [
      ['MatchDomains/0', 'b.example'],
    ])
    assert.deepEqual(below(vpnKeys({ dns: { rules: [{ suffix: '.a.example' }] } }), 'DNS'), [])
  })

  it('ok/proxy', () => {
    assert.deepEqual(below(vpnKeys({ proxy: { server: 'p.example:8080' } }), 'Proxies/'), [
      ...[
        ['HTTPEnable', '(integer) 1'],
        ['HTTPProxy', 'p.example'],
        ['HTTPPort', '(integer) 8080'],
      ],
      ...[
        ['HTTPSEnable', '(integer) 1'],
        ['HTTPSProxy', 'p.example'],
        ['HTTPSPort', '(integer) 8080'],
      ],
    ])
    assert.deepEqual(
      below(vpnKeys({ proxy: { autoConfigurationUrl: 'http://p.example/p.pac' } }), 'Proxies/'),
      [
        ['ProxyAutoConfigEnable', '(integer) 1'],
        ['ProxyAutoConfigURLString', 'http://p.example/p.pac'],
      ],
    )
  })

  it('ok/a-name-brings-the-tunnel-up-without-servers-of-its-own', () =>
    assert.deepEqual(
      below(
        vpnKeys({
          dns: {
            rules: [
              { suffix: '.a.example', autoTrigger: true },
              { suffix: 'b.a.example', servers: ['10.0.0.2'] },
            ],
          },
        }),
        'IKEv2/OnDemandRules/0/ActionParameters/',
      ),
      [
        ['0/Domains/0', 'b.a.example'],
        ['0/DomainAction', 'NeverConnect'],
        ['1/Domains/0', 'a.example'],
        ['1/DomainAction', 'ConnectIfNeeded'],
      ],
    ))

  it('ok/file-and-help-desk', () => {
    const input = exampleVpn({ name: 'Büro + 1' }, { person, certificate: pkcs12 })
    const [file] = makeFiles(appleMobileconfig, input)
    assert.deepEqual(
      [file?.name, file?.mediaType],
      ['Buro-1.mobileconfig', 'application/x-apple-aspen-config'],
    )
    const description = (helpDesk: ProfileInput['organization']['helpDesk']) =>
      read({ ...input, organization: { ...input.organization, helpDesk } }).find(
        ([path]) => path.join() === 'PayloadDescription',
      )?.[1]
    assert.equal(description({ email: 'help@example.org' }), 'help@example.org')
    assert.equal(description({}), undefined)
  })
})
