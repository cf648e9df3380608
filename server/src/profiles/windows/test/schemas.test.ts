import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import fc from 'fast-check'
import type { VpnConnection } from '../../../config/schema.ts'
import type { ProfileInput } from '../../profile-input.ts'
import { isObstacle } from '../../profile-output.ts'
import { exampleVpn, exampleWifi, exampleWired } from '../../testing/example-input.ts'
import { xmlDocument } from '../../xml-text.ts'
import { alwaysOnScript } from '../always-on-script.ts'
import { lanProfile, wlanProfile } from '../dot1x-xml.ts'
import { eapSettings } from '../eap-settings.ts'
import { eapHostConfig } from '../eap-xml.ts'
import { deviceProfileXml, userProfileXml } from '../profile-xml.ts'
import { setUpScript } from '../set-up-script.ts'
import { vpnFindings } from '../windows-findings.ts'
import { anyVpn, anyWifi, anyWired } from './any-connection.ts'
import { powershellTokens } from './powershell-tokens.ts'
import { complaints, type Schema } from './schemas.ts'

const skip = skipReason('libxml2-utils')
const SAMPLE = { seed: 6, numRuns: 250 }

const user = (input: ProfileInput<VpnConnection>) => xmlDocument(userProfileXml(input))

describe('schemas of Windows', { skip }, () => {
  it('ok/profile-xml-of-any-vpn', () => {
    const inputs = fc.sample(anyVpn, SAMPLE).filter((input) => !vpnFindings(input).some(isObstacle))
    assert.ok(inputs.length > 100, String(inputs.length))
    const devices = inputs.flatMap((input) => deviceProfileXml(input) ?? [])
    assert.ok(devices.length > 30)
    assert.equal(
      complaints('ProfileXML', [...inputs.map(user), ...devices.map((one) => xmlDocument(one))]),
      '',
    )
  })

  it('ok/eap-of-any-vpn', () => {
    const settings = fc.sample(anyVpn, SAMPLE).flatMap((input) => eapSettings(input) ?? [])
    assert.equal(new Set(settings.map(({ method }) => method)).size, 7)
    assert.equal(
      complaints(
        'EapHostConfig',
        settings.map((one) => xmlDocument(eapHostConfig(one))),
      ),
      '',
    )
  })

  it('ok/any-wifi', () => {
    const documents = fc.sample(anyWifi, SAMPLE).map((input) => xmlDocument(wlanProfile(input)))
    assert.equal(complaints('WLANProfile', documents), '')
  })

  it('ok/any-wired-network', () => {
    const documents = fc.sample(anyWired, SAMPLE).map((input) => xmlDocument(lanProfile(input)))
    assert.equal(complaints('LANProfile', documents), '')
  })

  it('ok/xml-inside-scripts', () => {
    const inputs = fc
      .sample(anyVpn, { seed: 15, numRuns: 40 })
      .filter((one) => !vpnFindings(one).some(isObstacle))
    const scripts = inputs.flatMap((one) => [setUpScript(one, 'person'), alwaysOnScript(one)])
    const found = scripts
      .flatMap((script) => powershellTokens(script.join('\r\n')))
      .flatMap(({ kind, value }) => (kind === 'verbatim' && /^<\w+[ >]/.test(value) ? [value] : []))
    const profiles = found.filter((text) => text.startsWith('<VPNProfile>'))
    const methods = found.filter((text) => text.startsWith('<EapHostConfig '))
    assert.ok(profiles.length >= inputs.length && methods.length > 10)
    assert.equal(profiles.length + methods.length, found.length)
    assert.equal(complaints('ProfileXML', profiles) + complaints('EapHostConfig', methods), '')
  })

  /** Each of these is a profile Windows takes, or half takes, and that does not do what it says. */
  const traps: readonly (readonly [string, Schema, (document: string) => string])[] = [
    [
      'no-server-name',
      'ProfileXML',
      (text) => text.replace(/<ServerNames>.*<\/ServerNames>/, '<ServerNames/>'),
    ],
    ['dot-not-escaped', 'ProfileXML', (text) => text.replaceAll('\\.', '.')],
    ['no-root', 'ProfileXML', (text) => text.replace(/<TrustedRootCA>.*<\/TrustedRootCA>\s*/, '')],
    ['thumbprint-in-capitals', 'ProfileXML', (text) => text.replace('4d aa d0', '4D AA D0')],
    ['thumbprint-without-blanks', 'ProfileXML', (text) => text.replace('4d aa d0', '4daad0')],
    [
      'server-not-validated',
      'ProfileXML',
      (text) => text.replace(/(<PerformServerValidation[^>]*>)true/, '$1false'),
    ],
    [
      'server-name-not-checked',
      'ProfileXML',
      (text) => text.replace(/(<AcceptServerName[^>]*>)true/, '$1false'),
    ],
    ['person-asked', 'ProfileXML', (text) => text.replace(/(<DisableUserPrompt[^>]*>)true/, '$1false')],
    [
      'wrong-namespace',
      'ProfileXML',
      (text) => text.replace('EapTlsConnectionPropertiesV3', 'EapTlsConnectionPropertiesV2'),
    ],
    ['no-eku-filter', 'ProfileXML', (text) => text.replace(/<TLSExtensions[\s\S]*<\/TLSExtensions>/, '')],
    ['eku-not-mapped', 'ProfileXML', (text) => text.replace('<EKUName>Client', '<EKUName>Other')],
    ['cmdlet-words-in-csp', 'ProfileXML', (text) => text.replace('AES_GCM_256', 'GCMAES256')],
    [
      'sha1-suite',
      'ProfileXML',
      (text) => text.replace('<IntegrityCheckMethod>SHA256', '<IntegrityCheckMethod>SHA1'),
    ],
    ['group-2', 'ProfileXML', (text) => text.replace('<DHGroup>ECP256', '<DHGroup>Group2')],
    [
      'order-of-children',
      'ProfileXML',
      (text) =>
        text
          .replace(/(<CryptographySuite>[\s\S]*<\/CryptographySuite>)/, '')
          .replace(
            '<Authentication>',
            `${/<CryptographySuite>[\s\S]*<\/CryptographySuite>/.exec(text)?.[0] ?? ''}<Authentication>`,
          ),
    ],
  ]
  for (const [name, schema, spoil] of traps) {
    it(`fail/${name}`, () => {
      const good = user(exampleVpn({ cryptography: { ike: { encryption: 'aes256gcm' } } }))
      assert.equal(complaints(schema, [good]), '')
      const bad = spoil(good)
      assert.notEqual(bad, good, 'nothing was spoilt')
      assert.notEqual(complaints(schema, [bad]), '')
    })
  }

  it('fail/wifi-without-8021x', () => {
    const text = xmlDocument(wlanProfile(exampleWifi()))
    assert.notEqual(complaints('WLANProfile', [text.replace(/<OneX[\s\S]*<\/OneX>/, '')]), '')
    assert.notEqual(complaints('WLANProfile', [text.replace('WPA2', 'open')]), '')
  })

  it('fail/wired-eap-of-another-namespace', () => {
    const text = xmlDocument(lanProfile(exampleWired()))
    assert.notEqual(complaints('LANProfile', [text.replaceAll('http://', 'https://')]), '')
  })
})

describe('rules of ProfileXML', () => {
  it('ok/routes-and-class-based-default-route', () => {
    fc.assert(
      fc.property(anyVpn, (input) => {
        const text = user(input)
        const routes = text.match(/<Route>[\s\S]*?<\/Route>/g) ?? []
        const inner = routes.filter((route) => !route.includes('<ExclusionRoute>'))
        const isSplit = text.includes('<RoutingPolicyType>SplitTunnel')
        if (!isSplit) assert.deepEqual(inner, [])
        assert.equal(text.includes('<DisableClassBasedDefaultRoute>'), isSplit && inner.length > 0)
      }),
      SAMPLE,
    )
  })

  it('ok/one-tunnel-registers-in-dns', () => {
    fc.assert(
      fc.property(anyVpn, (input) => {
        const device = deviceProfileXml(input)
        const texts = [user(input), ...(device === undefined ? [] : [xmlDocument(device)])]
        const registering = texts.filter((text) => text.includes('<RegisterDNS>true'))
        assert.equal(registering.length, input.connection.dns.register ? 1 : 0)
      }),
      SAMPLE,
    )
  })

  it('ok/device-tunnel-is-ikev2-split-and-always-on-by-certificate-of-the-machine', () => {
    const device = deviceProfileXml(
      exampleVpn({ routing: 'full', deviceTunnel: { routes: ['10.0.0.10/32'] } }),
    )
    assert.ok(device !== undefined)
    const text = xmlDocument(device)
    for (const wanted of [
      '<DeviceTunnel>true',
      '<AlwaysOn>true',
      '>SplitTunnel<',
      '>IKEv2<',
      '<MachineMethod>Certificate',
    ])
      assert.ok(text.includes(wanted), wanted)
    assert.ok(!text.includes('UserMethod'))
    // They belong into ./Device alone.
    assert.ok(
      !user(exampleVpn({ deviceTunnel: { routes: ['10.0.0.10/32'] } })).match(/DeviceTunnel|LockDown/),
    )
  })
})
