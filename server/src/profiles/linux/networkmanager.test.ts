import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findingsOf } from '../make-files.ts'
import type { ProfileInput } from '../profile-input.ts'
import { isObstacle } from '../profile-output.ts'
import { EXAMPLE_PERSON, exampleVpn, exampleWifi, exampleWired } from '../testing/example-input.ts'
import { assertGolden } from '../testing/golden.ts'
import { linuxNetworkManager } from './networkmanager.ts'
import { readKeyfile } from './test/keyfile-reader.ts'
import { ownContainer } from './test/own-container.ts'

const person = EXAMPLE_PERSON
const certificate = ownContainer()
const golden = (name: string) => new URL(`./test/nm-${name}.golden`, import.meta.url)
const fields = (input: ProfileInput, index = 0) =>
  readKeyfile(String(linuxNetworkManager.make(input)[index]?.content))
const names = (input: ProfileInput) => linuxNetworkManager.make(input).map(({ name }) => name)
const codes = (input: ProfileInput, obstacles: boolean) =>
  findingsOf(linuxNetworkManager, input)
    .filter((finding) => isObstacle(finding) === obstacles)
    .map(({ code }) => code)

describe('linux-networkmanager', () => {
  it('ok/ikev2', () => assertGolden(fields(exampleVpn({}, { person, certificate })), golden('ikev2')))

  it('ok/l2tp', () => {
    const written = {
      ...{ title: 'Office', tunnelTypes: ['sstp', 'l2tp'], authentication: 'mschapv2', mtu: 1400 },
      ...{ l2tpMachineAuthentication: 'psk', preSharedKey: 'a"b;#\\c=1234', rememberCredentials: false },
      ...{
        routing: 'split',
        reconnect: false,
        routes: [{ prefix: '10.0.0.0/8', metric: 7 }, { prefix: '2001:db8::/32' }],
      },
      dns: {
        ...{ servers: ['10.0.0.53', '2001:db8::53'], suffixes: ['example.org'] },
        rules: [{ suffix: '.corp.example.org', servers: ['10.0.0.53'] }],
      },
      proxy: { autoConfigurationUrl: 'https://proxy.example.org/proxy.pac' },
    }
    assertGolden(fields(exampleVpn(written, { person: { userName: 'alice' } }), 1), golden('l2tp'))
  })

  it('ok/sstp', () =>
    assertGolden(fields(exampleVpn({ tunnelTypes: ['sstp'] }, { person, certificate })), golden('sstp')))
  it('ok/pptp', () => {
    const written = { tunnelTypes: ['pptp'], authentication: 'mschapv2', allUsers: true }
    assertGolden(fields(exampleVpn(written, { person })), golden('pptp'))
  })
  it('ok/wifi', () => {
    const written = {
      ...{ ssid: '1;2', authentication: 'peap-mschapv2', security: 'wpa3' },
      ...{ hidden: true, randomMac: false, autoConnect: false },
    }
    assertGolden(fields(exampleWifi(written, { person })), golden('wifi'))
  })
  it('ok/wired', () =>
    assertGolden(
      fields(exampleWired({ authentication: 'ttls-eap-tls' }, { person, certificate })),
      golden('wired'),
    ))

  it('ok/l2tp-by-certificate', () => {
    const found = new Map(fields(exampleVpn({ tunnelTypes: ['l2tp'] }, { person, certificate })))
    assert.equal(found.get('vpn/machine-auth-type'), 'tls')
    assert.equal(found.get('vpn/ipsec-remote-id'), '@vpn.example.org')
    assert.equal(found.get('vpn/user-ca'), '/etc/NetworkManager/certificates/Example-VPN-radius-ca.pem')
  })

  it('ok/ikev2-by-password-in-a-split-tunnel', () => {
    const written = { authentication: 'eap-mschapv2', routing: 'split', routes: [{ prefix: '10.0.0.0/8' }] }
    const found = new Map(fields(exampleVpn(written, { person })))
    assert.equal(found.get('vpn/method'), 'eap')
    assert.equal(found.get('vpn/user'), 'alice@example.org')
    assert.equal(found.get('vpn/remote-ts'), '10.0.0.0/8')
  })

  it('ok/files', () => {
    assert.deepEqual(names(exampleVpn({}, { person, certificate })), [
      'Example-VPN.nmconnection',
      'Example-VPN-radius-ca.pem',
      'Example-VPN-gateway-ca.pem',
      'Example-VPN.p12',
    ])
    const two = { gateways: [{ address: 'a.example.org' }, { address: 'b.example.org', title: 'Berlin' }] }
    assert.deepEqual(names(exampleVpn(two, { person })).slice(0, 2), [
      'Example-VPN.nmconnection',
      'Example-VPN-2.nmconnection',
    ])
    assert.deepEqual(fields(exampleVpn(two, { person }), 1)[0], ['connection/id', 'Example VPN (Berlin)'])
  })

  it('ok/every-keyfile-is-kept-as-a-secret', () => {
    const [keyfile] = linuxNetworkManager.make(exampleWired({}, { person }))
    assert.equal(keyfile?.holdsSecret, true)
  })

  it('ok/one-tunnel-of-two', () => {
    const input = exampleVpn({ tunnelTypes: ['ikev2', 'pptp'] }, { person, certificate })
    assert.deepEqual(codes(input, true), [])
    assert.ok(codes(input, false).includes('method-not-served'))
    assert.equal(names(input).filter((name) => name.endsWith('.nmconnection')).length, 1)
  })

  it('ok/no-gcm-in-ikev1', () => {
    const l2tp = { tunnelTypes: ['l2tp'], cryptography: { ike: { encryption: 'aes256gcm' } } }
    assert.ok(codes(exampleVpn(l2tp, { person }), false).includes('suite-not-served'))
  })

  const refused: readonly (readonly [name: string, input: ProfileInput, code: string])[] = [
    [
      'eap-over-ppp',
      exampleVpn({ tunnelTypes: ['l2tp'], authentication: 'peap-mschapv2' }, { person }),
      'method-not-served',
    ],
    ['pap-in-ttls', exampleVpn({ authentication: 'ttls-pap' }, { person }), 'method-not-served'],
    ['split-without-routes', exampleVpn({ routing: 'split' }, { person }), 'split-without-routes'],
    [
      'method-without-server-check',
      exampleWired({ authentication: 'eap-mschapv2' }, { person }),
      'server-not-checked',
    ],
    ['line-break', exampleWired({}, { person: { userName: 'a\n[x]' } }), 'text-not-carried'],
  ]
  for (const [name, input, code] of refused) {
    it(`fail/${name}`, () => assert.ok(codes(input, true).includes(code), codes(input, true).join()))
  }
})
