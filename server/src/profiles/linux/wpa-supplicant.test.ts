import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { describe, it } from 'node:test'
import { certificateNames, readPkcs12 } from '@sallyport/pki'
import { findingsOf } from '../make-files.ts'
import type { ProfileInput } from '../profile-input.ts'
import { isObstacle } from '../profile-output.ts'
import { EXAMPLE_PERSON, exampleVpn, exampleWifi, exampleWired } from '../testing/example-input.ts'
import { assertGolden, type Field } from '../testing/golden.ts'
import { ownContainer } from './test/own-container.ts'
import { readWpa } from './test/wpa-reader.ts'
import { linuxWpaSupplicant } from './wpa-supplicant.ts'

const person = EXAMPLE_PERSON
const golden = (name: string) => new URL(`./test/wpa-${name}.golden`, import.meta.url)
const contentOf = (input: ProfileInput) => String(linuxWpaSupplicant.make(input)[0]?.content)
const codes = (input: ProfileInput, obstacles: boolean) =>
  findingsOf(linuxWpaSupplicant, input)
    .filter((finding) => isObstacle(finding) === obstacles)
    .map(({ code }) => code)

/** The fields, with what is in the blobs instead of their octets. */
function fieldsOf(input: ProfileInput): readonly Field[] {
  return readWpa(contentOf(input)).map(([path, value]) => {
    if (path === 'blob-base64-anchors') {
      const thumbprint = new X509Certificate(Buffer.from(value, 'base64')).fingerprint
      return [path, thumbprint.replaceAll(':', '').toLowerCase()]
    }
    if (path !== 'blob-base64-own') return [path, value]
    const { certificate } = readPkcs12(Buffer.from(value, 'base64'), 'p"w\\1')
    return [path, certificateNames(certificate).subject]
  })
}

describe('linux-wpa-supplicant', () => {
  it('ok/wifi-eap-tls', () =>
    assertGolden(fieldsOf(exampleWifi({}, { person, certificate: ownContainer() })), golden('wifi-eap-tls')))

  it('ok/wifi-ttls', () => {
    const written = {
      ...{ ssid: 'Юфис', hidden: true, autoConnect: false, randomMac: false },
      ...{ security: 'wpa3', authentication: 'ttls-pap' },
    }
    const input = exampleWifi(written, { person })
    const names = ['radius1.example.org', 'radius2.example.org']
    const server = { ...input.radiusServer, names }
    assertGolden(fieldsOf({ ...input, radiusServer: server }), golden('wifi-ttls'))
  })

  it('ok/wired-peap-tls', () =>
    assertGolden(
      fieldsOf(exampleWired({ authentication: 'peap-eap-tls' }, { person })),
      golden('wired-peap-tls'),
    ))

  it('ok/wpa3-192', () => {
    const fields = new Map(fieldsOf(exampleWifi({ security: 'wpa3-192' }, { person })))
    assert.equal(fields.get('network/key_mgmt'), 'WPA-EAP-SUITE-B-192')
    assert.equal(fields.get('network/group_mgmt'), 'BIP-GMAC-256')
    assert.match(fields.get('network/phase1') ?? '', / tls_suiteb=1/)
  })

  it('ok/secret-only-with-a-container', () => {
    const holds = (input: ProfileInput) => linuxWpaSupplicant.make(input)[0]?.holdsSecret
    assert.equal(holds(exampleWifi({}, { person, certificate: ownContainer() })), true)
    assert.equal(holds(exampleWifi({}, { person })), false)
  })

  it('ok/somebody-types-the-name', () =>
    assert.ok(codes(exampleWifi({ authentication: 'peap-mschapv2' }), false).includes('name-not-inside')))
  it('ok/lost-settings', () =>
    assert.ok(codes(exampleWifi({ identity: 'both' }), false).includes('setting-not-carried')))
  it('fail/method-without-server-check', () =>
    assert.deepEqual(codes(exampleWifi({ authentication: 'eap-mschapv2' }, { person }), true), [
      'server-not-checked',
    ]))
  it('fail/vpn', () => assert.deepEqual(codes(exampleVpn({}, { person }), true), ['kind-not-served']))
  it('fail/half-a-character', () =>
    assert.deepEqual(codes(exampleWired({}, { person: { userName: '\ud83d' } }), true), ['text-not-carried']))
})
