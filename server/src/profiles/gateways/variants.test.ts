import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { GatewayKind } from '../../config/schema.ts'
import type { GatewayInput } from '../gateway-input.ts'
import { GATEWAY_OUTPUTS } from '../gateway-outputs.ts'
import { readSettings } from '../linux/test/settings-reader.ts'
import { isObstacle } from '../profile-output.ts'
import { exampleVpn, exampleWifi, exampleWired } from '../testing/example-input.ts'
import { assertGolden, type Field } from '../testing/golden.ts'
import { nftablesFile } from './nftables.ts'
import { ALL_KINDS, inputOf, withWired } from './test/kind-inputs.ts'

const linesOf = (input: GatewayInput, name: string): readonly string[] => {
  const file = GATEWAY_OUTPUTS[input.gateway.kind].make(input).find((one) => one.name === name)
  assert.ok(file !== undefined, name)
  assert.ok(String(file.content).endsWith('\n'), 'the last line ends')
  return String(file.content)
    .replace(/^\ufeff/, '')
    .trimEnd()
    .split(/\r?\n/)
}
const golden = (name: string): URL => new URL(`./test/${name}.golden`, import.meta.url)
const asLines = (lines: readonly string[]): Field[] => lines.map((line) => ['', line])
const asTyped = (lines: readonly string[]): Field[] =>
  lines.map((line) => [line.slice(0, line.indexOf(' = ')), line.slice(line.indexOf(' = ') + 3)])
const withoutCoa = (input: GatewayInput): GatewayInput => {
  const { dynamicAuthorization: _, ...without } = input
  return without
}
const ONE_SERVER = { radiusServers: ['10.20.0.5'] }
const BARE = { outside: { interface: 'ether1' }, inside: {} }
const EVERY_TUNNEL = {
  ...{ tunnelTypes: ['ikev2', 'sstp', 'l2tp', 'pptp'], authentication: 'mschapv2' },
  preSharedKey: "a shared key of Bob's",
}
const CBC = {
  ike: { encryption: 'aes128', integrity: 'sha384', dhGroup: 'modp2048' },
  esp: { encryption: 'aes128', integrity: 'sha256', pfsGroup: 'none' },
}

describe('gateways, other settings', () => {
  it('ok/titles', () =>
    assertGolden(
      ALL_KINDS.map((kind): Field => [kind, GATEWAY_OUTPUTS[kind].title]),
      golden('titles'),
    ))

  it('ok/mikrotik/every-tunnel', () => {
    const dns = ['10.20.0.53', '10.20.0.54']
    const connections = [exampleVpn({ ...EVERY_TUNNEL, cryptography: CBC })]
    const input = inputOf('mikrotik', { ...ONE_SERVER, ...BARE, dns }, { connections })
    assertGolden(asLines(linesOf(withoutCoa(input), 'sallyport.rsc')), golden('mikrotik-ppp'))
  })

  it('ok/mikrotik/one-tunnel-of-ppp-alone', () => {
    for (const [type, server] of [
      ['l2tp', '/interface l2tp-server server'],
      ['sstp', '/interface sstp-server server'],
      ['pptp', '/interface pptp-server server'],
    ] as const) {
      const connections = [exampleVpn({ tunnelTypes: [type], authentication: 'mschapv2' })]
      const lines = linesOf(inputOf('mikrotik', { dns: [] }, { connections }), 'sallyport.rsc')
      assert.deepEqual(
        lines.filter((line) => /^\/(interface|ppp profile|ip ipsec peer)/.test(line)),
        ['/ppp profile', server],
      )
      assert.ok(
        lines.includes(
          'add name=sallyport local-address=10.20.0.1 remote-address=sallyport use-encryption=required',
        ),
      )
      // By certificates there is no key.
      const l2tp = 'set enabled=yes authentication=mschap2 default-profile=sallyport use-ipsec=required'
      assert.equal(lines.includes(l2tp), type === 'l2tp')
    }
  })

  it('ok/mikrotik/networks-of-a-split-tunnel, and-its-dns', () => {
    const connections = [
      exampleVpn({
        routing: 'split',
        routes: [
          ...[{ prefix: '10.20.0.0/16' }, { prefix: '10.20.9.0/24', exclude: true }],
          ...[{ prefix: '2001:db8::/32' }, { prefix: '10.21.0.0/16' }],
        ],
      }),
    ]
    const lines = linesOf(inputOf('mikrotik', { dns: [] }, { connections }), 'sallyport.rsc')
    assert.ok(
      lines.includes(
        'add name=sallyport responder=yes address-pool=sallyport split-include=10.20.0.0/16,10.21.0.0/16 system-dns=no',
      ),
    )
  })

  it('ok/mikrotik/coa-of-servers-by-ipv4, fail/of-everybody-where-there-is-none', () => {
    const coa = (radiusServers: readonly string[]) =>
      linesOf(inputOf('mikrotik', { ...BARE, radiusServers }), 'sallyport.rsc').filter((line) =>
        line.includes('dst-port=3799'),
      )
    assert.deepEqual(coa(['10.20.0.5', '2001:db8::5']), [
      'add chain=input action=accept place-before=0 protocol=udp dst-port=3799 src-address=10.20.0.5 comment=sallyport',
    ])
    assert.deepEqual(coa(['2001:db8::5']), [])
  })

  it('ok/mikrotik/ports-without-vpn', () => {
    const lines = linesOf(withoutCoa(inputOf('mikrotik', BARE, withWired())), 'sallyport.rsc')
    assert.ok(lines.some((line) => line.includes(' service=dot1x,wireless ')))
    assert.ok(!lines.includes('/ip firewall filter'))
    const wpa3 = { connections: [exampleWifi({ security: 'wpa3' })] }
    const wifi = linesOf(inputOf('mikrotik', {}, wpa3), 'sallyport.rsc')
    assert.ok(
      wifi.includes(
        'add name=sallyport authentication-types=wpa3-eap management-protection=required eap-accounting=yes',
      ),
    )
    assert.ok(wifi.includes('add name=sallyport ssid="example" hide-ssid=no security=sallyport'))
  })

  it('ok/unifi/wired-and-hidden', () => {
    const connections = [exampleWired(), exampleWifi({ hidden: true, security: 'wpa3-192' })]
    const input = withoutCoa(inputOf('unifi', {}, { connections }))
    assertGolden(asTyped(linesOf(input, 'fields.txt')), golden('unifi-wired'))
    const wpa3 = inputOf('unifi', {}, { connections: [exampleWifi({ security: 'wpa3' })] })
    assert.ok(
      linesOf(wpa3, 'fields.txt').includes('Settings > WiFi > Create > Security Protocol = WPA3 Enterprise'),
    )
  })

  it('ok/nftables/gateway', () =>
    assertGolden(asLines(linesOf(inputOf('strongswan'), 'firewall-gateway.nft')), golden('nft-gateway')))

  it('ok/nftables/server', () => {
    const input = inputOf('strongswan')
    const client = { ...input.client, address: '10.20.0.0/24' }
    assertGolden(asLines(linesOf({ ...input, client }, 'firewall-server.nft')), golden('nft-server'))
    const addressed = (address: string) =>
      linesOf({ ...input, client: { ...client, address } }, 'firewall-server.nft').slice(-2)
    assert.match(addressed('fe80::1%eth0')[1] ?? '', / ip6 saddr fe80::1 udp /)
    assert.match(addressed('2001:db8::/64')[1] ?? '', / ip6 saddr 2001:db8::\/64 udp /)
    assert.deepEqual(addressed('vpn.example.org'), [
      '# The client is a DNS name: put its addresses here instead of everybody (ip saddr ADDRESS).',
      'insert rule inet filter input udp dport { 1812, 1813 } accept comment "sallyport vpn-1"',
    ])
    const named = inputOf('strongswan', { name: 'Tor "Büro"\u200b', outside: {}, inside: {} })
    const lines = String(nftablesFile(named, 'gateway').content).split('\n')
    assert.equal(lines[1], '# On the gateway: what Tor "Büro"? needs.')
    assert.equal(
      lines[6],
      'insert rule inet filter input udp dport { 500, 4500 } accept comment "sallyport Tor-Buro"',
    )
    const unwritable = String(nftablesFile(inputOf('strongswan', { name: '中文' }), 'gateway').content)
    assert.match(unwritable, / comment "sallyport gateway"\n/)
    // Not the sentence about DNS names, which is for the server alone.
    assert.ok(!lines.some((line) => line.includes('DNS name')))
  })

  it('ok/nothing-of-vpn-is-opened-for-ports', () => {
    const input = withoutCoa(inputOf('hostapd'))
    assert.equal(
      linesOf(input, 'firewall-gateway.nft').filter((line) => line.startsWith('insert ')).length,
      0,
    )
    const l2tp = inputOf('rras', {}, { connections: [exampleVpn({ tunnelTypes: ['l2tp'] })] })
    const ports = linesOf(withoutCoa(l2tp), 'firewall-gateway.ps1').flatMap((line) =>
      Array.from(line.matchAll(/-LocalPort ([\d, ]*\d)/g), ([, listed]) => listed),
    )
    assert.deepEqual(ports, ['500, 4500', '1701'])
    const sstp = inputOf('rras', {}, { connections: [exampleVpn({ tunnelTypes: ['sstp'] })] })
    const rules = linesOf(withoutCoa(sstp), 'firewall-gateway.ps1').filter((line) => line.startsWith('New-'))
    assert.equal(rules.length, 1)
    assert.match(rules[0] ?? '', / -LocalPort 443 /)
    assert.ok(!linesOf(sstp, 'firewall-gateway.ps1').some((line) => line.includes('RRAS-L2TP')))
  })

  it('ok/nps-proxy/firewall', () =>
    assertGolden(
      asLines(linesOf(withoutCoa(inputOf('nps-proxy', {}, withWired())), 'firewall-gateway.ps1')),
      golden('nps-firewall'),
    ))

  it('ok/windows/cards-without-a-name', () => {
    const lines = linesOf(inputOf('nps-proxy', { outside: {}, inside: {} }), 'nps-proxy.ps1')
    assert.deepEqual(lines.slice(-2), [
      '# Outer card: its name was not given (gateways: outside.interface); see READ-ME.md.',
      '# Inner card: its name was not given (gateways: inside.interface); see READ-ME.md.',
    ])
    const noDns = { outside: {}, inside: { interface: 'LAN' } }
    assert.deepEqual(linesOf(inputOf('nps-proxy', noDns), 'nps-proxy.ps1').slice(-2), [
      "$inside = 'LAN'",
      'Set-NetIPInterface -InterfaceAlias $inside -InterfaceMetric 10',
    ])
    const firewall = linesOf(inputOf('rras', { outside: {}, inside: {} }), 'firewall-gateway.ps1')
    assert.ok(!firewall.some((line) => line.includes('-InterfaceAlias')))
  })

  it('ok/rras/two-servers', () =>
    assert.deepEqual(
      linesOf(inputOf('rras'), 'rras.ps1').filter((line) => /-RadiusServer|RemoteAccessRadius/.test(line)),
      [
        "Set-VpnAuthType -Type ExternalRadius -RadiusServer '10.20.0.5' -SharedSecret $secret -RadiusPort 1812 -RadiusTimeout 5 -RadiusScore 30 -MsgAuthenticator Enabled",
        "Add-RemoteAccessRadius -ServerName '10.20.0.5' -SharedSecret $secret -Purpose Accounting -Port 1813 -Timeout 5 -Score 30 -MsgAuthenticator Enabled -AccountingOnOffMsg Enabled",
        "Add-RemoteAccessRadius -ServerName '10.20.0.6' -SharedSecret $secret -Purpose Authentication -Port 1812 -Timeout 5 -Score 29 -MsgAuthenticator Enabled",
        "Add-RemoteAccessRadius -ServerName '10.20.0.6' -SharedSecret $secret -Purpose Accounting -Port 1813 -Timeout 5 -Score 29 -MsgAuthenticator Enabled -AccountingOnOffMsg Enabled",
      ],
    ))

  it('ok/rras/encryption', () => {
    for (const [encryption, word] of [
      ['required', 'RequireEncryption'],
      ['maximum', 'MaximumEncryption'],
      ['optional', 'OptionalEncryption'],
      ['none', 'NoEncryption'],
    ]) {
      const lines = linesOf(inputOf('rras', {}, { connections: [exampleVpn({ encryption })] }), 'rras.ps1')
      assert.ok(lines.some((line) => line.endsWith(` -EncryptionType ${String(word)}`)))
    }
    // The key of a connection without L2TP, or with L2TP by certificates, is nobody's.
    for (const written of [
      { tunnelTypes: ['sstp'], l2tpMachineAuthentication: 'psk', preSharedKey: 'a key of eighteen' },
      { tunnelTypes: ['l2tp'], preSharedKey: 'a key of eighteen', l2tpMachineAuthentication: 'certificate' },
      { tunnelTypes: ['l2tp'], l2tpMachineAuthentication: 'psk' },
    ]) {
      const lines = linesOf(inputOf('rras', {}, { connections: [exampleVpn(written)] }), 'rras.ps1')
      assert.ok(
        lines.includes(
          'Set-VpnAuthProtocol -UserAuthProtocolAccepted EAP -TunnelAuthProtocolsAdvertised Certificates -CertificateAdvertised $certificate',
        ),
      )
    }
  })

  it('ok/what-is-not-given-is-left-out', () => {
    const bare = { dns: [], ...BARE }
    const asa = linesOf(inputOf('cisco-asa', { ...bare, inside: { interface: 'lan' } }), 'asa.txt')
    assert.ok(!asa.some((line) => line.includes('dns-server')))
    const ios = linesOf(inputOf('cisco-ios', bare), 'ios.txt')
    assert.ok(!ios.some((line) => /^ dns|source-interface/.test(line)))
    const noPool = linesOf(inputOf('cisco-ios', { ...bare, addressPool: undefined }), 'ios.txt')
    assert.ok(!noPool.some((line) => /pool|authorization policy|group eap list/.test(line)))
    assert.ok(!noPool.includes('dot1x system-auth-control'), 'no port without a wired connection')
    const fortigate = linesOf(inputOf('fortigate', bare), 'fortios.txt')
    assert.ok(!fortigate.some((line) => /nas-ip|source-ip|dns-mode/.test(line)))
    const nameless = { ...bare, addressPool: undefined }
    for (const [kind, left] of [
      ['pfsense', /Pool|DNS/],
      ['opnsense', /Network|DNS/],
      ['draytek', /IP Address Assignment/],
    ] as const) {
      assert.ok(!linesOf(inputOf(kind, nameless), 'fields.txt').some((line) => left.test(line)))
    }
    assert.ok(
      linesOf(inputOf('opnsense', nameless), 'fields.txt').includes(
        'VPN > IPsec > Connections > Add > Pools = radius',
      ),
    )
    const sections = readSettings(linesOf(inputOf('strongswan', nameless), 'swanctl.conf').join('\n'))
    assert.ok(!sections.some(([path]) => path.startsWith('pools')))
    assert.ok(
      !linesOf(inputOf('strongswan', nameless), 'swanctl.conf').some((line) => line.startsWith('pools')),
    )
    const coaLess = linesOf(withoutCoa(inputOf('fortigate')), 'fortios.txt')
    assert.ok(coaLess.includes('set radius-coa disable'))
    const noVpn = linesOf(inputOf('pfsense', {}, withWired()), 'fields.txt')
    assert.ok(!noVpn.some((line) => line.includes('Proposal')))
    const roles = [{ name: 'staff', addressPool: '10.31.0.0/16' }]
    const dnsLess = readSettings(
      linesOf(inputOf('strongswan', { ...bare, roles }), 'swanctl.conf').join('\n'),
    )
    assert.ok(!dnsLess.some(([path]) => path.endsWith('/dns')))
    const aruba = linesOf(withoutCoa(inputOf('aruba', { vlans: [42, 43] })), 'aos-cx.txt')
    assert.deepEqual(
      aruba.filter((line) => /^vlan|^no radius/.test(line)),
      ['no radius dyn-authorization enable', 'vlan 42', 'vlan 43'],
    )
    const one = linesOf(inputOf('draytek', ONE_SERVER), 'fields.txt')
    assert.ok(!one.some((line) => line.includes('Secondary Server')))
    const dae = new Map(
      readSettings(linesOf(inputOf('strongswan', { inside: {} }), 'eap-radius.conf').join('\n')),
    )
    assert.equal(dae.get('eap-radius/dae/listen'), '0.0.0.0')
  })

  it('ok/several-of-a-kind', () => {
    const three = { radiusServers: ['10.20.0.5', '10.20.0.6', '10.20.0.7'], interimSeconds: 30 }
    const fortigate = linesOf(inputOf('fortigate', three, withWired()), 'fortios.txt')
    assert.deepEqual(
      fortigate.filter((line) => /^set (\w+-)?server|^set (\w+-)?secret|interim/.test(line)).slice(0, 7),
      [
        'set server "10.20.0.5"',
        'set secret "a-secret-of-the-gateway"',
        'set secondary-server "10.20.0.6"',
        'set secondary-secret "a-secret-of-the-gateway"',
        'set tertiary-server "10.20.0.7"',
        'set tertiary-secret "a-secret-of-the-gateway"',
        'set acct-interim-interval 60',
      ],
    )
    const servers = { radiusServers: ['10.20.0.5', '10.20.0.6'], dns: ['10.20.0.53', '10.20.0.54'] }
    for (const [kind, ...wanted] of [
      [
        ...['pfsense', 'VPN > IPsec > Mobile Clients > User Authentication = sallyport-1, sallyport-2'],
        'VPN > IPsec > Mobile Clients > DNS Servers = 10.20.0.53, 10.20.0.54',
      ],
      [
        'opnsense',
        'VPN > IPsec > Mobile & Advanced Settings > Radius (eap-radius) = sallyport-1, sallyport-2',
        'VPN > IPsec > Connections > Pools > DNS = 10.20.0.53, 10.20.0.54',
      ],
    ]) {
      const lines = linesOf(inputOf(kind as GatewayKind, servers), 'fields.txt') // of the table
      for (const line of wanted) assert.ok(lines.includes(line), line)
    }
    const swanctl = readSettings(linesOf(inputOf('strongswan', servers), 'swanctl.conf').join('\n'))
    assert.equal(new Map(swanctl).get('pools/addresses/dns'), '10.20.0.53,10.20.0.54')
    const routes = [{ prefix: '10.20.0.0/16' }, { prefix: '10.21.0.0/16' }]
    const split = { connections: [exampleVpn({ routing: 'split', routes })] }
    const pfsense = linesOf(inputOf('pfsense', {}, split), 'fields.txt')
    assert.ok(
      pfsense.includes('VPN > IPsec > Tunnels > Mobile Phase 2 > Local network = 10.20.0.0/16, 10.21.0.0/16'),
    )
    const draytek = { connections: [exampleVpn(EVERY_TUNNEL)] }
    assert.ok(
      linesOf(inputOf('draytek', {}, draytek), 'fields.txt').includes(
        'VPN and Remote Access > Remote Access Control > Services = ikev2, sstp, l2tp, pptp',
      ),
    )
    // A page without a VPN among its connections says nothing of IPsec.
    assert.ok(
      !linesOf(inputOf('fortigate', {}, withWired()), 'fortios.txt')
        .join('\n')
        .includes('vpn ipsec'),
    )
  })

  it('ok/cisco-asa/routes-of-a-split-tunnel', () => {
    const routes = [
      ...[{ prefix: '10.20.7.9/16' }, { prefix: '10.20.9.0/24', exclude: true }],
      { prefix: '2001:db8::/32' },
    ]
    const lines = linesOf(
      inputOf('cisco-asa', {}, { connections: [exampleVpn({ routing: 'split', routes })] }),
      'asa.txt',
    )
    assert.deepEqual(
      lines.filter((line) => line.startsWith('access-list')),
      ['access-list SALLYPORT-SPLIT standard permit 10.20.0.0 255.255.0.0'],
    )
    const full = linesOf(
      inputOf('cisco-asa', {}, { connections: [exampleVpn({ routing: 'full', routes })] }),
      'asa.txt',
    )
    assert.ok(!full.some((line) => line.startsWith('access-list')))
  })

  it('ok/hostapd/comments, and-message-authenticator-of-coa', () => {
    const connections = [exampleWifi({ ssid: 'Büro' })]
    const input = inputOf('hostapd', {}, { connections })
    const lines = linesOf(input, 'hostapd.conf')
    assert.deepEqual(
      lines.filter((line) => line.startsWith('#')),
      ['# country_code=DE, hw_mode, channel: as your radio and your country want them', '# ssid: Büro'],
    )
    const coa = (messageAuthenticator: boolean) =>
      linesOf(
        { ...input, dynamicAuthorization: { port: 3799, secret: 'x', messageAuthenticator } },
        'hostapd.conf',
      ).at(-1)
    assert.equal(coa(true), 'radius_das_require_message_authenticator=1')
    assert.equal(coa(false), 'radius_das_require_message_authenticator=0')
    const fifteen = inputOf('hostapd', { vlans: [42], outside: { interface: 'wlan-floor-2' } })
    assert.deepEqual(linesOf(fifteen, 'hostapd.vlan'), ['42 wlan-floor-2.42 br42'])
    const wired = GATEWAY_OUTPUTS.hostapd.make(inputOf('hostapd', { vlans: [42] }, withWired()))
    assert.ok(!wired.some(({ name }) => name === 'hostapd.vlan'))
  })

  it('fail/made-in-spite-of-an-obstacle', () => {
    for (const input of [
      inputOf('cisco-asa', { addressPool: undefined }),
      inputOf('cisco-asa', {}, withWired()),
      inputOf('rras', { addressPool: undefined }),
      inputOf('rras', {}, withWired()),
      inputOf('hostapd', { outside: {} }),
      inputOf('hostapd', {}, { connections: [exampleVpn()] }),
    ])
      assert.throws(
        () => GATEWAY_OUTPUTS[input.gateway.kind].make(input),
        /^Error: made in spite of an obstacle$/,
      )
    const [finding] = GATEWAY_OUTPUTS.unifi.findings(inputOf('unifi', {}, { connections: [exampleVpn()] }))
    assert.equal(finding?.code, 'tunnel-type-not-served')
  })

  it('ok/secrets', () => {
    const taken = (kind: GatewayKind, secret: string) => {
      const others = { secret, dynamicAuthorization: { port: 3799, secret, messageAuthenticator: true } }
      return GATEWAY_OUTPUTS[kind].findings(inputOf(kind, {}, others)).filter(isObstacle)
    }
    const printable = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index))
    const rows = ALL_KINDS.map((kind): Field => {
      const longest = [127, 128, 255, 2000].findLast((octets) => taken(kind, 'x'.repeat(octets)).length === 0)
      assert.ok(longest !== undefined)
      const [tooLong] = taken(kind, 'x'.repeat(longest + 1))
      const [, octets, where, most] =
        /^The shared secret has (\d+) octets; (.*) takes (\d+)\. Make a new one: \{generate: true\}\.$/.exec(
          tooLong?.message ?? '',
        ) ?? []
      assert.deepEqual([octets, most], [String(longest + 1), String(longest)])
      const refused = printable.filter((character) => taken(kind, `a${character}b`).length > 0)
      const words = refused.map((character) => `U+00${character.charCodeAt(0).toString(16).toUpperCase()}`)
      const beyond = taken(kind, 'schlüssel').length === 0 ? 'beyond ASCII' : 'ASCII'
      const how = words.length === 0 ? 'all' : `not ${words.join(' ')}`
      return [kind, `${String(where)}: ${String(longest)} octets, ${beyond}, ${how}`]
    })
    assertGolden(rows, golden('secrets'))
    for (const kind of ['draytek', 'opnsense', 'pfsense', 'unifi'] as const) {
      assert.deepEqual(taken(kind, 'blanks within it'), [])
      for (const secret of [' blank-before', 'blank-behind ']) assert.equal(taken(kind, secret).length, 1)
    }
    assert.equal(taken('nps-proxy', 'ends-with\\').length, 1)
  })
})
