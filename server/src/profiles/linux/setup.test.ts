import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findingsOf } from '../make-files.ts'
import type { ProfileCertificate, ProfileInput } from '../profile-input.ts'
import { isObstacle } from '../profile-output.ts'
import {
  EXAMPLE_PERSON,
  EXAMPLE_ROOT_PEM,
  exampleVpn,
  exampleWifi,
  exampleWired,
} from '../testing/example-input.ts'
import { assertGolden, type Field } from '../testing/golden.ts'
import { linuxSetup } from './setup.ts'
import { setupClients } from './setup-plan.ts'
import { setupScript } from './setup-script.ts'
import { ownContainer } from './test/own-container.ts'

const person = EXAMPLE_PERSON
const [root = assert.fail()] = exampleVpn().gatewayAnchors
const est: ProfileCertificate = {
  ...{ kind: 'est', url: 'https://pki.example.org:8444/.well-known/est', template: 'lap tops' },
  ...{ userName: 'challenge', challenge: 'a"b', root },
}
const textOf = (input: ProfileInput) => String(linuxSetup.make(input)[0]?.content)
const clientsOf = (input: ProfileInput) => setupClients(input).map(({ name }) => name)
const obstacles = (input: ProfileInput) =>
  findingsOf(linuxSetup, input)
    .filter(isObstacle)
    .map(({ code }) => code)

/** Its lines without the texts of here-documents. */
function commandsOf(script: string): readonly Field[] {
  let end: string | undefined
  return script.split('\n').flatMap((line): Field[] => {
    if (end !== undefined) {
      if (line === end) end = undefined
      return []
    }
    end = /<<'(\w+)'$/.exec(line)?.[1]
    return line === '' ? [] : [['', line]]
  })
}

/** By the command each is the input of. */
function hereDocuments(script: string): ReadonlyMap<string, string> {
  const found = script.matchAll(/^ *([^\n]*) <<'(\w+)'\n(.*?)^\2\n/gms)
  return new Map([...found].map(([, command = '', , text = '']) => [command, text]))
}

describe('linux-setup', () => {
  it('ok/every-command', () => {
    const text = textOf(exampleVpn({}, { person, certificate: est }))
    assertGolden(commandsOf(text), new URL('./test/setup-est.golden', import.meta.url))
  })

  it('ok/every-command-with-a-container', () => {
    const all = commandsOf(textOf(exampleVpn({}, { person, certificate: ownContainer() })))
    const at = (start: string) => all.findIndex(([, line]) => line.startsWith(start))
    const own = all.slice(at('# The same for base64.'), at('if [ -z "$root" ] && '))
    assertGolden(own, new URL('./test/setup-container.golden', import.meta.url))
  })

  it('ok/every-command-with-a-password', () => {
    const text = textOf(exampleWired({ authentication: 'peap-mschapv2' }, { person }))
    assertGolden(commandsOf(text), new URL('./test/setup-password.golden', import.meta.url))
  })

  it('ok/texts-of-here-documents', () => {
    const certificate = ownContainer()
    const texts = hereDocuments(textOf(exampleVpn({}, { person, certificate })))
    const octets = (command: string) => Buffer.from(texts.get(command) ?? '', 'base64')
    assert.equal(texts.get('cat >"$work/password"'), 'p"w\\1\n')
    assert.deepEqual(octets('base64 -d >"$work/own.p12"'), Buffer.from(certificate.container))
    assert.deepEqual(
      octets('put_octets /etc/swanctl/pkcs12/Example-VPN.p12'),
      Buffer.from(certificate.container),
    )
    const enrolling = hereDocuments(textOf(exampleVpn({}, { person, certificate: est })))
    assert.equal(enrolling.get('cat >"$work/root.pem"'), EXAMPLE_ROOT_PEM)
  })

  it('ok/blank-lines-between-functions-alone', () => {
    const inputs = [
      exampleVpn({}, { person, certificate: est }),
      exampleVpn({}, { person, certificate: ownContainer() }),
      exampleWired({ authentication: 'peap-mschapv2' }, { person }),
    ]
    for (const input of inputs) {
      assert.ok(textOf(input).endsWith('\nesac\n'))
      const lines = textOf(input)
        .replace(/(<<'(\w+)'\n).*?^\2\n/gms, '$1')
        .split('\n')
      for (const [index, line] of lines.entries()) {
        const before = lines[index - 1] ?? ''
        assert.equal(line === '', ['}', 'done', 'esac'].includes(before), `${before}\\n${line}`)
      }
    }
  })

  it('ok/no-certificate-beside-a-password', () => {
    for (const certificate of [est, ownContainer()]) {
      const text = textOf(exampleVpn({ authentication: 'eap-mschapv2' }, { person, certificate }))
      assert.doesNotMatch(text, /^ {2}(enrol|split)|VPN\.p12|^split|undefined/m)
    }
  })

  it('fail/no-client-at-all', () => assert.match(setupScript(exampleVpn(), []), /: "\$\{client:=\}"/))

  it('ok/clients-that-can-keep-it', () => {
    assert.deepEqual(clientsOf(exampleVpn({}, { person, certificate: est })), ['networkmanager', 'swanctl'])
    assert.deepEqual(clientsOf(exampleWifi({}, { person })), ['networkmanager', 'wpa_supplicant'])
    const sstp = exampleVpn({ tunnelTypes: ['sstp'], authentication: 'mschapv2' }, { person })
    assert.deepEqual(clientsOf(sstp), ['networkmanager'])
    assert.deepEqual(clientsOf(exampleVpn({ authentication: 'ttls-eap-tls' }, { person })), ['swanctl'])
  })

  it('ok/est-by-label-with-the-challenge-in-a-file', () => {
    const text = textOf(exampleVpn({}, { person, certificate: est }))
    assert.match(
      text,
      /^url = "https:\/\/pki\.example\.org:8444\/\.well-known\/est\/lap%20tops\/simpleenroll"$/m,
    )
    assert.match(text, /^user = "challenge:a\\"b"$/m)
    assert.match(text, /--cacert "\$work\/root\.pem"/)
    assert.equal(text.split('a\\"b').length, 2, 'the challenge stands in one place')
  })

  it('ok/undo-names-every-file', () => {
    for (const input of [
      exampleVpn({}, { person, certificate: est }),
      exampleVpn({}, { person, certificate: ownContainer() }),
      exampleWired({ authentication: 'peap-mschapv2' }, { person }),
    ]) {
      const text = textOf(input)
      const written = [...text.matchAll(/(?:\bput|put_octets|\| put) (\/\S+)/g)].map(([, path]) => path)
      const gone = [...text.matchAll(/take_away (.*)/g)].flatMap(([, paths = '']) => paths.split(' '))
      assert.ok(written.length > 2)
      for (const path of written) assert.ok(gone.includes(path ?? ''), `${path ?? ''} stays behind`)
    }
  })

  it('ok/what-was-there-before-is-left-alone', () =>
    assert.doesNotMatch(
      textOf(exampleVpn({}, { person, certificate: { kind: 'installed' } })),
      /take_away .*\.key/,
    ))

  it('ok/secret-where-it-holds-one', () => {
    const holds = (input: ProfileInput) => linuxSetup.make(input)[0]?.holdsSecret
    assert.equal(holds(exampleVpn({}, { person, certificate: est })), true)
    assert.equal(holds(exampleVpn({}, { person, certificate: ownContainer() })), true)
    const psk = { tunnelTypes: ['l2tp'], authentication: 'mschapv2', preSharedKey: 'shared by all' }
    assert.equal(holds(exampleVpn(psk, { person })), true)
    assert.equal(holds(exampleWired({ authentication: 'peap-mschapv2' }, { person })), false)
    assert.equal(holds(exampleVpn({ authentication: 'eap-mschapv2' }, { person })), false)
  })

  it('fail/no-client', () => {
    assert.deepEqual(obstacles(exampleVpn({ authentication: 'ttls-pap' }, { person })), [
      'method-not-served',
      'method-not-served',
    ])
    assert.deepEqual(obstacles(exampleWired({}, { person: { userName: 'a\nb' } })), ['text-not-carried'])
  })
})
