import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findingsOf } from '../make-files.ts'
import type { ProfileInput } from '../profile-input.ts'
import { isObstacle } from '../profile-output.ts'
import { EXAMPLE_PERSON, exampleVpn, exampleWifi } from '../testing/example-input.ts'
import { assertGolden } from '../testing/golden.ts'
import { linuxSwanctl } from './swanctl.ts'
import { ownContainer } from './test/own-container.ts'
import { readSettings } from './test/settings-reader.ts'

const person = EXAMPLE_PERSON
const settings = (input: ProfileInput) => {
  const [file] = linuxSwanctl.make(input)
  return readSettings(String(file?.content))
}
const codes = (input: ProfileInput, obstacles = true) =>
  findingsOf(linuxSwanctl, input)
    .filter((finding) => isObstacle(finding) === obstacles)
    .map(({ code }) => code)

const WITH_CONTAINER = exampleVpn({}, { person, certificate: ownContainer() })
const SPLIT = exampleVpn(
  {
    gateways: [{ address: '192.0.2.1' }, { address: 'vpn2.example.org' }],
    authentication: 'eap-mschapv2',
    routing: 'split',
    routes: [{ prefix: '10.0.0.0/8' }, { prefix: '10.9.0.0/16', exclude: true }, { prefix: '2001:db8::/32' }],
    cryptography: {
      ike: { encryption: 'aes128gcm', integrity: 'sha384', dhGroup: 'ecp384' },
      esp: { encryption: 'aes256', pfsGroup: 'none' },
      ikeLifetimeMinutes: 120,
      espLifetimeMinutes: 30,
    },
    idleDisconnectMinutes: 20,
    alwaysOn: true,
    reconnect: false,
  },
  { person: { userName: 'alice' } },
)

describe('linux-swanctl', () => {
  it('ok/eap-tls', () =>
    assertGolden(settings(WITH_CONTAINER), new URL('./test/swanctl-eap-tls.golden', import.meta.url)))
  it('ok/eap-mschapv2', () =>
    assertGolden(settings(SPLIT), new URL('./test/swanctl-eap-mschapv2.golden', import.meta.url)))

  it('ok/files-and-which-are-secret', () => {
    const files = linuxSwanctl.make(WITH_CONTAINER).map(({ name, holdsSecret }) => [name, holdsSecret])
    assert.deepEqual(files, [
      ['Example-VPN.conf', true],
      ['Example-VPN-ca-1.pem', false],
      ['Example-VPN.pem', false],
      ['Example-VPN.p12', true],
    ])
  })

  it('ok/inner-methods', () => {
    const auth = (authentication: string) =>
      settings(exampleVpn({ authentication }, { person })).find(([path]) => path.endsWith('local/auth'))?.[1]
    assert.equal(auth('ttls-mschapv2'), 'eap-ttls')
    assert.equal(auth('ttls-eap-tls'), 'eap-ttls')
    assert.equal(auth('peap-mschapv2'), 'eap-peap')
    assert.equal(auth('peap-eap-tls'), 'eap-peap')
  })

  it('ok/peap-needs-a-plugin', () =>
    assert.ok(
      codes(exampleVpn({ authentication: 'peap-mschapv2' }, { person }), false).includes('plugin-needed'),
    ))

  const refused: readonly (readonly [name: string, input: ProfileInput, code: string])[] = [
    ['pap-in-ttls', exampleVpn({ authentication: 'ttls-pap' }, { person }), 'method-not-served'],
    ['plain-mschapv2', exampleVpn({ authentication: 'mschapv2' }, { person }), 'method-not-served'],
    ['no-ikev2', exampleVpn({ tunnelTypes: ['sstp'] }, { person }), 'tunnel-not-served'],
    ['nobody', exampleVpn(), 'person-needed'],
    ['split-without-routes', exampleVpn({ routing: 'split' }, { person }), 'split-without-routes'],
    ['line-break-in-name', exampleVpn({}, { person: { userName: 'a\nb' } }), 'text-not-carried'],
    ['empty-name', exampleVpn({}, { person: { userName: '' } }), 'text-not-carried'],
    ['half-a-character', exampleVpn({}, { person: { userName: 'a\ud83d' } }), 'text-not-carried'],
    ['wifi', exampleWifi({}, { person }), 'kind-not-served'],
  ]
  for (const [name, input, code] of refused) {
    it(`fail/${name}`, () => assert.ok(codes(input).includes(code), codes(input).join()))
  }
})
