import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import type { WifiConnection } from '../../../config/schema.ts'
import type { ProfileInput } from '../../profile-input.ts'
import {
  EXAMPLE_PERSON,
  exampleVpn,
  exampleWifi,
  exampleWired,
  OTHER_RADIUS_ROOT,
} from '../../testing/example-input.ts'
import { assertGolden, type Field } from '../../testing/golden.ts'
import { UnwritableText } from '../../unwritable-text.ts'
import { type XmlNode, xmlDocument } from '../../xml-text.ts'
import { AS_SYSTEM, alwaysOnScript, BRIDGE, DEVICE_CHECKS, SIGNED_IN } from '../always-on-script.ts'
import { cspName } from '../csp-name.ts'
import { wlanProfile } from '../dot1x-xml.ts'
import { eapSettings } from '../eap-settings.ts'
import { eapHostConfig } from '../eap-xml.ts'
import { phoneBook } from '../phone-book.ts'
import { deviceProfileXml, userProfileXml } from '../profile-xml.ts'
import { removeScript } from '../remove-script.ts'
import { repairScript } from '../repair-script.ts'
import * as prelude from '../script-prelude.ts'
import { setUpScript } from '../set-up-script.ts'
import { MOVE_ENTRY, toAllUsersScript } from '../to-all-users-script.ts'
import { FULL_TUNNEL, OWN_CERTIFICATE } from './golden-inputs.ts'
import { xmlFields } from './xml-fields.ts'

const golden = (name: string): URL => new URL(`golden/${name}.golden`, import.meta.url)
const has = (script: readonly string[], line: string) => assert.ok(script.includes(line), line)
const starting = (script: readonly string[], start: string) => script.filter((line) => line.startsWith(start))

describe('functions of scripts of Windows', () => {
  it('ok/line-by-line', () => {
    const blocks: Readonly<Record<string, readonly string[]>> = {
      ...{ PRELUDE: prelude.PRELUDE, FINISH: prelude.FINISH, NEEDS_ELEVATION: prelude.NEEDS_ELEVATION },
      ...{ INVOKE_ELEVATED: prelude.INVOKE_ELEVATED, INSTALL_AUTHORITY: prelude.INSTALL_AUTHORITY },
      ...{ REMOVE_CONNECTION: prelude.REMOVE_CONNECTION, SET_PHONE_BOOK: prelude.SET_PHONE_BOOK },
      ...{ FIND_CERTIFICATE: prelude.FIND_CERTIFICATE, MOVE_ENTRY, BRIDGE },
      ...{ DEVICE_CHECKS, AS_SYSTEM, SIGNED_IN },
    }
    const fields = Object.entries(blocks).flatMap(([name, lines]) => lines.map((line): Field => [name, line]))
    assertGolden(fields, golden('script-functions'))
  })
})

describe('scripts of Windows, one choice at a time', () => {
  it('ok/wired', () => {
    const certificate: ProfileInput['certificate'] = {
      kind: 'installed',
      windowsEnrolment: {
        ...{ policyUrl: 'https://ca.example.org/CEP', template: 'Machine', authentication: 'password' },
      },
    }
    const input = exampleWired({ identity: 'machine' }, { certificate, ...OTHER_RADIUS_ROOT })
    const blocks = new Set(
      [
        ...[prelude.PRELUDE, prelude.INVOKE_ELEVATED, prelude.INSTALL_AUTHORITY],
        ...[prelude.FIND_CERTIFICATE, prelude.FINISH],
      ].map((block) => block.join('\n')),
    )
    let text = setUpScript(input, 'person').join('\n')
    for (const block of blocks) {
      assert.ok(text.includes(`${block}\n`) || text.endsWith(`\n${block}`), block)
      text = text.replace(`${block}\n`, () => '').replace(`\n${block}`, () => '')
    }
    const lines = text
      .replaceAll(/@'\n[\s\S]*?\n'@/g, "@'...'@")
      .split('\n')
      .filter((line) => !/^\s*'[A-Za-z0-9+/]+={0,2}'( \+)?$/.test(line))
    assertGolden(
      lines.map((line): Field => ['', line]),
      golden('script-wired'),
    )
    const ticket = { ...certificate.windowsEnrolment, authentication: 'kerberos' as const }
    const withTicket = { ...input, certificate: { ...certificate, windowsEnrolment: ticket } } as ProfileInput
    has(
      setUpScript(withTicket, 'person'),
      "  $enrolled = Get-Certificate -Url 'https://ca.example.org/CEP' -Template 'Machine' -CertStoreLocation 'Cert:\\LocalMachine\\My'",
    )
  })

  it('ok/store-of-who-logs-in', () => {
    const own = (input: ProfileInput) =>
      starting(setUpScript(input, 'person'), '    $null = Import-PfxCertificate').join()
    const certificate = OWN_CERTIFICATE
    assert.match(own(exampleWifi({ identity: 'machine' }, { certificate })), /'Cert:\\LocalMachine\\My'/)
    for (const input of [exampleWifi({}, { certificate }), exampleVpn({}, { certificate })]) {
      assert.match(own(input), /'Cert:\\CurrentUser\\My'/)
    }
  })

  it('ok/wifi-of-the-person', () => {
    const script = setUpScript(exampleWifi(), 'person')
    has(script, "  & netsh.exe wlan add profile ('filename=' + $file) user=current | Out-Null")
    assert.ok(!script.includes(prelude.NEEDS_ELEVATION[0] ?? ''))
  })

  it('ok/triggers', () => {
    const rules = [
      { suffix: '.a.example', servers: ['10.0.0.1'], autoTrigger: true },
      { suffix: '.b.example', servers: ['10.0.0.2'] },
      { suffix: 'c.example' },
    ]
    const triggers = (scope: 'person' | 'all-users', written: object) =>
      starting(setUpScript(exampleVpn({ ...written }), scope), 'Add-VpnConnectionTrigger')
    assert.deepEqual(triggers('person', { dns: { rules } }), [
      "Add-VpnConnectionTriggerDnsConfiguration -ConnectionName $name -DnsSuffix '.a.example' -DnsIPAddress @('10.0.0.1') -Force",
      "Add-VpnConnectionTriggerDnsConfiguration -ConnectionName $name -DnsSuffix 'c.example' -Force",
    ])
    assert.deepEqual(triggers('all-users', { dns: { rules }, trustedNetworks: ['a.example'] }), [])
  })

  it('ok/rules-that-persist', () => {
    const rules = [
      { suffix: '.a.example', servers: ['10.0.0.1'], persistent: true },
      { suffix: '.b.example', servers: ['10.0.0.2'] },
      { suffix: '.c.example', persistent: true },
    ]
    assert.deepEqual(starting(setUpScript(exampleVpn({ dns: { rules } }), 'person'), '  $null = Add-Dns'), [
      "  $null = Add-DnsClientNrptRule -Namespace '.a.example' -NameServers @('10.0.0.1') -Comment 'Sallyport: Example VPN'",
    ])
  })

  it('ok/one-suffix', () =>
    assert.deepEqual(
      starting(setUpScript(exampleVpn({ dns: { suffixes: ['a.example'] } }), 'person'), '  DnsSuffix'),
      ["  DnsSuffix = 'a.example'"],
    ))

  it('ok/without-device-tunnel', () => {
    const input = exampleVpn()
    has(alwaysOnScript(input), 'param([string] $UserSid)')
    for (const script of [alwaysOnScript(input), removeScript(input), repairScript(input)])
      assert.ok(!/DeviceTunnelOnly|Device Tunnel|Device%20Tunnel|\$deviceName/.test(script.join('\n')))
    has(repairScript(input), "$names = @('Example VPN')")
  })

  it('fail/shared-key-missing', () => {
    const input = exampleVpn({ tunnelTypes: ['l2tp'], l2tpMachineAuthentication: 'psk' })
    const error = { code: 'windows-shared-key', message: 'made in spite of an obstacle' }
    assert.throws(() => setUpScript(input, 'person'), error)
    assert.throws(() => toAllUsersScript(input), error)
    assert.throws(() => userProfileXml(input), error)
  })

  it('ok/proxy', () => {
    const proxyOf = (written: Record<string, unknown>) =>
      starting(setUpScript(exampleVpn(written), 'person'), 'Set-VpnConnectionProxy')
    assert.deepEqual(proxyOf(FULL_TUNNEL), [
      ...Array<string>(2).fill(
        "Set-VpnConnectionProxy -ConnectionName $name -AutoConfigurationScript 'https://proxy.example.org/proxy.pac' -ExceptionPrefix @('*.example.org')",
      ),
    ])
    const proxy = { server: 'proxy.example.org:3128' }
    assert.deepEqual(proxyOf({ proxy }), [
      "Set-VpnConnectionProxy -ConnectionName $name -ProxyServer 'proxy.example.org:3128' -BypassProxyForLocal",
    ])
    assert.deepEqual(proxyOf({ proxy, routing: 'split', routes: [{ prefix: '10.0.0.0/8' }] }), [])
    assert.deepEqual(proxyOf({ proxy: { bypassLocal: true } }), [])
  })

  it('ok/routes', () => {
    const routes = [{ prefix: '10.200.255.129/8', metric: 5 }, { prefix: '2001:db8:1::1/48' }]
    assert.deepEqual(
      starting(setUpScript(exampleVpn({ routing: 'split', routes }), 'person'), 'Add-VpnConnectionRoute'),
      [
        "Add-VpnConnectionRoute -ConnectionName $name -DestinationPrefix '10.0.0.0/8' -RouteMetric 5",
        "Add-VpnConnectionRoute -ConnectionName $name -DestinationPrefix '2001:db8:1:0:0:0:0:0/48'",
      ],
    )
  })

  it('ok/does-not-come-up-again-by-itself', () =>
    assert.match(
      starting(setUpScript(exampleVpn({ reconnect: false }), 'person'), 'Set-PhoneBook (').join(),
      /RedialOnLinkFailure = '0'/,
    ))

  it('ok/remove', () => {
    const wifi = removeScript(exampleWifi({ title: "Bob's" }))
    has(wifi, "& netsh.exe wlan delete profile ('name=' + 'Bob''s') | Out-Null")
    has(wifi, "Write-Step 'Removed the Wi-Fi, where it was there.'")
    const wired = removeScript(exampleWired())
    const at = wired.indexOf("& netsh.exe lan delete profile 'interface=*' | Out-Null")
    assert.equal(wired[at - 1], prelude.NEEDS_ELEVATION[0])
    assert.equal(wired[at + 1], "Write-Step 'Wired cards have no profile of 802.1X any more.'")
  })
})

describe('files of Windows, one choice at a time', { skip: skipReason('python3-lxml') }, () => {
  const read = (root: XmlNode | undefined) => xmlFields([xmlDocument(root ?? assert.fail())])[0] ?? []
  const values = (fields: readonly Field[], end: string) =>
    fields.filter(([path]) => path.endsWith(end)).map(([, value]) => value)

  it('ok/eap', () => {
    const eap = (written: Record<string, unknown>, others: Partial<ProfileInput> = {}) =>
      read(
        eapHostConfig(
          eapSettings(exampleVpn(written, { person: EXAMPLE_PERSON, ...others })) ?? assert.fail(),
        ),
      )
    const two = {
      radiusServer: {
        ...OTHER_RADIUS_ROOT.radiusServer,
        names: ['radius1.example.org', 'radius2.example.org'],
      },
    }
    const ttls = eap({ authentication: 'ttls-pap', anonymousIdentity: false }, two)
    assert.deepEqual(values(ttls, '/IdentityPrivacy'), ['false'])
    assert.deepEqual(values(ttls, '/AnonymousIdentity'), [])
    assert.deepEqual(values(ttls, '/ServerNames'), ['radius1\\.example\\.org;radius2\\.example\\.org'])
    assert.deepEqual(values(ttls, '/TrustedRootCAHash'), [
      '1d 93 90 14 3d 02 f1 f7 a6 6b f1 eb 9f 8f 03 06 22 d6 1c 17',
    ])
    // One that is there already may come from any CA: no filter by issuer.
    assert.deepEqual(values(eap({}, { certificate: { kind: 'installed' } }), '/IssuerHash'), [])
    const named = eap({ authentication: 'peap-mschapv2', anonymousIdentity: false })
    assert.deepEqual(values(named, '/EnableIdentityPrivacy'), [])
    const signedIn = eap({ authentication: 'peap-mschapv2', useLogonCredentials: true })
    assert.deepEqual(values(signedIn, '/UseWinLogonCredentials'), ['true'])
  })

  it('ok/profile', () => {
    const profile = (written: Record<string, unknown>) => read(userProfileXml(exampleVpn(written)))
    assert.deepEqual(values(profile({ encryption: 'maximum' }), '/DataEncryption'), [])
    assert.deepEqual(values(profile({ ...FULL_TUNNEL, encryption: 'required' }), '/DataEncryption'), [])
    const sstp = profile({ ...FULL_TUNNEL, tunnelTypes: ['sstp'] })
    assert.deepEqual(values(sstp, '/DataEncryption'), ['Max'])
    // Suites and the shared key are of IPsec.
    assert.deepEqual(
      sstp.filter(([path]) => /CryptographySuite|L2tpPsk/.test(path)),
      [],
    )
    const ikev2 = profile({ ...FULL_TUNNEL, tunnelTypes: ['ikev2'], authentication: 'eap-tls' })
    assert.deepEqual(values(ikev2, '/L2tpPsk'), [])
    assert.deepEqual(values(profile({}), '/RegisterDNS'), [])
    const device = exampleVpn({ deviceTunnel: { routes: ['10.0.0.10/32'] } })
    assert.deepEqual(values(read(deviceProfileXml(device)), '/RegisterDNS'), [])
  })

  it('ok/wifi', () => {
    const manual = read(wlanProfile(exampleWifi({ autoConnect: false })))
    assert.deepEqual(values(manual, '/connectionMode'), ['manual'])
    const input = exampleWifi()
    // No schema lets it in; without EAP there would be a profile that asks for nothing.
    const authentication = 'mschapv2' as string as WifiConnection['authentication']
    const plain = { ...input, connection: { ...input.connection, authentication } }
    assert.throws(() => wlanProfile(plain), new TypeError('802.1X without EAP'))
  })

  it('ok/phone-book', () => {
    const book = phoneBook(exampleVpn(FULL_TUNNEL).connection)
    const sections = book.split('\r\n\r\n[')
    assert.equal(sections.length, 2)
    assert.equal(book.replaceAll('\r\n', '').includes('\n'), false)
    assert.match(sections[0] ?? '', /\r\nIpSecFlags=1\r\n/)
    assert.match(sections[1] ?? '', /\r\nIpSecFlags=0\r\n/)
    const machine = exampleVpn({ tunnelTypes: ['l2tp'], authentication: 'mschapv2' })
    assert.match(phoneBook(machine.connection), /\r\nIpSecFlags=0\r\n/)
    assert.match(book, /\r\nIpDnsSuffix=\r\n/)
    assert.match(book, /\r\nCacheCredentials=0\r\n/)
    assert.match(book, /\r\n\r\nNETCOMPONENTS=\r\nms_msclient=1\r\nms_server=1\r\n\r\nMEDIA=rastapi\r\n/)
    assert.match(book, /\r\n\r\nDEVICE=vpn\r\n/)
    const eap = phoneBook(exampleVpn({ authentication: 'eap-mschapv2' }).connection)
    assert.match(eap, /\r\nCustomAuthKey=26\r\nAuthRestrictions=128\r\n/)
  })

  it('fail/phone-book', () => {
    const { connection } = exampleVpn()
    const books = (text: string) => [
      { ...connection, title: text },
      { ...connection, gateways: [{ address: text }] },
      { ...connection, dns: { ...connection.dns, suffixes: [text] } },
    ]
    for (const text of ['a\nb', 'a]', '\ud800']) {
      for (const one of books(text))
        assert.throws(() => phoneBook(one), new UnwritableText(text, 'a phone book'))
    }
  })

  it('ok/name-in-a-path-of-the-csp', () =>
    assert.equal(cspName("Bob's (new) VPN!*"), 'Bob%27s%20%28new%29%20VPN%21%2A'))
})
