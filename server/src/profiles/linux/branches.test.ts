import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { describe, it } from 'node:test'
import type { ProfileInput } from '../profile-input.ts'
import type { ProfileOutput } from '../profile-output.ts'
import {
  EXAMPLE_RADIUS_ROOT_PEM,
  EXAMPLE_ROOT_PEM,
  exampleVpn,
  exampleWifi,
  exampleWired,
  OTHER_RADIUS_ROOT,
  EXAMPLE_PERSON as person,
} from '../testing/example-input.ts'
import { assertGolden, type Field } from '../testing/golden.ts'
import { linuxNetworkManager } from './networkmanager.ts'
import { base64Lines } from './shell-text.ts'
import { linuxSwanctl } from './swanctl.ts'
import { readKeyfile } from './test/keyfile-reader.ts'
import { ownContainer } from './test/own-container.ts'
import { readSettings } from './test/settings-reader.ts'
import { readWpa } from './test/wpa-reader.ts'
import { linuxWpaSupplicant } from './wpa-supplicant.ts'
import { wpaBlob } from './wpa-supplicant-text.ts'

const [root = assert.fail()] = exampleVpn().gatewayAnchors
const [otherRoot = assert.fail()] = OTHER_RADIUS_ROOT.radiusServer.anchors
const installed = { kind: 'installed' } as const
const golden = (name: string) => new URL(`./test/${name}.golden`, import.meta.url)
const content = (output: ProfileOutput, input: ProfileInput, index = 0) =>
  String(output.make(input)[index]?.content)
const settings = (input: ProfileInput) => new Map(readSettings(content(linuxSwanctl, input)))
const keyfile = (input: ProfileInput, index = 0) => readKeyfile(content(linuxNetworkManager, input, index))

describe('linux-networkmanager, branch by branch', () => {
  it('ok/wpa3-with-192-bits-for-nobody', () =>
    assertGolden(keyfile(exampleWifi({ security: 'wpa3-192' })), golden('nm-wpa3-192')))

  it('ok/each-way-has-its-name', () => {
    const gateways = [{ address: 'a.example.org' }, { address: 'b.example.org', title: 'Berlin' }]
    const tunnelTypes = ['ikev2', 'sstp', 'l2tp']
    const input = exampleVpn({ gateways, tunnelTypes }, { person })
    const ids = [0, 1, 2, 3, 4, 5].map((index) => keyfile(input, index)[0]?.[1])
    assert.deepEqual(ids, [
      ...['Example VPN (IKEv2, a.example.org)', 'Example VPN (SSTP, a.example.org)'],
      ...['Example VPN (L2TP, a.example.org)', 'Example VPN (IKEv2, Berlin)'],
      ...['Example VPN (SSTP, Berlin)', 'Example VPN (L2TP, Berlin)'],
    ])
    const legacy = { tunnelTypes: ['sstp', 'pptp'], authentication: 'mschapv2' }
    assert.equal(keyfile(exampleVpn(legacy, { person }), 1)[0]?.[1], 'Example VPN (PPTP)')
  })

  it('ok/all-roots-of-the-radius-server-and-one-of-the-gateway', () => {
    const radiusServer = { names: ['radius.example.org'], anchors: [otherRoot, root] }
    const input = exampleVpn({}, { person, radiusServer, gatewayAnchors: [root, otherRoot] })
    assert.equal(content(linuxNetworkManager, input, 1), EXAMPLE_RADIUS_ROOT_PEM + EXAMPLE_ROOT_PEM)
    assert.equal(content(linuxNetworkManager, input, 2), EXAMPLE_ROOT_PEM)
  })

  it('ok/no-container-beside-a-password', () => {
    const input = exampleWired({ authentication: 'peap-mschapv2' }, { person, certificate: ownContainer() })
    const kinds = linuxNetworkManager.make(input).map(({ name }) => name)
    assert.deepEqual(kinds, ['Example-LAN.nmconnection', 'Example-LAN-radius-ca.pem'])
    const certificate = ownContainer()
    const brought = linuxNetworkManager.make(exampleWired({}, { person, certificate }))[2]
    assert.equal(brought?.content, certificate.container)
    const secrets = linuxNetworkManager.make(exampleVpn({}, { person, certificate }))
    assert.deepEqual(
      secrets.map(({ holdsSecret }) => holdsSecret),
      [true, false, false, true],
    )
  })

  it('ok/own-files-of-the-inner-method', () => {
    const written = { authentication: 'peap-eap-tls' }
    const found = keyfile(exampleWired(written, { person, certificate: installed }))
    assert.deepEqual(
      found.filter(([path]) => /phase2-(client|private)/.test(path)),
      [
        ['802-1x/phase2-client-cert', '/etc/NetworkManager/certificates/Example-LAN.pem'],
        ['802-1x/phase2-private-key', '/etc/NetworkManager/certificates/Example-LAN.key'],
        ['802-1x/phase2-private-key-password-flags', '4'],
      ],
    )
  })

  it('ok/a-suffix-that-leads-nowhere-is-left-out', () => {
    const rules = [{ suffix: '.public.example.org', servers: [] }]
    const found = new Map(keyfile(exampleVpn({ dns: { suffixes: ['example.org'], rules } }, { person })))
    assert.equal(found.get('ipv4/dns-search'), 'example.org;')
  })

  it('ok/password-methods-of-ikev2', () => {
    const methods = ['eap-mschapv2', 'ttls-mschapv2', 'peap-mschapv2'].map((authentication) =>
      new Map(keyfile(exampleVpn({ authentication }, { person }))).get('vpn/method'),
    )
    assert.deepEqual(methods, ['eap', 'eap', 'eap'])
  })
})

describe('linux-swanctl, branch by branch', () => {
  it('ok/a-head-that-says-where-files-go', () =>
    assert.ok(
      content(linuxSwanctl, exampleVpn({}, { person })).startsWith(
        `# strongSwan 5.9 and newer. Below /etc/swanctl this file belongs into conf.d, *-ca-N.pem into x509ca, the other .pem
# into x509, the .p12 into pkcs12. Then: swanctl --load-all
connections {
`,
      ),
    ))

  it('ok/every-root-of-the-gateway-and-every-network-left-out', () => {
    const routes = ['10.9.0.0/16', '10.10.0.0/16'].map((prefix) => ({ prefix, exclude: true }))
    const written = { routes, idleDisconnectMinutes: 1 }
    const found = settings(exampleVpn(written, { person, gatewayAnchors: [root, otherRoot] }))
    const own = 'connections/Example-VPN'
    assert.equal(found.get(`${own}/remote/cacerts`), 'Example-VPN-ca-1.pem,Example-VPN-ca-2.pem')
    assert.equal(found.get(`${own}/children/Example-VPN-outside/remote_ts`), '10.9.0.0/16,10.10.0.0/16')
    assert.equal(found.get(`${own}/children/Example-VPN/inactivity`), '1m')
  })

  it('ok/names', () => {
    const names = (authentication: string, others: Partial<ProfileInput>) => {
      const found = settings(exampleVpn({ authentication }, others))
      return ['id', 'eap_id', 'aaa_id'].map((name) => found.get(`connections/Example-VPN/local/${name}`))
    }
    const alice = { userName: 'alice', upn: 'alice@lab.test' }
    const radius = 'fqdn:radius.example.org'
    assert.deepEqual(names('eap-tls', { person: alice, certificate: installed }), [
      ...['email:alice@lab.test', 'email:alice@lab.test', radius],
    ])
    assert.deepEqual(names('eap-tls', { person: { userName: 'alice' } }), [
      ...['email:alice', 'email:alice', radius],
    ])
    assert.deepEqual(names('ttls-mschapv2', { person: alice }), ['fqdn:alice', 'fqdn:alice', radius])
    assert.deepEqual(names('ttls-mschapv2', {}), [undefined, undefined, radius])
    const { anchors } = OTHER_RADIUS_ROOT.radiusServer
    // No server has this name.
    assert.equal(names('eap-tls', { person, radiusServer: { names: [], anchors } })[2], 'fqdn:')
  })

  it('ok/aes-192', () => {
    const ike = { encryption: 'aes192' }
    const found = settings(exampleVpn({ cryptography: { ike } }, { person }))
    assert.equal(found.get('connections/Example-VPN/proposals'), 'aes192-sha256-ecp256')
  })

  it('ok/no-container-beside-a-password', () => {
    const input = exampleVpn({ authentication: 'eap-mschapv2' }, { person, certificate: ownContainer() })
    assert.deepEqual(
      linuxSwanctl.make(input).map(({ name, holdsSecret }) => [name, holdsSecret]),
      [
        ['Example-VPN.conf', false],
        ['Example-VPN-ca-1.pem', false],
      ],
    )
    assert.doesNotMatch(content(linuxSwanctl, input), /secrets/)
  })
})

describe('linux-wpa-supplicant, branch by branch', () => {
  const methods = ['eap-tls', 'peap-mschapv2', 'ttls-mschapv2', 'ttls-eap-tls']
  const wanted = /^network\/(eap|phase2|client_cert2?|private_key2?)$/

  it('ok/methods', () => {
    const fields = methods.flatMap((authentication) =>
      readWpa(content(linuxWpaSupplicant, exampleWired({ authentication }, { person }))).flatMap(
        ([path, value]): Field[] => {
          const name = wanted.exec(path)?.[1]
          return name === undefined ? [] : [[`${authentication}: ${name}`, value]]
        },
      ),
    )
    assertGolden(fields, golden('wpa-methods'))
  })

  it('ok/wpa3-with-192-bits-for-nobody', () => {
    const text = content(linuxWpaSupplicant, exampleWifi({ security: 'wpa3-192' }))
    const fields = readWpa(text).map(([path, value]): Field => {
      if (!path.startsWith('blob')) return [path, value]
      const { fingerprint } = new X509Certificate(Buffer.from(value, 'base64'))
      return [path, fingerprint.replaceAll(':', '').toLowerCase()]
    })
    assertGolden(fields, golden('wpa-wpa3-192'))
    assert.match(text, /^network=\{\n {2}ssid=.*\n {2}key_mgmt=/m)
  })

  it('ok/container-of-the-inner-method', () => {
    const written = { authentication: 'ttls-eap-tls' }
    const input = exampleWired(written, { person, certificate: ownContainer('typed') })
    assert.deepEqual(
      readWpa(content(linuxWpaSupplicant, input)).filter(([path]) => path.includes('private_key')),
      [
        ['network/private_key2', '"blob://own"'],
        ['network/private_key2_passwd', '"typed"'],
      ],
    )
  })

  it('ok/every-root-in-one-blob', () => {
    const radiusServer = { names: ['radius.example.org'], anchors: [otherRoot, root] }
    const fields = readWpa(content(linuxWpaSupplicant, exampleWired({}, { person, radiusServer })))
    const blob = Buffer.from(new Map(fields).get('blob-base64-anchors') ?? '', 'base64').toString()
    assert.equal(blob, EXAMPLE_RADIUS_ROOT_PEM + EXAMPLE_ROOT_PEM)
  })

  it('ok/no-container-beside-a-password', () => {
    const input = exampleWifi({ authentication: 'ttls-pap' }, { person, certificate: ownContainer() })
    assert.doesNotMatch(content(linuxWpaSupplicant, input), /own/)
    assert.equal(linuxWpaSupplicant.make(input)[0]?.holdsSecret, false)
  })

  it('ok/nothing-in-lines', () => {
    assert.equal(base64Lines(new Uint8Array(0)), '\n')
    assert.equal(base64Lines(new Uint8Array(60)), `${'A'.repeat(76)}\nAAAA\n`)
    assert.equal(wpaBlob('own', new Uint8Array(0)), 'blob-base64-own={\n\n}\n')
  })
})
