/**
 * Files for Windows from the command line. Windows is not at hand: openssl opens what a script carries, and eapol_test logs in with
 * nothing but what stands in the file - the roots it installs, the names and thumbprints its EAP XML insists on.
 */
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { runToEnd } from '@sallyport/lab/process'
import type { Field } from '../src/profiles/testing/golden.ts'
import { powershellTokens } from '../src/profiles/windows/test/powershell-tokens.ts'
import { complaints } from '../src/profiles/windows/test/schemas.ts'
import { xmlFields } from '../src/profiles/windows/test/xml-fields.ts'
import { ProfileDesk, shownPassword } from './profile-desk.ts'

const CONFIGURATION = `
organization: {name: "Lab <&> 'University' \u2019; calc #"}
certificateTemplates:
  - {name: people, base: user, enrol: {groups: [VPN Users]}, perHolder: 100}
connections:
  - {name: Campus VPN, kind: vpn, gateways: [{address: vpn.example.org}], certificateTemplate: people}
  - {name: Campus Wi-Fi, title: "Université \u2018O'Neill\u2019", kind: wifi, ssid: campus, certificateTemplate: people}
  - {name: Guests Wi-Fi, kind: wifi, ssid: guests, authentication: peap-mschapv2}
  - {name: Guests TTLS, kind: wired, authentication: ttls-mschapv2}
`

/** What a script for Windows does that a supplicant needs to know. */
interface Carried {
  /** Thumbprint to certificate, of the store of roots. */
  readonly roots: ReadonlyMap<string, X509Certificate>
  readonly container: Buffer | undefined
  readonly eap: readonly Field[]
}

describe('files for Windows', {
  skip: skipReason('eapoltest', 'openssl', 'python3-lxml', 'libxml2-utils'),
}, () => {
  const desk = new ProfileDesk()
  before(() => desk.open(() => CONFIGURATION))
  after(() => desk[Symbol.asyncDispose]())

  async function make(connection: string, form: string, ...args: string[]) {
    const { files, output } = await desk.make(connection, form, '--user', 'demo', ...args)
    const file = files.find((path) => !path.includes('syncml')) ?? assert.fail('no file')
    return { text: readFileSync(file, 'utf8'), output }
  }

  /** The strings of a script in their order: calls of Install-Authority, the container, the XML. */
  function carried(script: string): Carried {
    const tokens = powershellTokens(script.slice(Math.max(0, script.indexOf('#SALLYPORT#\r\n'))))
    const roots = new Map<string, X509Certificate>()
    let container: Buffer | undefined
    let eap: readonly Field[] = []
    for (const [at, { kind, text, value }] of tokens.entries()) {
      if (text === 'Install-Authority' && tokens[at + 1]?.value === 'Root') {
        const der = base64(tokens.slice(at + 3))
        roots.set(tokens[at + 2]?.value ?? '', new X509Certificate(der))
      } else if (text === '$container' && container === undefined) container = base64(tokens.slice(at))
      else if (kind === 'verbatim' && /^<(EapHostConfig|WLANProfile|LANProfile) /.test(value))
        eap = xmlFields([value])[0] ?? []
    }
    return { roots, container, eap }
  }

  /** All strings up to the bracket that closes. */
  function base64(tokens: ReturnType<typeof powershellTokens>): Buffer {
    const end = tokens.findIndex(({ text }) => text === ')')
    const strings = tokens.slice(0, end).filter(({ kind }) => kind === 'verbatim')
    return Buffer.from(strings.map(({ value }) => value).join(''), 'base64')
  }

  const values = (eap: readonly Field[], name: string): readonly string[] =>
    eap.filter(([path]) => path.split('/').at(-1) === name).map(([, value]) => value)

  /** As Windows would: the root with the pinned thumbprint out of those installed, and the names. */
  function network({ roots, eap }: Carried, ...lines: string[]): string[] {
    const [pinned = ''] = [...values(eap, 'TrustedRootCA'), ...values(eap, 'TrustedRootCAHash')]
    const root = roots.get(pinned.replaceAll(' ', '')) ?? assert.fail(`no root ${pinned} is installed`)
    assert.equal(root.fingerprint.replaceAll(':', '').toLowerCase(), pinned.replaceAll(' ', ''))
    const file = desk.path('pem')
    writeFileSync(file, root.toString())
    const [names = ''] = values(eap, 'ServerNames')
    const name = names.split(';')[0]?.replaceAll('\\.', '.') ?? ''
    return [`identity="demo"`, `ca_cert="${file}"`, `domain_match="${name}"`, ...lines]
  }

  it('ok/container-of-the-set-up-opens-by-the-password-shown-and-logs-in', async () => {
    const { text, output } = await make('Campus VPN', 'windows-setup')
    assert.match(output, /holds a secret/)
    const shown = shownPassword(output)
    assert.ok(!text.includes(shown), 'the password stands in the file')
    const file = carried(text)
    const [container, pem] = [desk.path('p12'), desk.path('pem')]
    writeFileSync(container, file.container ?? assert.fail('no container'))
    const args = ['pkcs12', '-nodes', '-in', container, '-out', pem, '-passin']
    assert.notEqual((await runToEnd('openssl', [...args, 'pass:wrong'])).code, 0)
    const { code, output: said } = await runToEnd('openssl', [...args, `pass:${shown}`])
    assert.equal(code, 0, said)
    // The filter of the EAP XML lets this certificate through.
    const own = new X509Certificate(readFileSync(pem))
    assert.ok(own.keyUsage.some((oid) => values(file.eap, 'EKUOID').includes(oid)))
    const thumbprint = own.fingerprint.replaceAll(':', '').toLowerCase()
    assert.ok(text.includes(`Cert:\\CurrentUser\\My\\${thumbprint}'`), 'a second run finds it')

    const by = [`client_cert="${pem}"`, `private_key="${pem}"`, 'eap=TLS']
    assert.equal(await desk.logsIn(network(file, ...by)), true)
    const other = network(file, ...by).map((line) =>
      line.startsWith('domain') ? 'domain_match="other.example"' : line,
    )
    assert.equal(await desk.logsIn(other), false, 'the name of the server is looked at')
  })

  it('ok/peap-by-a-script-and-by-the-profile', async () => {
    const { text } = await make('Guests Wi-Fi', 'windows-script')
    const file = carried(text)
    const outer = `anonymous_identity="${values(file.eap, 'AnonymousUserName')[0] ?? ''}"`
    const lines = ['eap=PEAP', 'phase2="auth=MSCHAPV2"', outer]
    assert.equal(await desk.logsIn(network(file, ...lines, `password="${desk.password}"`)), true)
    assert.equal(await desk.logsIn(network(file, ...lines, 'password="wrong"')), false)
    const { text: profile } = await make('Guests Wi-Fi', 'windows-wlan-xml')
    assert.equal(complaints('WLANProfile', [profile]), '')
    assert.deepEqual(xmlFields([profile])[0], file.eap)
  })

  it('ok/ttls-by-a-script', async () => {
    const file = carried((await make('Guests TTLS', 'windows-script')).text)
    const outer = `anonymous_identity="${values(file.eap, 'AnonymousIdentity')[0] ?? ''}"`
    const lines = ['eap=TTLS', 'phase2="auth=MSCHAPV2"', outer, `password="${desk.password}"`]
    assert.equal(await desk.logsIn(network(file, ...lines)), true)
  })

  it('ok/names-with-apostrophes-of-all-kinds', async () => {
    const { text } = await make('Campus Wi-Fi', 'windows-script', '--certificate', 'none')
    assert.match(text, /^[\r\n\x20-\x7e]*$/)
    const [, name] = carried(text).eap.find(([path]) => path.endsWith('WLANProfile/name')) ?? []
    assert.equal(name, "Universit\u00e9 \u2018O'Neill\u2019")
    assert.ok(!powershellTokens(text).some((token) => token.text === 'calc'))
  })

  it('ok/always-on-for-an-mdm-server', async () => {
    const { text } = await make('Campus VPN', 'windows-profilexml')
    assert.equal(complaints('ProfileXML', [text]), '')
  })
})
