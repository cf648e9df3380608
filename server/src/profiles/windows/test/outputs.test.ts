import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { findingsOf, makeFiles } from '../../make-files.ts'
import type { ProfileInput } from '../../profile-input.ts'
import { isObstacle } from '../../profile-output.ts'
import { exampleVpn, exampleWifi, exampleWired } from '../../testing/example-input.ts'
import { assertGolden } from '../../testing/golden.ts'
import { xmlDocument } from '../../xml-text.ts'
import { alwaysOnScript } from '../always-on-script.ts'
import { cmdSetUp } from '../cmd-set-up.ts'
import { phoneBook } from '../phone-book.ts'
import { deviceProfileXml, userProfileXml } from '../profile-xml.ts'
import { removeScript } from '../remove-script.ts'
import { repairScript } from '../repair-script.ts'
import { setUpScript } from '../set-up-script.ts'
import { syncMl } from '../sync-ml.ts'
import { toAllUsersScript } from '../to-all-users-script.ts'
import { WINDOWS_OUTPUTS } from '../windows-outputs.ts'
import { anyVpn, anyWifi, anyWired } from './any-connection.ts'
import { OWN_CERTIFICATE } from './golden-inputs.ts'
import { powershellTokens } from './powershell-tokens.ts'

function outputOf(id: string) {
  const output = WINDOWS_OUTPUTS.find((one) => one.id === id)
  assert.ok(output !== undefined, id)
  return output
}

/** Codes of what an output says, obstacles with a mark. */
function codes(id: string, input: ProfileInput): readonly string[] {
  return findingsOf(outputOf(id), input).map((one) => `${isObstacle(one) ? '!' : ''}${one.code}`)
}

function settingsLost(id: string, input: ProfileInput): readonly string[] {
  return findingsOf(outputOf(id), input)
    .filter(({ code }) => code === 'setting-not-carried')
    .map(({ setting = '' }) => setting)
}

const BRACKETS: Readonly<Record<string, string>> = { '}': '{', ')': '(', ']': '[' }

/** Every bracket that opens is closed by its own kind. */
function assertBalanced(script: string): void {
  const open: string[] = []
  for (const { kind, text } of powershellTokens(script)) {
    if (kind !== 'mark') continue
    const last = text.at(-1) ?? ''
    if ('({['.includes(last)) open.push(last)
    else if (last in BRACKETS) assert.equal(open.pop(), BRACKETS[last])
  }
  assert.deepEqual(open, [])
}

describe('outputs of Windows', () => {
  it('ok/any-connection-in-every-form', () => {
    const inputs = [
      ...fc.sample(anyVpn, { seed: 12, numRuns: 60 }),
      ...fc.sample(anyWifi, { seed: 13, numRuns: 10 }),
      ...fc.sample(anyWired, { seed: 14, numRuns: 10 }),
    ]
    const made = new Set<string>()
    for (const input of inputs) {
      for (const output of WINDOWS_OUTPUTS) {
        if (findingsOf(output, input).some(isObstacle)) continue
        const files = makeFiles(output, input)
        assert.deepEqual(makeFiles(output, input), files, 'the same input makes the same files')
        assert.equal(new Set(files.map(({ name }) => name)).size, files.length)
        for (const { name, content } of files) {
          made.add(output.id)
          assert.match(name, /^Example-(VPN|Wi-Fi|LAN)[.a-z0-9-]*\.(ps1|cmd|xml|pbk)$/)
          const text = String(content)
          if (name.endsWith('.ps1')) assertBalanced(text)
          if (name.endsWith('.cmd')) assertBalanced(text.slice(text.indexOf('#SALLYPORT#\r\n')))
          if (!name.endsWith('.xml')) assert.ok(!/[^\r]\n/.test(text), 'Windows ends lines by CR LF')
        }
      }
    }
    assert.deepEqual([...made].sort(), WINDOWS_OUTPUTS.map(({ id }) => id).sort())
  })

  it('ok/files-that-hold-a-secret-say-so', () => {
    const psk = exampleVpn({
      tunnelTypes: ['l2tp'],
      authentication: 'mschapv2',
      l2tpMachineAuthentication: 'psk',
      preSharedKey: 'qwertyuiop-secret',
    })
    const own = exampleVpn({}, { certificate: OWN_CERTIFICATE })
    for (const output of WINDOWS_OUTPUTS) {
      for (const [input, secret] of [
        [psk, 'qwertyuiop-secret'],
        [own, Buffer.from('a container').toString('base64')],
      ] as const) {
        if (findingsOf(output, input).some(isObstacle)) continue
        for (const { name, content, holdsSecret } of makeFiles(output, input)) {
          assert.equal(holdsSecret, String(content).includes(secret), `${output.id} ${name}`)
          assert.ok(!String(content).includes('a password'), 'it is told apart from the file')
        }
      }
    }
  })

  it('ok/titles', () =>
    assertGolden(
      WINDOWS_OUTPUTS.map(({ id, title }) => [id, title]),
      new URL('golden/titles.golden', import.meta.url),
    ))

  it('ok/files-are-what-their-generators-write', () => {
    const shared = { tunnelTypes: ['l2tp'], authentication: 'mschapv2', l2tpMachineAuthentication: 'psk' }
    const vpn = exampleVpn({
      ...{ ...shared, preSharedKey: 'shared & secret', trustedNetworks: ['a.example'] },
      deviceTunnel: { routes: ['10.0.0.10/32'] },
    })
    const [all, wifi] = [exampleVpn({ allUsers: true }), exampleWifi()]
    const files = (id: string, input: ProfileInput) => outputOf(id).make(input)
    const texts = (id: string, input: ProfileInput) => files(id, input).map(({ content }) => content)
    assert.deepEqual(texts('windows-setup', vpn), [cmdSetUp(setUpScript(vpn, 'person'), false)])
    assert.deepEqual(texts('windows-setup', all), [cmdSetUp(setUpScript(all, 'all-users'), true)])
    assert.deepEqual(texts('windows-setup', wifi), [cmdSetUp(setUpScript(wifi, 'person'), false)])
    const scripts = {
      'windows-script': setUpScript(vpn, 'person'),
      'windows-script-all-users': setUpScript(vpn, 'all-users'),
      'windows-to-all-users': toAllUsersScript(vpn),
      'windows-aovpn-script': alwaysOnScript(vpn),
      'windows-aovpn-repair': repairScript(vpn),
      'windows-remove': removeScript(vpn),
    }
    for (const [id, script] of Object.entries(scripts))
      assert.deepEqual(texts(id, vpn), [`${script.join('\r\n')}\r\n`], id)
    assert.deepEqual(texts('windows-rasphone', vpn), [phoneBook(vpn.connection)])
    const device = deviceProfileXml(vpn) ?? assert.fail()
    const user = userProfileXml(vpn)
    assert.deepEqual(
      files('windows-profilexml', vpn).map(({ content, holdsSecret }) => [content, holdsSecret]),
      [
        [xmlDocument(user), true],
        [xmlDocument(syncMl('User', 'Example VPN', user)), true],
        [xmlDocument(device), false],
        [xmlDocument(syncMl('Device', 'Example VPN Device Tunnel', device)), false],
      ],
    )
    const byCertificate = exampleVpn({ ...shared, l2tpMachineAuthentication: 'certificate' })
    for (const input of [byCertificate, wifi])
      assert.equal(files('windows-script', input)[0]?.holdsSecret, false)
  })

  it('ok/forms-of-a-certificate', () => {
    const brought = WINDOWS_OUTPUTS.filter(({ certificates }) => certificates.includes('pkcs12'))
    assert.deepEqual(
      brought.map(({ id }) => id),
      ['windows-setup', 'windows-script', 'windows-script-all-users'],
    )
  })
})

describe('findings of Windows', () => {
  it('ok/nothing-against-ikev2-with-a-certificate', () =>
    assert.deepEqual(codes('windows-script', exampleVpn({}, { certificate: { kind: 'installed' } })), []))

  it('fail/name', () => {
    for (const title of ['a:b', 'a\\b', '.a', 'a"b', 'a[b]', '...', 'x'.repeat(60)]) {
      const isRefused = title.length < 60
      assert.equal(
        codes('windows-script', exampleVpn({ title })).includes('!name-not-on-windows'),
        isRefused,
        title,
      )
    }
    assert.ok(codes('windows-wlan-xml', exampleWifi({ title: 'a"b' })).includes('!name-not-on-windows'))
    assert.ok(!codes('windows-wlan-xml', exampleWifi({ title: 'a:b' })).includes('!name-not-on-windows'))
    assert.ok(!codes('windows-lan-xml', exampleWired({ title: 'a:b' })).includes('!name-not-on-windows'))
  })

  it('fail/suites-and-methods', () => {
    const sha384 = { cryptography: { esp: { encryption: 'aes256', integrity: 'sha384' } } }
    assert.ok(codes('windows-script', exampleVpn(sha384)).includes('!suite-not-on-windows'))
    assert.ok(
      !codes('windows-script', exampleVpn({ ...sha384, tunnelTypes: ['sstp'] })).includes(
        '!suite-not-on-windows',
      ),
    )
    assert.ok(
      codes('windows-script', exampleVpn({ authentication: 'mschapv2' })).includes('!method-not-in-ikev2'),
    )
    const pptp = exampleVpn({ tunnelTypes: ['pptp'], authentication: 'mschapv2', encryption: 'none' })
    assert.ok(codes('windows-script', pptp).includes('pptp-unsafe'))
    assert.ok(codes('windows-script', pptp).includes('!pptp-without-encryption'))
    assert.ok(codes('windows-script', pptp).includes('mschapv2-and-credential-guard'))
    const l2tp = exampleVpn({ tunnelTypes: ['l2tp'], l2tpMachineAuthentication: 'psk' })
    assert.ok(codes('windows-script', l2tp).includes('!pre-shared-key-missing'))
    const odd = exampleVpn({ routing: 'split', routes: [{ prefix: '::ffff:10.0.0.0/104' }] })
    assert.ok(codes('windows-script', odd).includes('!prefix-not-on-windows'))
  })

  it('ok/certificate', () => {
    assert.ok(codes('windows-script', exampleVpn()).includes('certificate-elsewhere'))
    const own = exampleVpn({}, { certificate: OWN_CERTIFICATE })
    assert.ok(codes('windows-script', own).includes('pkcs12-needs-windows-10'))
    assert.ok(codes('windows-script-all-users', own).includes('certificate-before-sign-in'))
    assert.deepEqual(codes('windows-profilexml', own), ['!certificate-form-not-served'])
  })

  it('ok/device-tunnel', () => {
    const input = exampleVpn({ deviceTunnel: { routes: ['10.0.0.0/8'] } })
    assert.ok(codes('windows-aovpn-script', input).includes('device-tunnel-needs-enterprise'))
    assert.ok(settingsLost('windows-script', input).includes('deviceTunnel'))
    const filtered = exampleVpn({
      deviceTunnel: { routes: ['2001:db8::/32'], trafficFilters: [{ protocol: 17 }] },
    })
    assert.ok(codes('windows-profilexml', filtered).includes('!traffic-filter-without-ipv6'))
  })

  it('ok/what-a-script-loses', () => {
    const input = exampleVpn({
      alwaysOn: true,
      routing: 'split',
      routes: [{ prefix: '10.0.0.0/8', exclude: true }],
      dns: {
        suffixes: ['a.example', 'b.example'],
        rules: [{ suffix: '.example.org', servers: ['10.0.0.53'] }],
        servers: ['10.0.0.53'],
      },
      trustedNetworks: ['example.org'],
      proxy: { server: 'proxy.example.org:3128' },
      mtu: 1400,
      enforceRouting: 'everything',
    })
    const person = ['alwaysOn', 'enforceRouting', 'routes', 'dns/suffixes', 'dns/rules', 'proxy']
    assert.deepEqual(settingsLost('windows-script', input), person)
    assert.deepEqual(settingsLost('windows-script-all-users', input), [
      ...person.slice(0, -1),
      ...['trustedNetworks', 'proxy', 'proxy'],
    ])
    for (const code of ['mtu-not-carried', 'dns-servers-not-carried', 'triggers-outside-domains'])
      assert.ok(codes('windows-script', input).includes(code), code)
    const full = exampleVpn({
      trustedNetworks: ['example.org'],
      allUsers: true,
      routes: [{ prefix: '10.0.0.0/8' }],
    })
    for (const code of ['triggers-need-split', 'for-one-user'])
      assert.ok(codes('windows-script', full).includes(code), code)
    assert.deepEqual(settingsLost('windows-script', full), ['routes'])
  })

  it('ok/what-profilexml-loses', () => {
    const input = exampleVpn({
      tunnelTypes: ['sstp', 'ikev2'],
      encryption: 'maximum',
      idleDisconnectMinutes: 5,
      proxy: { server: 'p.example.org:1', exceptions: ['*.example.org'] },
    })
    assert.deepEqual(settingsLost('windows-profilexml', input), [
      'tunnelTypes',
      'proxy/exceptions',
      'idleDisconnectMinutes',
    ])
    for (const code of ['sstp-needs-windows-11', 'encryption-needs-windows-11', 'not-always-on'])
      assert.ok(codes('windows-profilexml', input).includes(code), code)
  })

  it('fail/phone-book-with-eap-would-trust-any-server', () => {
    assert.ok(codes('windows-rasphone', exampleVpn()).includes('!eap-not-in-phone-book'))
    const plain = exampleVpn({
      tunnelTypes: ['l2tp'],
      authentication: 'mschapv2',
      l2tpMachineAuthentication: 'psk',
      preSharedKey: 'secret-enough',
    })
    assert.deepEqual(settingsLost('windows-rasphone', plain), ['preSharedKey', 'cryptography'])
  })
})
