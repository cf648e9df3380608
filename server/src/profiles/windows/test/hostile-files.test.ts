import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import fc from 'fast-check'
import type { VpnConnection, WifiConnection } from '../../../config/schema.ts'
import type { ProfileInput } from '../../profile-input.ts'
import { exampleVpn, exampleWifi } from '../../testing/example-input.ts'
import { hostileText } from '../../testing/hostile-text.ts'
import { UnwritableText } from '../../unwritable-text.ts'
import { type XmlNode, xmlDocument } from '../../xml-text.ts'
import { wlanProfile } from '../dot1x-xml.ts'
import { phoneBook } from '../phone-book.ts'
import { userProfileXml } from '../profile-xml.ts'
import { syncMl } from '../sync-ml.ts'
import { xmlFields } from './xml-fields.ts'

const PLAIN = 'Zzyzx'

function vpn(text: string): ProfileInput<VpnConnection> {
  const input = exampleVpn(
    {
      authentication: 'ttls-mschapv2',
      tunnelTypes: ['l2tp'],
      l2tpMachineAuthentication: 'psk',
      preSharedKey: 'secret-enough',
    },
    { person: { userName: `x@${text.replaceAll('@', '')}.example` } },
  )
  const connection = { ...input.connection, title: text, preSharedKey: text, triggerApplications: [text] }
  return { ...input, connection }
}

function wifi(text: string): ProfileInput<WifiConnection> {
  const input = exampleWifi()
  return { ...input, connection: { ...input.connection, title: text, ssid: text } }
}

const documents: Readonly<Record<string, (text: string) => XmlNode>> = {
  profilexml: (text) => userProfileXml(vpn(text)),
  wlan: (text) => wlanProfile(wifi(text)),
  syncml: (text) => syncMl('User', text, userProfileXml(vpn(text))),
}

/** XML makes one line feed of every end of a line, except of those written as numbers: ours are. */
describe('hostile text in files of Windows', () => {
  for (const [name, make] of Object.entries(documents)) {
    it(`fail/${name}`, { skip: skipReason('python3-lxml') }, () => {
      const texts = fc.sample(hostileText(), { seed: 9, numRuns: 150 }).filter((text) => text.trim() !== '')
      const made = texts.flatMap((text) => {
        try {
          return [{ text, document: xmlDocument(make(text)) }]
        } catch (error) {
          assert.ok(error instanceof UnwritableText)
          return []
        }
      })
      assert.ok(made.length > 60)
      const [plain = [], ...read] = xmlFields([
        xmlDocument(make(PLAIN)),
        ...made.map(({ document }) => document),
      ])
      const inner: { readonly text: string; readonly document: string }[] = []
      for (const [index, fields] of read.entries()) {
        const text = made[index]?.text ?? ''
        assert.deepEqual(
          fields.map(([path]) => path),
          plain.map(([path]) => path),
        )
        for (const [at, [path, value]] of plain.entries()) {
          const found = fields[at]?.[1] ?? ''
          if (path.endsWith('/hex')) assert.equal(Buffer.from(found, 'hex').toString(), text.toWellFormed())
          else if (path.endsWith('/LocURI'))
            assert.equal(
              decodeURIComponent(found),
              value.replaceAll(PLAIN, () => text),
            )
          else if (path.endsWith('/Data')) inner.push({ text, document: found })
          else if (path.endsWith('/AnonymousIdentity'))
            assert.equal(found, `anonymous@${text.replaceAll('@', '')}.example`)
          else
            assert.equal(
              found,
              value.replaceAll(PLAIN, () => text),
            )
        }
      }
    })
  }

  /** What a phone book is, by MS-RRASM 2.2.2.2: lines, sections in brackets, keys before the first equals sign. */
  function readPhoneBook(content: string): readonly string[] {
    return content.split(/\r\n|\r|\n|\u2028|\u2029|\u0085/).map((line) => {
      const section = /^\[(.*)\]$/s.exec(line)
      return section === null ? (line.split('=')[0] ?? '') : `section ${section[1] ?? ''}`
    })
  }

  it('fail/phone-book', () => {
    const book = (text: string) => {
      const { connection } = exampleVpn({ tunnelTypes: ['sstp'], authentication: 'mschapv2' })
      return phoneBook({ ...connection, title: text, name: text })
    }
    const plain = readPhoneBook(book(PLAIN))
    let written = 0
    fc.assert(
      fc.property(hostileText(), (text) => {
        let content: string
        try {
          content = book(text)
        } catch (error) {
          assert.ok(error instanceof UnwritableText)
          return
        }
        written++
        assert.deepEqual(
          readPhoneBook(content),
          plain.map((key) => key.replace(PLAIN, () => text)),
        )
      }),
      { seed: 10, numRuns: 300 },
    )
    assert.ok(written > 60)
    assert.throws(() => book('a]\r\n[b'), UnwritableText)
  })
})
