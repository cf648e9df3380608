import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { derOrPem, parseCertificate } from '@sallyport/pki'
import { findingsOf, makeFiles } from '../make-files.ts'
import type { ProfileCertificate, ProfileInput } from '../profile-input.ts'
import { isObstacle } from '../profile-output.ts'
import {
  EXAMPLE_PERSON,
  EXAMPLE_ROOT_PEM,
  exampleVpn,
  exampleWifi,
  exampleWired,
} from '../testing/example-input.ts'
import { assertGolden } from '../testing/golden.ts'
import { appleMobileconfig } from './apple-mobileconfig.ts'
import { profileFields } from './testing/profile-fields.ts'
import { readByPlistlib } from './testing/read-plist.ts'
import { vpnPayloads } from './vpn-payloads.ts'

const root = parseCertificate(derOrPem('CERTIFICATE', EXAMPLE_ROOT_PEM))
const person = EXAMPLE_PERSON

const SCEP: ProfileCertificate = {
  kind: 'scep',
  url: 'http://pki.example.org:8880/scep/laptops',
  challenge: 'K7Q2M-9XHWD-TB4VN-3RPLC-F8ZYJ',
  rsaBits: 2048,
  commonName: 'alice',
  root,
}
const ACME: ProfileCertificate = {
  kind: 'acme',
  directoryUrl: 'https://pki.example.org:8444/acme/directory',
  clientIdentifier: 'F2LX1234',
}
/** What a container holds does not matter here: it is carried as it is. */
const PKCS12: ProfileCertificate = {
  kind: 'pkcs12',
  form: 'legacy',
  container: Uint8Array.of(0x30, 0x80, 0xff),
  password: 'never written',
  certificate: root,
}

function document(input: ProfileInput): string {
  const [file, ...rest] = makeFiles(appleMobileconfig, input)
  assert.equal(rest.length, 0)
  assert.equal(typeof file?.content, 'string')
  return String(file?.content)
}

function assertProfile(input: ProfileInput, name: string): void {
  const [fields = []] = readByPlistlib([document(input)])
  assertGolden(profileFields(fields), new URL(`golden/${name}.golden`, import.meta.url))
}

function codes(input: ProfileInput, severity?: 'obstacle'): readonly string[] {
  return findingsOf(appleMobileconfig, input)
    .filter((one) => severity === undefined || isObstacle(one))
    .map(({ code }) => code)
}

describe('apple-mobileconfig, golden', { skip: skipReason('libplist-utils') }, () => {
  it('ok/ikev2-eap-tls-scep', () =>
    assertProfile(
      exampleVpn(
        {
          alwaysOn: true,
          trustedNetworks: ['corp.example.org'],
          dns: { servers: ['10.0.0.53'], suffixes: ['corp.example.org'] },
          mtu: 1300,
        },
        { person, certificate: SCEP },
      ),
      'ikev2-eap-tls-scep',
    ))

  it('ok/ikev2-eap-mschapv2-split', () =>
    assertProfile(
      exampleVpn(
        {
          title: 'University VPN',
          authentication: 'eap-mschapv2',
          gateways: [{ address: 'vpn1.example.org', title: 'Berlin' }, { address: 'vpn2.example.org' }],
          routing: 'split',
          routes: [{ prefix: '10.0.0.0/8' }],
          enforceRouting: 'routes',
          allUsers: true,
          idleDisconnectMinutes: 30,
          cryptography: {
            ike: { encryption: 'aes128', integrity: 'sha384', dhGroup: 'modp2048' },
            esp: { encryption: 'aes128gcm', pfsGroup: 'none' },
            ikeLifetimeMinutes: 60,
            espLifetimeMinutes: 30,
          },
          dns: {
            servers: ['10.0.0.53', '10.0.0.54'],
            suffixes: ['corp.example.org'],
            rules: [
              { suffix: '.example.org', servers: ['10.0.0.53'], autoTrigger: true },
              { suffix: 'www.example.org' },
            ],
          },
          proxy: { server: 'proxy.example.org:3128', autoConfigurationUrl: 'http://proxy.example.org/p.pac' },
        },
        { person },
      ),
      'ikev2-eap-mschapv2-split',
    ))

  it('ok/ikev2-eap-tls-acme', () =>
    assertProfile(
      exampleVpn({ enforceRouting: 'everything' }, { person, certificate: ACME }),
      'ikev2-eap-tls-acme',
    ))

  it('ok/l2tp-psk', () =>
    assertProfile(
      exampleVpn(
        {
          tunnelTypes: ['sstp', 'l2tp'],
          authentication: 'mschapv2',
          l2tpMachineAuthentication: 'psk',
          preSharedKey: 'K&y <1> of all',
          idleDisconnectMinutes: 5,
        },
        { person, intermediates: [] },
      ),
      'l2tp-psk',
    ))

  it('ok/wifi-eap-tls-pkcs12', () =>
    assertProfile(
      exampleWifi({ hidden: true, security: 'wpa3', randomMac: false }, { person, certificate: PKCS12 }),
      'wifi-eap-tls-pkcs12',
    ))

  it('ok/wifi-peap', () =>
    assertProfile(
      exampleWifi(
        { authentication: 'peap-mschapv2', autoConnect: false, rememberCredentials: false },
        { person },
      ),
      'wifi-peap',
    ))

  it('ok/wired-machine', () =>
    assertProfile(
      exampleWired({ authentication: 'ttls-pap', identity: 'both', anonymousIdentity: false }, {}),
      'wired-ttls-both',
    ))
})

describe('apple-mobileconfig, findings', () => {
  const vpn = (written: object, others: Partial<ProfileInput> = { person, certificate: SCEP }) =>
    exampleVpn(written as Record<string, unknown>, others)

  it('ok/title', () =>
    assert.equal(appleMobileconfig.title, 'Configuration profile for Mac, iPhone and iPad'))
  it('ok/nothing-to-say', () => assert.deepEqual(codes(vpn({})), []))
  it('fail/no-tunnel-of-apple', () => {
    assert.deepEqual(codes(vpn({ tunnelTypes: ['sstp', 'pptp'] }), 'obstacle'), [
      'sstp-not-on-apple',
      'pptp-not-on-apple',
    ])
  })
  it('fail/method', () => {
    for (const authentication of [
      'peap-mschapv2',
      'peap-eap-tls',
      'ttls-pap',
      'ttls-eap-tls',
      'ttls-mschapv2',
    ]) {
      assert.deepEqual(codes(vpn({ authentication }), 'obstacle'), ['method-not-in-apple-ikev2'])
    }
    for (const authentication of ['peap-eap-tls', 'ttls-eap-tls', 'eap-mschapv2']) {
      assert.deepEqual(codes(exampleWifi({ authentication }), 'obstacle'), ['method-not-in-apple-8021x'])
    }
    const l2tp = { tunnelTypes: ['l2tp'], l2tpMachineAuthentication: 'psk', preSharedKey: 'shared-key' }
    assert.deepEqual(codes(vpn({ ...l2tp, authentication: 'eap-tls' }), 'obstacle'), [
      'method-not-in-apple-l2tp',
    ])
  })
  it('fail/cipher', () => {
    const cryptography = { esp: { encryption: 'aes192' } }
    assert.deepEqual(codes(vpn({ cryptography }), 'obstacle'), ['cipher-not-on-apple'])
  })
  it('fail/certificate-not-inside', () => {
    assert.deepEqual(codes(vpn({}, { person }), 'obstacle'), ['certificate-not-inside'])
    assert.deepEqual(codes(vpn({}, { certificate: { kind: 'installed' } }), 'obstacle'), [
      'certificate-not-inside',
    ])
    assert.deepEqual(codes(vpn({}, {}), 'obstacle'), [])
    assert.deepEqual(
      codes(exampleWifi({ identity: 'machine' }, { certificate: { kind: 'installed' } }), 'obstacle'),
      ['certificate-not-inside'],
    )
  })
  it('fail/l2tp-without-certificate', () => {
    const l2tp = { tunnelTypes: ['l2tp'], authentication: 'mschapv2' }
    assert.deepEqual(codes(vpn(l2tp, { person }), 'obstacle'), ['l2tp-certificate-missing'])
    assert.deepEqual(codes(vpn(l2tp), 'obstacle'), [])
  })
  it('ok/warnings', () => {
    assert.deepEqual(codes(vpn({ tunnelTypes: ['pptp', 'ikev2'] })), ['pptp-not-on-apple'])
    assert.deepEqual(codes(vpn({ mtu: 1400 })), [])
    assert.deepEqual(codes(vpn({ mtu: 1401 })), ['mtu-too-large'])
    assert.deepEqual(codes(vpn({ gateways: [{ address: '192.0.2.1' }] })), ['gateway-by-address'])
    assert.deepEqual(codes(vpn({ authentication: 'eap-mschapv2', alwaysOn: true })), [
      'on-demand-asks-password',
    ])
    assert.deepEqual(codes(vpn({}, { person, certificate: ACME, intermediates: [] })), [
      'server-issuer-unknown',
    ])
    assert.deepEqual(codes(vpn({}, { person, certificate: { ...PKCS12, form: 'modern' } })), [
      'pkcs12-modern',
    ])
    assert.deepEqual(codes(exampleWifi({}, { person })), ['certificate-chosen-by-hand'])
    const rules = [
      { suffix: '.a.example', servers: ['10.0.0.1'] },
      { suffix: '.b.example', servers: ['10.0.0.2'] },
    ]
    assert.deepEqual(codes(vpn({ dns: { rules } })), ['one-list-of-dns-servers'])
  })
})

describe('apple-mobileconfig, made in spite of an obstacle', () => {
  const l2tp = { tunnelTypes: ['l2tp'], authentication: 'mschapv2', l2tpMachineAuthentication: 'psk' }
  const cases = {
    'apple-tunnel': exampleVpn({ tunnelTypes: ['pptp'] }),
    'apple-eap-method': exampleWifi({ authentication: 'peap-eap-tls' }),
  }
  for (const [code, input] of Object.entries(cases)) {
    it(`fail/${code}`, () =>
      assert.throws(() => appleMobileconfig.make(input), { code, message: 'made in spite of an obstacle' }))
  }
  it('fail/apple-shared-key', () =>
    assert.throws(() => vpnPayloads(exampleVpn(l2tp), 'l2tp', undefined), {
      code: 'apple-shared-key',
      message: 'made in spite of an obstacle',
    }))
})

describe('apple-mobileconfig, secrets', () => {
  const holdsSecret = (input: ProfileInput) => makeFiles(appleMobileconfig, input)[0]?.holdsSecret

  it('ok/marked', () => {
    assert.equal(holdsSecret(exampleVpn({}, { person, certificate: SCEP })), true)
    assert.equal(holdsSecret(exampleVpn({}, { person, certificate: ACME })), true)
    assert.equal(holdsSecret(exampleWifi({}, { person, certificate: PKCS12 })), true)
    const l2tp = { tunnelTypes: ['l2tp'], authentication: 'mschapv2', l2tpMachineAuthentication: 'psk' }
    assert.equal(holdsSecret(exampleVpn({ ...l2tp, preSharedKey: 'shared-key' }, { person })), true)
    assert.equal(holdsSecret(exampleVpn({ authentication: 'eap-mschapv2' }, { person })), false)
  })

  it('fail/password-of-the-container', () =>
    assert.equal(document(exampleWifi({}, { person, certificate: PKCS12 })).includes('never written'), false))

  it('ok/no-second-factor-beside-a-password', () => {
    const text = document(exampleWifi({ authentication: 'peap-mschapv2' }, { person, certificate: PKCS12 }))
    assert.equal(text.includes('pkcs12'), false)
    assert.equal(text.includes('PayloadCertificateUUID'), false)
  })

  it('ok/same-input-same-octets-and-a-new-challenge-is-a-new-identity', () => {
    const one = exampleVpn({}, { person, certificate: SCEP })
    assert.equal(document(one), document(one))
    const uuids = (input: ProfileInput) =>
      [...document(input).matchAll(/PayloadUUID<\/key>\s*<string>([^<]+)/g)].map(([, uuid]) => uuid)
    const [before, after] = [one, { ...one, certificate: { ...SCEP, challenge: 'other' } }].map(uuids)
    assert.equal(before?.filter((uuid) => !after?.includes(uuid)).length, 1)
  })
})
