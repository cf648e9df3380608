import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { hostileText } from '../testing/hostile-text.ts'
import { lintProfile } from './lint-profile.ts'
import { UnreadableProfile } from './profile-facts.ts'

const P = 'http://www.microsoft.com/provisioning'
const THUMB = '4d aa d0 91 30 7d 2e 28 ae f8 4c d6 7e 16 07 15 17 cf d0 0b '

/** Written from the schemas, not by what writes profiles here. */
const PEAP = `<EapHostConfig xmlns="${P}/EapHostConfig"><EapMethod>
<Type xmlns="${P}/EapCommon">25</Type><VendorId xmlns="${P}/EapCommon">0</VendorId>
<VendorType xmlns="${P}/EapCommon">0</VendorType><AuthorId xmlns="${P}/EapCommon">0</AuthorId></EapMethod>
<Config xmlns="${P}/EapHostConfig"><Eap xmlns="${P}/BaseEapConnectionPropertiesV1"><Type>25</Type>
<EapType xmlns="${P}/MsPeapConnectionPropertiesV1"><ServerValidation>
<DisableUserPromptForServerValidation>true</DisableUserPromptForServerValidation>
<ServerNames>radius\\.example\\.org</ServerNames><TrustedRootCA>${THUMB}</TrustedRootCA></ServerValidation>
<FastReconnect>true</FastReconnect><InnerEapOptional>false</InnerEapOptional>
<Eap xmlns="${P}/BaseEapConnectionPropertiesV1"><Type>26</Type>
<EapType xmlns="${P}/MsChapV2ConnectionPropertiesV1"><UseWinLogonCredentials>false</UseWinLogonCredentials></EapType></Eap>
<EnableQuarantineChecks>false</EnableQuarantineChecks><RequireCryptoBinding>true</RequireCryptoBinding>
<PeapExtensions><PerformServerValidation xmlns="${P}/MsPeapConnectionPropertiesV2">true</PerformServerValidation>
<AcceptServerName xmlns="${P}/MsPeapConnectionPropertiesV2">true</AcceptServerName></PeapExtensions></EapType></Eap></Config></EapHostConfig>`

const TLS = `<EapHostConfig xmlns="${P}/EapHostConfig"><EapMethod><Type xmlns="${P}/EapCommon">13</Type></EapMethod>
<Config xmlns="${P}/EapHostConfig"><Eap xmlns="${P}/BaseEapConnectionPropertiesV1"><Type>13</Type>
<EapType xmlns="${P}/EapTlsConnectionPropertiesV1"><CredentialsSource><CertificateStore><SimpleCertSelection>true</SimpleCertSelection></CertificateStore></CredentialsSource>
<ServerValidation><DisableUserPromptForServerValidation>true</DisableUserPromptForServerValidation><ServerNames>radius\\.example\\.org</ServerNames><TrustedRootCA>${THUMB}</TrustedRootCA></ServerValidation>
<DifferentUsername>false</DifferentUsername>
<PerformServerValidation xmlns="${P}/EapTlsConnectionPropertiesV2">true</PerformServerValidation>
<AcceptServerName xmlns="${P}/EapTlsConnectionPropertiesV2">true</AcceptServerName>
<TLSExtensions xmlns="${P}/EapTlsConnectionPropertiesV2"><FilteringInfo xmlns="${P}/EapTlsConnectionPropertiesV3">
<EKUMapping><EKUMap><EKUName>Client Authentication</EKUName><EKUOID>1.3.6.1.5.5.7.3.2</EKUOID></EKUMap></EKUMapping>
<ClientAuthEKUList Enabled="true"><EKUMapInList><EKUName>Client Authentication</EKUName></EKUMapInList></ClientAuthEKUList>
</FilteringInfo></TLSExtensions></EapType></Eap></Config></EapHostConfig>`

const SUITE =
  '<CryptographySuite><AuthenticationTransformConstants>GCMAES256</AuthenticationTransformConstants><CipherTransformConstants>GCMAES256</CipherTransformConstants><PfsGroup>ECP256</PfsGroup><DHGroup>ECP256</DHGroup><IntegrityCheckMethod>SHA256</IntegrityCheckMethod><EncryptionMethod>AES256</EncryptionMethod></CryptographySuite>'
const VPN = `<VPNProfile><NativeProfile><Servers>vpn.example.org</Servers><RoutingPolicyType>ForceTunnel</RoutingPolicyType><NativeProtocolType>IKEv2</NativeProtocolType><Authentication><UserMethod>Eap</UserMethod><Eap><Configuration>${PEAP}</Configuration></Eap></Authentication>${SUITE}</NativeProfile></VPNProfile>`
const DEVICE = `<VPNProfile><DeviceTunnel>true</DeviceTunnel><NativeProfile><Servers>vpn.example.org</Servers><RoutingPolicyType>SplitTunnel</RoutingPolicyType><NativeProtocolType>IKEv2</NativeProtocolType><Authentication><MachineMethod>Certificate</MachineMethod></Authentication>${SUITE}</NativeProfile></VPNProfile>`
const WLAN = `<?xml version="1.0"?><WLANProfile xmlns="http://www.microsoft.com/networking/WLAN/profile/v1"><name>x</name><MSM><security><authEncryption><authentication>WPA2</authentication><encryption>AES</encryption><useOneX>true</useOneX></authEncryption><OneX xmlns="http://www.microsoft.com/networking/OneX/v1"><EAPConfig>${PEAP}</EAPConfig></OneX></security></MSM></WLANProfile>`
const MOBILE = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict><key>PayloadContent</key><array><dict><key>PayloadType</key><string>com.apple.wifi.managed</string>
<key>SSID_STR</key><string>x</string><key>EncryptionType</key><string>WPA2</string><key>EAPClientConfiguration</key><dict>
<key>AcceptEAPTypes</key><array><integer>25</integer></array><key>TLSTrustedServerNames</key><array><string>radius.example.org</string></array>
<key>PayloadCertificateAnchorUUID</key><array><string>A</string></array></dict></dict>
<dict><key>PayloadType</key><string>com.apple.vpn.managed</string><key>VPNType</key><string>IKEv2</string><key>IKEv2</key><dict>
<key>RemoteIdentifier</key><string>vpn.example.org</string><key>AuthenticationMethod</key><string>None</string><key>PayloadCertificateUUID</key><string>B</string>
<key>ExtendedAuthEnabled</key><integer>1</integer><key>IKESecurityAssociationParameters</key><dict><key>EncryptionAlgorithm</key><string>AES-256</string>
<key>IntegrityAlgorithm</key><string>SHA2-256</string><key>DiffieHellmanGroup</key><integer>19</integer></dict></dict></dict></array></dict></plist>`
const SSWAN =
  '{"uuid":"u","name":"x","type":"ikev2-eap-tls","remote":{"addr":"vpn.example.org","cert":"MIIB"},"ike-proposal":"aes256-sha256-modp2048"}'
const SWANCTL = `connections {
  x { remote_addrs = vpn.example.org
    proposals = aes256-sha256-modp2048
    local { auth = eap-tls
      aaa_id = "CN=radius.example.org" }
    remote { auth = pubkey
      id = vpn.example.org
      cacerts = ca.pem
    }
    children { x { esp_proposals = aes256gcm16-modp2048 } }
  }
}`
const WPA = `network={
  ssid="x"
  key_mgmt=WPA-EAP
  eap=PEAP
  identity="alice"
  ca_cert="/etc/ca.pem"
  domain_suffix_match="radius.example.org"
  phase2="auth=MSCHAPV2"
}`
const KEYFILE = `[connection]
id=x
type=wifi
[wifi]
ssid=x
[wifi-security]
key-mgmt=wpa-eap
[802-1x]
eap=peap;
ca-cert=/etc/ca.pem
domain-suffix-match=radius.example.org
phase2-auth=mschapv2
`
const PPTP = `[connection]
id=x
type=vpn
[vpn]
service-type=org.freedesktop.NetworkManager.pptp
gateway=vpn.example.org
refuse-pap=yes
refuse-chap=yes
refuse-mschap=yes
refuse-eap=yes
require-mppe-128=yes
`
const PBK = `[x]
Encoding=1
VpnStrategy=7
DataEncryption=256
AuthRestrictions=128
CustomAuthKey=25
DisableIKENameEkuCheck=0
PhoneNumber=vpn.example.org
`
const SCRIPT = `# Sets up the VPN
Add-VpnConnection -Name 'x' -ServerAddress 'vpn.example.org' -TunnelType Ikev2 -EncryptionLevel Required \`
  -AuthenticationMethod Eap -EapConfigXmlStream ([xml] '${PEAP}')
Set-VpnConnectionIPsecConfiguration -ConnectionName 'x' -AuthenticationTransformConstants GCMAES256 -CipherTransformConstants GCMAES256 -EncryptionMethod AES256 -IntegrityCheckMethod SHA256 -DHGroup ECP256 -PfsGroup ECP256 -Force
`

const GOOD = { PEAP, TLS, VPN, DEVICE, WLAN, MOBILE, SSWAN, SWANCTL, WPA, KEYFILE, PBK, SCRIPT }
const KNOWN = { names: ['radius.example.org'], thumbprints: [THUMB.replace(/ /g, '')] }

const codes = (text: string): string[] =>
  lintProfile(Buffer.from(text), KNOWN).findings.map(({ code }) => code)

/** What is changed in a good file, and what must be found then. */
const TRAPS: readonly (readonly [
  name: string,
  text: string,
  from: string | RegExp,
  to: string,
  code: string,
])[] = [
  [
    'peap/check-off',
    PEAP,
    '>true</PerformServerValidation>',
    '>false</PerformServerValidation>',
    'server-not-checked',
  ],
  ['peap/no-validation', PEAP, /<ServerValidation>[\s\S]*<\/ServerValidation>/, '', 'server-not-checked'],
  [
    'peap/no-names',
    PEAP,
    /<ServerNames>.*<\/ServerNames>/,
    '<ServerNames></ServerNames>',
    'server-names-missing',
  ],
  [
    'peap/names-not-looked-at',
    PEAP,
    '>true</AcceptServerName>',
    '>false</AcceptServerName>',
    'server-names-missing',
  ],
  ['peap/no-anchor', PEAP, /<TrustedRootCA>.*<\/TrustedRootCA>/, '', 'anchor-missing'],
  ['peap/anchor-of-others', PEAP, '4d aa', '4d ab', 'anchor-differs'],
  ['peap/anchor-without-blanks', PEAP, THUMB, THUMB.replace(/ /g, ''), 'value-wrong'],
  ['peap/prompts', PEAP, '>true</DisableUser', '>false</DisableUser', 'asks-person'],
  [
    'peap/no-crypto-binding',
    PEAP,
    '<RequireCryptoBinding>true',
    '<RequireCryptoBinding>false',
    'crypto-binding-off',
  ],
  ['peap/dots', PEAP, 'radius\\.example\\.org', 'radius.example.org', 'server-names-unescaped'],
  ['peap/any-name', PEAP, 'radius\\.example\\.org', '.*', 'server-names-loose'],
  ['peap/other-name', PEAP, 'radius\\.example\\.org', 'nps\\.example\\.org', 'server-names-differ'],
  [
    'peap/namespace',
    PEAP,
    'MsPeapConnectionPropertiesV2">true</AcceptServerName',
    'MsPeapConnectionPropertiesV1">true</AcceptServerName',
    'namespace-wrong',
  ],
  ['peap/type-of-another', PEAP, 'EapCommon">25<', 'EapCommon">13<', 'contradiction'],
  ['tls/no-filter', TLS, /<TLSExtensions[\s\S]*<\/TLSExtensions>/, '', 'key-usage-filter-missing'],
  [
    'tls/filter-of-another-usage',
    TLS,
    '1.3.6.1.5.5.7.3.2',
    '1.3.6.1.4.1.311.20.2.2',
    'key-usage-filter-other',
  ],
  [
    'tls/check-off',
    TLS,
    '>true</PerformServerValidation>',
    '>false</PerformServerValidation>',
    'server-not-checked',
  ],
  ['vpn/no-suite', VPN, SUITE, '', 'suites-missing'],
  ['vpn/weak-group', VPN, '<DHGroup>ECP256', '<DHGroup>Group2', 'weak-suite'],
  ['vpn/sha1', VPN, '<IntegrityCheckMethod>SHA256', '<IntegrityCheckMethod>SHA196', 'weak-suite'],
  ['vpn/name-of-the-cmdlet', VPN, '<EncryptionMethod>AES256', '<EncryptionMethod>GCMAES256', 'value-wrong'],
  ['vpn/half-a-suite', VPN, '<PfsGroup>ECP256</PfsGroup>', '', 'value-wrong'],
  ['vpn/automatic', VPN, '>IKEv2<', '>Automatic<', 'tunnel-type-automatic'],
  ['vpn/pptp', VPN, '>IKEv2<', '>PPTP<', 'pptp'],
  [
    'vpn/optional',
    VPN,
    '<NativeProfile>',
    '<DataEncryption>Optional</DataEncryption><NativeProfile>',
    'encryption-not-required',
  ],
  [
    'vpn/forced-with-routes',
    VPN,
    '</NativeProfile>',
    '</NativeProfile><Route><Address>10.0.0.0</Address><PrefixSize>8</PrefixSize></Route>',
    'contradiction',
  ],
  ['vpn/psk', VPN, '<Authentication>', '<L2tpPsk>shared</L2tpPsk><Authentication>', 'pre-shared-key'],
  ['device/forced', DEVICE, 'SplitTunnel', 'ForceTunnel', 'contradiction'],
  ['device/no-certificate', DEVICE, '<MachineMethod>Certificate', '<MachineMethod>Eap', 'contradiction'],
  ['device/sstp', DEVICE, '>IKEv2<', '>Sstp<', 'contradiction'],
  ['wlan/open', WLAN, '>WPA2<', '>open<', 'wifi-unprotected'],
  ['wlan/tkip', WLAN, '>AES<', '>TKIP<', 'weak-suite'],
  ['wlan/no-eap', WLAN, /<OneX[\s\S]*<\/OneX>/, '', 'no-eap'],
  ['wlan/namespace', WLAN, 'WLAN/profile/v1', 'WLAN/profile/v9', 'namespace-wrong'],
  ['mobileconfig/no-names', MOBILE, '<string>radius.example.org</string>', '', 'server-names-missing'],
  ['mobileconfig/no-anchor', MOBILE, '<string>A</string>', '', 'anchor-missing'],
  [
    'mobileconfig/exceptions',
    MOBILE,
    '<key>TLSTrustedServerNames',
    '<key>TLSAllowTrustExceptions</key><true/><key>TLSTrustedServerNames',
    'asks-person',
  ],
  ['mobileconfig/any-server', MOBILE, '>radius.example.org<', '>*.example.org<', 'server-names-loose'],
  ['mobileconfig/weak-group', MOBILE, '<integer>19</integer>', '<integer>2</integer>', 'weak-suite'],
  ['mobileconfig/3des', MOBILE, '>AES-256<', '>3DES<', 'weak-suite'],
  [
    'mobileconfig/no-gateway-name',
    MOBILE,
    '<string>vpn.example.org</string>',
    '<string></string>',
    'gateway-name-not-checked',
  ],
  ['sswan/no-anchor', SSWAN, ',"cert":"MIIB"', '', 'gateway-anchor-missing'],
  ['sswan/weak', SSWAN, 'modp2048', 'modp1024', 'weak-suite'],
  ['sswan/any-gateway', SSWAN, '"addr"', '"id":"%any","addr"', 'gateway-name-not-checked'],
  ['swanctl/any-gateway', SWANCTL, 'id = vpn.example.org', 'id = %any', 'gateway-name-not-checked'],
  ['swanctl/no-anchor', SWANCTL, 'cacerts = ca.pem', '', 'gateway-anchor-missing'],
  ['swanctl/weak', SWANCTL, 'aes256-sha256', '3des-sha1', 'weak-suite'],
  ['swanctl/psk', SWANCTL, 'auth = eap-tls', 'auth = psk', 'pre-shared-key'],
  ['swanctl/other-server', SWANCTL, 'CN=radius', 'CN=nps', 'server-names-differ'],
  ['wpa/no-match', WPA, /domain_suffix_match.*\n/, '', 'server-names-missing'],
  ['wpa/no-ca', WPA, /ca_cert.*\n/, '', 'server-not-checked'],
  ['wpa/open', WPA, 'key_mgmt=WPA-EAP', 'key_mgmt=NONE', 'wifi-unprotected'],
  ['wpa/ttls-pap', WPA, /eap=PEAP([\s\S]*)MSCHAPV2/, 'eap=TTLS$1PAP', 'password-inside'],
  ['networkmanager/no-match', KEYFILE, /domain-suffix-match.*\n/, '', 'server-names-missing'],
  ['networkmanager/no-ca', KEYFILE, /ca-cert.*\n/, '', 'anchor-missing'],
  ['networkmanager/wep', KEYFILE, 'wpa-eap', 'ieee8021x', 'wifi-unprotected'],
  ['networkmanager/pptp', PPTP, '', '', 'pptp'],
  ['networkmanager/pptp-in-the-clear', PPTP, 'require-mppe-128=yes', '', 'pptp-without-encryption'],
  ['networkmanager/pptp-by-pap', PPTP, 'refuse-pap=yes', '', 'weak-authentication'],
  ['rasphone/automatic', PBK, 'VpnStrategy=7', 'VpnStrategy=0', 'tunnel-type-automatic'],
  ['rasphone/name-not-checked', PBK, 'EkuCheck=0', 'EkuCheck=1', 'gateway-name-not-checked'],
  ['rasphone/optional', PBK, 'DataEncryption=256', 'DataEncryption=8', 'encryption-not-required'],
  [
    'rasphone/pptp-in-the-clear',
    PBK,
    /VpnStrategy=7\nDataEncryption=256/,
    'VpnStrategy=1\nDataEncryption=0',
    'pptp-without-encryption',
  ],
  ['rasphone/pap', PBK, 'AuthRestrictions=128', 'AuthRestrictions=8', 'weak-authentication'],
  ['script/no-suite', SCRIPT, /Set-VpnConnectionIPsec.*\n/, '', 'suites-missing'],
  ['script/weak', SCRIPT, '-DHGroup ECP256', '-DHGroup Group2', 'weak-suite'],
  ['script/optional', SCRIPT, 'Required', 'Optional', 'encryption-not-required'],
  ['script/automatic', SCRIPT, '-TunnelType Ikev2', '', 'tunnel-type-automatic'],
  ['script/psk', SCRIPT, '-EncryptionLevel', "-L2tpPsk 'shared' -EncryptionLevel", 'pre-shared-key'],
  ['script/eap-inside', SCRIPT, /<TrustedRootCA>.*<\/TrustedRootCA>/, '', 'anchor-missing'],
]

describe('lintProfile', () => {
  for (const [name, text] of Object.entries(GOOD)) {
    it(`ok/${name.toLowerCase()}`, () => {
      // EAP-MSCHAPv2 stands inside of PEAP in all of them.
      assert.deepEqual(codes(text), [])
    })
  }

  for (const [name, text, from, to, code] of TRAPS) {
    it(`fail/${name}`, () => {
      const changed = text.replace(from, to)
      if (from !== '') assert.notEqual(changed, text, 'the case changes nothing')
      assert.ok(codes(changed).includes(code), `${code} not among ${codes(changed).join(', ')}`)
    })
  }

  it('ok/utf-16-as-windows-writes-it', () => {
    const octets = Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from(`<?xml version="1.0" encoding="UTF-16"?>${PEAP}`, 'utf16le'),
    ])
    assert.equal(lintProfile(octets).format, 'eap-xml')
  })

  const UNREADABLE: readonly (readonly [string, string])[] = [
    ['empty', ''],
    ['text', 'hello'],
    ['html', '<html></html>'],
    ['entities', '<!DOCTYPE x [<!ENTITY a "b">]><EapHostConfig>&a;</EapHostConfig>'],
    ['plist-entities', MOBILE.replace('.dtd">', '.dtd" [<!ENTITY a SYSTEM "file:///etc/passwd">]>')],
    ['json', '{"a":1}'],
    ['braces', 'connections {\n x {\n'],
    ['nothing-in-it', '<VPNProfile></VPNProfile>'],
    ['der', '0\u0003\u0002\u0001\u0001'],
  ]
  for (const [name, text] of UNREADABLE) {
    it(`fail/unreadable-${name}`, () =>
      assert.throws(() => lintProfile(Buffer.from(text)), UnreadableProfile))
  }

  it('fail/too-large', () =>
    assert.throws(() => lintProfile(Buffer.alloc(2 ** 20 + 1, 0x20)), UnreadableProfile))

  it('ok/whatever-is-pasted-ends-in-findings-or-a-clear-refusal', () => {
    const texts = Object.values(GOOD)
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(), fc.nat(60), hostileText(), (text, at, cut, piece) => {
        const start = at % text.length
        const changed = text.slice(0, start) + piece + text.slice(start + cut)
        try {
          lintProfile(Buffer.from(changed), KNOWN)
        } catch (error) {
          assert.ok(error instanceof UnreadableProfile, String(error))
        }
      }),
      { numRuns: 3000 },
    )
  })

  it('ok/long-lines-take-no-time', () => {
    for (const text of [
      `connections {${' x'.repeat(200_000)}`,
      `network={\n${'a=b '.repeat(100_000)}\n}`,
      `Add-VpnConnection ${"-Name '".repeat(50_000)}`,
      `{${'['.repeat(100_000)}`,
    ]) {
      const begun = performance.now()
      try {
        lintProfile(Buffer.from(text))
      } catch (error) {
        assert.ok(error instanceof UnreadableProfile)
      }
      assert.ok(performance.now() - begun < 5_000, text.slice(0, 30))
    }
  })
})
