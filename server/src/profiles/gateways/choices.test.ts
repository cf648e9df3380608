import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { describe, it } from 'node:test'
import type { GatewayKind } from '../../config/schema.ts'
import type { GatewayInput } from '../gateway-input.ts'
import { GATEWAY_OUTPUTS } from '../gateway-outputs.ts'
import { readSettings } from '../linux/test/settings-reader.ts'
import { exampleVpn, exampleWifi, OTHER_RADIUS_ROOT } from '../testing/example-input.ts'
import { assertGolden, type Field } from '../testing/golden.ts'
import { ALL_KINDS, inputOf, withWired } from './test/kind-inputs.ts'

const make = (input: GatewayInput) => GATEWAY_OUTPUTS[input.gateway.kind].make(input)
const linesOf = (input: GatewayInput, name: string): readonly string[] =>
  String(make(input).find((file) => file.name === name)?.content)
    .trimEnd()
    .split('\n')
const withSuites = (kind: GatewayKind, cryptography: object) => {
  const connections = [exampleVpn({ cryptography })]
  return inputOf(kind, {}, { connections })
}
/** CBC with an integrity of its own, no PFS; and GCM in both. */
const CBC = {
  ike: { encryption: 'aes128', integrity: 'sha384', dhGroup: 'modp2048' },
  esp: { encryption: 'aes128', integrity: 'sha256', pfsGroup: 'none' },
}
const GCM = {
  ike: { encryption: 'aes256gcm', integrity: 'sha384', dhGroup: 'ecp384' },
  esp: { encryption: 'aes128gcm', pfsGroup: 'ecp384' },
}

describe('gateways, one choice at a time', () => {
  it('ok/files-of-each', () => {
    const fields = ALL_KINDS.flatMap((kind) =>
      make(inputOf(kind, kind === 'hostapd' ? { vlans: [42] } : {})).map(
        ({ name, mediaType, holdsSecret }): Field => [
          `${kind} / ${name}`,
          `${mediaType}${holdsSecret ? ', secret' : ''}`,
        ],
      ),
    )
    assertGolden(fields, new URL('./test/files.golden', import.meta.url))
    for (const kind of ALL_KINDS) {
      const input = inputOf(kind)
      for (const { name, content, holdsSecret } of make(input).filter((file) => !file.holdsSecret)) {
        assert.ok(!String(content).includes(input.secret), `${kind}: ${name} ${String(holdsSecret)}`)
      }
    }
  })

  it('ok/hostapd/vlans', () => {
    const vlans = (name: string) =>
      linesOf(inputOf('hostapd', { vlans: [42], outside: { interface: name } }), 'hostapd.vlan')
    assert.deepEqual(vlans('wlan0'), ['42 wlan0.42 br42'])
    // A name of Linux has fifteen characters.
    assert.deepEqual(vlans('wlan-of-floor'), ['42 vl.42 br42'])
  })

  it('ok/whole-tunnel-and-two-dns-servers', () => {
    const dns = ['10.20.0.53', '10.20.0.54']
    const asa = linesOf(inputOf('cisco-asa', { dns }, { connections: [exampleVpn()] }), 'asa.txt')
    assert.ok(asa.includes(' split-tunnel-policy tunnelall'))
    assert.ok(asa.includes(' dns-server value 10.20.0.53 10.20.0.54'))
    assert.ok(!asa.some((line) => line.startsWith('access-list')))
    const ios = linesOf(inputOf('cisco-ios', { dns, radiusServers: ['2001:db8::5'] }), 'ios.txt')
    assert.ok(ios.includes(' dns 10.20.0.53 10.20.0.54'))
    assert.ok(ios.includes(' address ipv6 2001:db8::5 auth-port 1812 acct-port 1813'))
    const whole = inputOf('strongswan', { dns: [], addressPool: undefined }, { connections: [exampleVpn()] })
    const swanctl = new Map(readSettings(linesOf(whole, 'swanctl.conf').join('\n')))
    assert.equal(swanctl.get('connections/Example-VPN/children/net/local_ts'), '0.0.0.0/0,::/0')
    assert.equal(swanctl.get('connections/Example-VPN/pools'), 'radius')
    assert.ok(![...swanctl.keys()].some((path) => path.startsWith('pools/')))
  })

  it('ok/fortigate/vpn', () => {
    const lines = linesOf(inputOf('fortigate', { radiusServers: ['10.20.0.5'] }), 'fortios.txt')
    const start = lines.indexOf('config vpn ipsec phase1-interface')
    assertGolden(
      lines.slice(start).map((line): Field => ['', line]),
      new URL('./test/fortigate-vpn.golden', import.meta.url),
    )
  })

  it('ok/suites', () => {
    const has = (kind: GatewayKind, file: string, suites: object, ...wanted: readonly string[]) => {
      const lines = linesOf(withSuites(kind, suites), file).map((line) => line.trim())
      for (const line of wanted) assert.ok(lines.includes(line), `${kind}: ${line}`)
      return lines
    }
    const ios = has(
      ...(['cisco-ios', 'ios.txt', CBC, 'encryption aes-cbc-128', 'integrity sha384', 'group 14'] as const),
      'crypto ipsec transform-set SALLYPORT esp-aes 128 esp-sha256-hmac',
    )
    assert.ok(!ios.some((line) => line.startsWith('set pfs')))
    has(
      ...(['cisco-ios', 'ios.txt', GCM, 'encryption aes-gcm-256', 'prf sha384', 'group 20'] as const),
      ...['crypto ipsec transform-set SALLYPORT esp-gcm 128', 'set pfs group20'],
    )
    const asa = has(
      ...(['cisco-asa', 'asa.txt', CBC, 'encryption aes', 'integrity sha384', 'group 14'] as const),
      ...['prf sha384', 'protocol esp encryption aes', 'protocol esp integrity sha-256'],
    )
    assert.ok(!asa.some((line) => line.includes('set pfs')))
    has(
      ...(['cisco-asa', 'asa.txt', GCM, 'encryption aes-gcm-256', 'integrity null', 'group 20'] as const),
      ...['prf sha384', 'protocol esp encryption aes-gcm', 'protocol esp integrity null'],
    )
    has(
      ...(['fortigate', 'fortios.txt', CBC, 'set proposal aes128-sha384', 'set dhgrp 14'] as const),
      ...['set proposal aes128-sha256', 'set pfs disable'],
    )
    has(
      ...(['fortigate', 'fortios.txt', GCM, 'set proposal aes256gcm-prfsha384'] as const),
      ...['set proposal aes128gcm', 'set pfs enable', 'set dhgrp 20'],
    )
    has(
      ...(['strongswan', 'swanctl.conf', CBC, 'proposals = aes128-sha384-modp2048'] as const),
      'esp_proposals = aes128-sha256',
    )
    has(
      ...(['strongswan', 'swanctl.conf', GCM, 'proposals = aes256gcm16-prfsha384-ecp384'] as const),
      'esp_proposals = aes128gcm16-ecp384',
    )
  })

  it('ok/hostapd/security', () => {
    const keys = (written: Record<string, unknown>) =>
      linesOf(inputOf('hostapd', {}, { connections: [exampleWifi(written)] }), 'hostapd.conf')
    for (const [security, ...wanted] of [
      ['wpa2', 'wpa_key_mgmt=WPA-EAP WPA-EAP-SHA256', 'rsn_pairwise=CCMP', 'ieee80211w=1'],
      ['wpa3', 'wpa_key_mgmt=WPA-EAP-SHA256', 'rsn_pairwise=CCMP', 'ieee80211w=2'],
    ]) {
      for (const line of wanted) assert.ok(keys({ security }).includes(line), `${String(security)}: ${line}`)
    }
    assert.ok(keys({ hidden: true }).includes('ignore_broadcast_ssid=1'))
    assert.ok(!keys({}).some((line) => /^(ignore_broadcast_ssid|dynamic_vlan|vlan_file)=/.test(line)))
  })

  it('ok/windows-firewall', () => {
    const connections = [
      exampleVpn({ tunnelTypes: ['ikev2', 'sstp', 'l2tp', 'pptp'], authentication: 'mschapv2' }),
    ]
    const lines = linesOf(inputOf('rras', {}, { connections }), 'firewall-gateway.ps1')
    assertGolden(
      lines.map((line): Field => ['', line.replace(/^\ufeff|\r$/g, '')]),
      new URL('./test/windows-firewall.golden', import.meta.url),
    )
  })

  it('ok/rras/l2tp-by-a-shared-key', () => {
    const connections = [
      exampleVpn({
        ...{ tunnelTypes: ['l2tp'], authentication: 'mschapv2', l2tpMachineAuthentication: 'psk' },
        preSharedKey: "a shared key of Bob's",
      }),
    ]
    const lines = linesOf(inputOf('rras', {}, { connections }), 'rras.ps1').map((line) => line.trim())
    assert.ok(
      lines.includes(
        "Set-VpnAuthProtocol -UserAuthProtocolAccepted MsChapv2 -TunnelAuthProtocolsAdvertised PreSharedKey -SharedSecret 'a shared key of Bob''s' -CertificateAdvertised $certificate",
      ),
    )
  })

  it('ok/mikrotik/ports', () => {
    const wired = linesOf(inputOf('mikrotik', {}, withWired()), 'sallyport.rsc')
    assert.equal(
      wired[wired.indexOf('/interface dot1x server') + 1],
      'add interface="eth0" auth-types=dot1x accounting=yes interim-update=300s',
    )
    const wifi = (written: Record<string, unknown>) => {
      const lines = linesOf(inputOf('mikrotik', {}, { connections: [exampleWifi(written)] }), 'sallyport.rsc')
      return lines.slice(lines.indexOf('/interface wifi security')).slice(0, 4)
    }
    assert.deepEqual(wifi({ hidden: true }), [
      '/interface wifi security',
      'add name=sallyport authentication-types=wpa2-eap management-protection=allowed eap-accounting=yes',
      '/interface wifi configuration',
      'add name=sallyport ssid="example" hide-ssid=yes security=sallyport',
    ])
    assert.equal(
      wifi({ security: 'wpa3-192' })[1],
      'add name=sallyport authentication-types=wpa3-eap-192 management-protection=required eap-accounting=yes',
    )
  })

  it('ok/strongswan/addresses-of-a-role', () => {
    const roles = [{ name: 'staff', addressPool: '10.31.0.0/16' }]
    const found = new Map(readSettings(linesOf(inputOf('strongswan', { roles }), 'swanctl.conf').join('\n')))
    assert.equal(found.get('connections/Example-VPN-staff/pools'), 'addresses-staff')
    assert.equal(found.get('pools/addresses-staff/addrs'), '10.31.0.0/16')
    assert.equal(found.get('pools/addresses-staff/dns'), '10.20.0.53')
  })

  it('fail/strongswan/without-a-role-of-the-list-there-is-no-connection', () => {
    const sections = (others: object) => {
      const roles = [{ name: 'staff' }, { name: 'admins' }]
      const lines = linesOf(inputOf('strongswan', { roles, ...others }), 'swanctl.conf')
      const settings = readSettings(lines.join('\n')).map(([path]) => path)
      return [...new Set(settings.map((path) => path.split('/').slice(0, 2).join('/')))]
    }
    const named = ['connections/Example-VPN-staff', 'connections/Example-VPN-admins']
    assert.deepEqual(sections({}), named)
    const everybody = ['connections/Example-VPN', 'pools/addresses']
    assert.deepEqual(sections({ withoutRole: 'connection' }), [...named, ...everybody])
  })

  it('ok/without-coa-nothing-listens', () => {
    const silent: Readonly<Partial<Record<GatewayKind, readonly [file: string, absent: RegExp]>>> = {
      hostapd: ['hostapd.conf', /radius_das/],
      'cisco-ios': ['ios.txt', /dynamic-author/],
      'cisco-asa': ['asa.txt', /dynamic-authorization/],
      fortigate: ['fortios.txt', /radius-coa enable/],
      aruba: ['aos-cx.txt', /^radius dyn-authorization enable/m],
      mikrotik: ['sallyport.rsc', /accept=yes port=/],
    }
    for (const [kind, [file, absent]] of Object.entries(silent)) {
      const input = inputOf(kind as GatewayKind) // of the table
      assert.match(linesOf(input, file).join('\n'), absent, kind)
      const { dynamicAuthorization: _, ...without } = input
      assert.doesNotMatch(linesOf(without, file).join('\n'), absent, kind)
    }
    const { dynamicAuthorization: _, ...strongswan } = inputOf('strongswan')
    assert.match(linesOf(strongswan, 'eap-radius.conf').join('\n'), /dae \{\n\s*enable = no\n\s*\}/)
  })

  it('ok/strongswan/gets-the-roots-of-gateways', () => {
    const connections = [exampleVpn({}, OTHER_RADIUS_ROOT)]
    const files = make(inputOf('strongswan', {}, { connections })).filter(({ name }) =>
      name.startsWith('ca-'),
    )
    assert.deepEqual(
      files.map(({ name, mediaType, holdsSecret, content }) => [
        ...[name, mediaType, holdsSecret],
        new X509Certificate(String(content)).subject.split('\n').at(-1),
      ]),
      [
        ['ca-1.pem', 'application/x-pem-file', false, 'CN=Example University Root CA'],
        ['ca-2.pem', 'application/x-pem-file', false, 'CN=Example University Issuing CA'],
      ],
    )
  })
})
