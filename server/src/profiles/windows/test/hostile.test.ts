import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { ConnectionConfiguration } from '../../../config/schema.ts'
import { findingsOf, makeFiles } from '../../make-files.ts'
import type { ProfileInput } from '../../profile-input.ts'
import { isObstacle, type ProfileFile } from '../../profile-output.ts'
import { exampleVpn, exampleWifi, exampleWired } from '../../testing/example-input.ts'
import { hostileName, hostileText } from '../../testing/hostile-text.ts'
import { xml } from '../../xml-text.ts'
import { powershellText, powershellXml } from '../powershell-text.ts'
import { WINDOWS_OUTPUTS } from '../windows-outputs.ts'
import { readScript } from './script-reading.ts'

const PLAIN = 'Zzyzx'
const RUNS = { seed: 7, numRuns: 120 }

/** One text in every place where somebody can write one. */
function saying(text: string, kind: 'vpn' | 'wifi' | 'wired'): ProfileInput {
  const others: Partial<ProfileInput> = {
    person: { userName: `x@${text.replaceAll('@', '')}.example`, displayName: text, email: text },
    certificate: {
      kind: 'installed',
      windowsEnrolment: {
        policyUrl: `https://ca.example.org/${text}`,
        template: text,
        authentication: 'kerberos',
      },
    },
  }
  const input = { vpn, wifi, wired }[kind]()
  function vpn(): ProfileInput {
    return exampleVpn(
      {
        authentication: 'ttls-eap-tls',
        tunnelTypes: ['l2tp', 'sstp', 'ikev2'],
        l2tpMachineAuthentication: 'psk',
        preSharedKey: 'secret-enough',
        dns: {
          rules: [{ suffix: '.example.org', servers: ['10.0.0.53'], autoTrigger: true, persistent: true }],
        },
        gateways: [{ address: 'vpn.example.org' }, { address: 'vpn2.example.org' }],
        deviceTunnel: { routes: ['10.0.0.0/8'] },
      },
      others,
    )
  }
  function wifi(): ProfileInput {
    return exampleWifi({}, others)
  }
  function wired(): ProfileInput {
    return exampleWired({}, others)
  }
  // Past the schema: what a file does with a text must not rest on who checked it before.
  const { connection } = input
  const written = { ...connection, name: text, title: text } as ConnectionConfiguration
  const said =
    written.kind === 'vpn'
      ? {
          ...written,
          preSharedKey: text,
          triggerApplications: [text],
          gateways: written.gateways.map((gateway) => ({ ...gateway, title: text })),
        }
      : written.kind === 'wifi'
        ? { ...written, ssid: text }
        : written
  return { ...input, connection: said, organization: { ...input.organization, name: text } }
}

/** The files of all outputs where nothing stands against them; the obstacle otherwise. */
function filesOf(id: string, input: ProfileInput): readonly ProfileFile[] | undefined {
  const output = WINDOWS_OUTPUTS.find((one) => one.id === id)
  assert.ok(output !== undefined)
  if (findingsOf(output, { ...input }).some(isObstacle)) return undefined
  return makeFiles(output, input)
}

const MARK = '#SALLYPORT#\r\n'

/** Of a .cmd what PowerShell reads of it: from the mark on. */
function scriptOf({ name, content }: ProfileFile): string {
  const text = String(content)
  return name.endsWith('.cmd') ? text.slice(text.indexOf(MARK)) : text
}

/** Base text with the plain text replaced, in the forms a text may have inside XML and URLs. */
function expected(plain: string, text: string): string {
  return plain.replaceAll(PLAIN, () => text)
}

const readXml = (text: string): string =>
  text.replace(/&(?:#(\d+)|(\w+));/g, (_, code?: string, name?: string) =>
    code === undefined
      ? ({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }[name ?? ''] ?? '?')
      : String.fromCodePoint(Number(code)),
  )

const SCRIPTS: readonly (readonly [id: string, kind: 'vpn' | 'wifi' | 'wired'])[] = [
  ...(['windows-script', 'windows-setup', 'windows-remove'] as const).flatMap((id) => [
    [id, 'vpn'] as const,
    [id, 'wifi'] as const,
    [id, 'wired'] as const,
  ]),
  ['windows-script-all-users', 'vpn'],
  ['windows-to-all-users', 'vpn'],
  ['windows-aovpn-script', 'vpn'],
  ['windows-aovpn-repair', 'vpn'],
]

describe('hostile text in scripts of Windows', () => {
  for (const [id, kind] of SCRIPTS) {
    it(`fail/${id}-${kind}`, () => {
      const [plainFile] = filesOf(id, saying(PLAIN, kind)) ?? []
      assert.ok(plainFile !== undefined)
      const plain = readScript(scriptOf(plainFile))
      let made = 0
      fc.assert(
        fc.property(fc.oneof(hostileText(), hostileName(), fc.constant('x#SALLYPORT#\u2019')), (text) => {
          const [file] = filesOf(id, saying(text, kind)) ?? []
          if (file === undefined) return
          made++
          assert.match(String(file.content), /^[\r\n\x20-\x7e]*$/, 'a script is ASCII')
          const reading = readScript(scriptOf(file))
          assert.deepEqual(reading.skeleton, plain.skeleton)
          for (const [index, value] of plain.texts.entries()) {
            if (!value.includes(PLAIN)) assert.equal(reading.texts[index], value)
            else compare(reading.texts[index] ?? '', value, text)
          }
        }),
        RUNS,
      )
      assert.ok(made > 15, `only ${String(made)} texts were let in`)
    })
  }

  function compare(found: string, plain: string, text: string): void {
    // XML and the names of the CSP are texts inside texts.
    if (plain.startsWith('<')) {
      const ssid = (value: string) => Buffer.from(value).toString('hex').toUpperCase()
      const realm = expected(
        readXml(plain).replace(`anonymous@${PLAIN}.`, () => `anonymous@${text.replaceAll('@', '')}.`),
        text,
      )
      assert.equal(readXml(found), realm.replace(ssid(PLAIN), ssid(text)))
    } else if (plain.startsWith(PLAIN) && plain.endsWith('%20Device%20Tunnel'))
      assert.equal(decodeURIComponent(found), `${text} Device Tunnel`)
    else if (plain === PLAIN) assert.ok(found === text || decodeURIComponent(found) === text)
    else assert.equal(found, expected(plain, text))
  }

  it('fail/batch-part-never-holds-a-name', () => {
    const before = (text: string) => {
      const [file] = filesOf('windows-setup', saying(text, 'vpn')) ?? []
      const content = String(file?.content)
      return content.slice(0, content.indexOf(MARK))
    }
    assert.equal(before("%PATH%&calc ^! '#SALLYPORT#'"), before(PLAIN))
    assert.match(before(PLAIN), /exit \/b %SALLYPORT_CODE%\r\n$/)
    assert.ok(!before(PLAIN).includes(MARK.trim()), 'the mark stands once')
  })

  it('fail/comment-cannot-become-a-statement-of-its-own', () => {
    for (const text of ['Requires -Version 9', 'SIG # Begin signature block', '> calc']) {
      const [file] = filesOf('windows-script', saying(text.replace('>', ''), 'vpn')) ?? []
      const comments = String(file?.content)
        .split('\r\n')
        .filter((line) => line.startsWith('#'))
      assert.deepEqual(
        comments.filter((line) => /^#\s*SIG #|^#requires/i.test(line)),
        ['#Requires -Version 5.1'],
      )
    }
  })

  it('fail/control-characters-are-refused-with-a-reason', () => {
    for (const text of ['a\nb', 'a\rb', 'a\0b', 'a\u2028b', 'a\u202eb', '\ud83d']) {
      for (const output of WINDOWS_OUTPUTS) {
        const kind = output.kinds[0] ?? 'vpn'
        const codes = findingsOf(output, saying(text, kind))
          .filter(isObstacle)
          .map(({ code }) => code)
        assert.ok(codes.includes('text-unwritable'), `${output.id} takes ${JSON.stringify(text)}`)
      }
      assert.throws(() => powershellText(text), { code: 'profile-text-unwritable' })
    }
  })

  it('ok/the-reader-sees-a-naive-escaping', () => {
    const naive = (text: string) => `'${text.replaceAll("'", "''")}'`
    const broken = fc.sample(hostileText(), { seed: 8, numRuns: 600 }).filter((text) => {
      try {
        const { skeleton, texts } = readScript(`f ${naive(text)}`)
        return skeleton.length !== 2 || texts[0] !== text
      } catch {
        return true
      }
    })
    assert.ok(broken.length > 10, 'texts with typographic apostrophes must break out of it')
    assert.deepEqual(readScript("f 'x’; calc #'").skeleton.includes('calc'), true)
  })

  it('fail/text-in-xml-of-a-here-string', () => {
    fc.assert(
      fc.property(hostileText(), (text) => {
        let lines: readonly string[]
        try {
          lines = powershellXml(xml('a', [xml('b', text)]))
        } catch {
          return
        }
        const { skeleton, texts } = readScript(`f ${lines.join('\r\n')} g`)
        assert.deepEqual(skeleton, ['f', 'text', 'g'])
        assert.equal(
          readXml(texts[0] ?? '')
            .replaceAll('\r\n', '\n')
            .split('<b>')[1]
            ?.split('</b>')[0] ?? '',
          text.replaceAll('\r\n', '\n'),
        )
      }),
      RUNS,
    )
  })
})
