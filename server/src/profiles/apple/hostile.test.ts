import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { derOrPem, parseCertificate } from '@sallyport/pki'
import fc from 'fast-check'
import { findingsOf, makeFiles } from '../make-files.ts'
import type { ProfileCertificate, ProfileInput } from '../profile-input.ts'
import { isObstacle } from '../profile-output.ts'
import { EXAMPLE_ROOT_PEM, exampleVpn, exampleWifi, exampleWired } from '../testing/example-input.ts'
import { hostileText } from '../testing/hostile-text.ts'
import { UnwritableText } from '../unwritable-text.ts'
import { appleMobileconfig } from './apple-mobileconfig.ts'
import { assertSchema } from './testing/payload-schema.ts'
import { binaryByPlistutil, type PlistField, readByPlistlib } from './testing/read-plist.ts'

const root = parseCertificate(derOrPem('CERTIFICATE', EXAMPLE_ROOT_PEM))

const scep = (challenge: string, commonName: string): ProfileCertificate => ({
  ...{ kind: 'scep', url: 'http://pki.example.org/scep', rsaBits: 2048, root, challenge, commonName },
})

/** Every kind, with the same text in every place that takes any text. */
const KINDS: readonly ((text: string) => ProfileInput)[] = [
  (text) => hostile(exampleVpn({ alwaysOn: true, trustedNetworks: ['a.example'] }), text, scep(text, text)),
  (text) => hostile(exampleVpn({ authentication: 'eap-mschapv2' }), text),
  (text) => hostile(exampleWifi(), text, scep(text, text)),
  (text) => hostile(exampleWifi({ authentication: 'peap-mschapv2' }), text),
  (text) => hostile(exampleWired({ authentication: 'ttls-pap' }), text),
]

/** The configuration would refuse some of these texts: an output must not count on it. */
function hostile(input: ProfileInput, text: string, certificate?: ProfileCertificate): ProfileInput {
  const connection = { ...input.connection, title: text, ...('ssid' in input.connection && { ssid: text }) }
  return {
    ...input,
    organization: { ...input.organization, name: text, helpDesk: { name: text } },
    connection,
    person: { userName: text },
    ...(certificate !== undefined && { certificate }),
  }
}

const made = (input: ProfileInput): string => String(makeFiles(appleMobileconfig, input)[0]?.content)
const paths = (fields: readonly PlistField[]) => fields.map(([path]) => path.join('/'))

describe('apple-mobileconfig, hostile names', { skip: skipReason('libplist-utils') }, () => {
  it('ok/unchanged-or-refused-and-nothing-breaks-out', () => {
    const texts = fc.sample(hostileText(), { numRuns: 400, seed: 7 })
    const plain = readByPlistlib(KINDS.map((kind) => made(kind('plain')))).map(paths)
    const documents: string[] = []
    const wanted: { readonly kind: number; readonly text: string }[] = []
    let refused = 0
    for (const [index, text] of texts.entries()) {
      const kind = index % KINDS.length
      try {
        documents.push(made((KINDS[kind] ?? assert.fail())(text)))
        wanted.push({ kind, text })
      } catch (error) {
        assert.ok(error instanceof UnwritableText, String(error))
        refused++
      }
    }
    assert.ok(refused > 10 && documents.length > 100)
    for (const [index, fields] of readByPlistlib(documents).entries()) {
      const { kind, text } = wanted[index] ?? assert.fail()
      assert.deepEqual(paths(fields), plain[kind], 'another structure')
      const found = new Map(fields.map(([path, value]) => [path.join('/'), value]))
      assert.equal(found.get('PayloadDisplayName'), text)
      assert.equal(found.get('PayloadOrganization'), text)
      assert.equal(found.get('PayloadDescription'), text)
      const names = [...found].filter(([path]) =>
        /(LocalIdentifier|AuthName|UserName|Challenge|SSID_STR)$/.test(path),
      )
      assert.ok(names.length > 0)
      for (const [path, value] of names) assert.equal(value, text, path)
      assertSchema(fields)
    }
    const some = documents.slice(0, 40)
    const twice = readByPlistlib(some.map(binaryByPlistutil))
    for (const [index, fields] of readByPlistlib(some).entries()) {
      const sorted = (all: readonly PlistField[]) => all.map((one) => JSON.stringify(one)).sort()
      assert.deepEqual(sorted(twice[index] ?? []), sorted(fields), 'plistutil reads something else')
    }
  })
})

describe('apple-mobileconfig, schema', () => {
  const cases = fc.record({
    tunnelTypes: fc.uniqueArray(fc.constantFrom('ikev2', 'l2tp', 'sstp', 'pptp'), { minLength: 1 }),
    authentication: fc.constantFrom('eap-tls', 'eap-mschapv2', 'mschapv2'),
    l2tpMachineAuthentication: fc.constantFrom('psk', 'certificate'),
    preSharedKey: fc.constant('shared-key'),
    routing: fc.constantFrom('full', 'split'),
    enforceRouting: fc.constantFrom('none', 'routes', 'everything'),
    alwaysOn: fc.boolean(),
    allUsers: fc.boolean(),
    idleDisconnectMinutes: fc.constantFrom(0, 7),
    mtu: fc.constantFrom(1280, 1400, 1500),
    trustedNetworks: fc.constantFrom([], ['a.example', 'b.example']),
    gateways: fc.constantFrom(
      [{ address: 'a.example' }],
      [{ address: 'a.example' }, { address: 'b.example' }],
    ),
    cryptography: fc.record({
      ike: fc.record({
        encryption: fc.constantFrom('aes128', 'aes192', 'aes256', 'aes128gcm', 'aes256gcm'),
        dhGroup: fc.constantFrom('modp2048', 'ecp256', 'ecp384'),
      }),
      esp: fc.record({ pfsGroup: fc.constantFrom('none', 'modp2048', 'ecp256', 'ecp384') }),
    }),
    dns: fc.record({
      servers: fc.constantFrom([], ['10.0.0.1']),
      suffixes: fc.constantFrom([], ['a.example']),
      rules: fc.constantFrom(
        [],
        [{ suffix: '.a.example', servers: ['10.0.0.2'], autoTrigger: true }, { suffix: 'x.a.example' }],
      ),
    }),
    proxy: fc.constantFrom(
      undefined,
      { server: 'p.example:80' },
      { autoConfigurationUrl: 'http://p.example/' },
    ),
  })
  const ports = fc.record({
    authentication: fc.constantFrom('eap-tls', 'peap-mschapv2', 'ttls-mschapv2', 'ttls-pap'),
    identity: fc.constantFrom('user', 'machine', 'both'),
    rememberCredentials: fc.boolean(),
    anonymousIdentity: fc.boolean(),
  })

  it('ok/every-combination-fits-apples-schema', () => {
    const certificate = scep('K', 'alice')
    const written = (one: object) =>
      Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined))
    const vpns = fc
      .sample(cases, { numRuns: 600, seed: 3 })
      .map((one) => exampleVpn(written(one), { certificate }))
    const others = fc
      .sample(ports, { numRuns: 60, seed: 3 })
      .flatMap((one) => [
        exampleWifi({ ...one, security: 'wpa3' }, { certificate }),
        exampleWired(one, { certificate }),
      ])
    const possible = [...vpns, ...others].filter(
      (input) => !findingsOf(appleMobileconfig, input).some(isObstacle),
    )
    assert.ok(possible.length > 300, String(possible.length))
    for (const fields of readByPlistlib(possible.map(made))) assertSchema(fields)
  })

  it('fail/unknown-key-type-or-value', () => {
    const [fields = []] = readByPlistlib([made(exampleVpn({}, { certificate: scep('K', 'alice') }))])
    assertSchema(fields)
    const with_ = (path: string, value: string): PlistField[] => [
      ...fields.filter((one) => one[0].join('/') !== path),
      [path.split('/'), value],
    ]
    const vpn = 'PayloadContent/3'
    assert.throws(() => assertSchema(with_(`${vpn}/IKEv2/Remoteaddress`, 'x')), /no key/)
    assert.throws(() => assertSchema(with_(`${vpn}/IKEv2/EnablePFS`, '(boolean) true')))
    assert.throws(() => assertSchema(with_(`${vpn}/IKEv2/MTU`, '(integer) 1500')))
    assert.throws(() => assertSchema(with_(`${vpn}/VPNType`, 'PPTP')))
    assert.throws(() => assertSchema(fields.filter((one) => one[0].at(-1) !== 'RemoteIdentifier')), /lacks/)
  })
})
