import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import fc from 'fast-check'
import { hostileText } from './testing/hostile-text.ts'
import { UnwritableText } from './unwritable-text.ts'
import { xml, xmlDocument, xmlFragment, xmlText } from './xml-text.ts'

describe('xml', () => {
  it('ok/children-and-attributes', () => {
    const root = xml('a', [xml('b', 'x & <y>'), undefined, xml('c', [])], { xmlns: 'urn:"q"' })
    assert.equal(xmlFragment(root), '<a xmlns="urn:&quot;q&quot;"><b>x &amp; &lt;y&gt;</b><c/></a>')
    assert.equal(
      xmlDocument(root),
      '<?xml version="1.0" encoding="UTF-8"?>\n<a xmlns="urn:&quot;q&quot;">\n  <b>x &amp; &lt;y&gt;</b>\n  <c/>\n</a>\n',
    )
  })

  it('fail/what-xml-cannot-carry', () => {
    for (const text of ['\0', '\u001b[31m', '\ufffe', '\ud83d', '\udc00x'])
      assert.throws(() => xmlText(text), UnwritableText)
  })

  it('ok/xmllint-reads-hostile-text-unchanged', { skip: skipReason('libxml2-utils') }, () => {
    const texts = fc
      .sample(hostileText(), { seed: 61, numRuns: 400 })
      .filter(
        (text) =>
          text.isWellFormed() && !/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text),
      )
    assert.ok(texts.length > 200)
    const document = xmlDocument(
      xml(
        'all',
        texts.map((text) => xml('t', text, { a: text })),
      ),
    )
    for (const path of ['t', 't/@a']) {
      const { stdout, stderr, status } = spawnSync(
        'xmllint',
        ['--noout', '--nonet', '--xpath', `count(/all/${path})`, '-'],
        { input: document, encoding: 'utf8' },
      )
      assert.equal(status, 0, stderr)
      assert.equal(stdout.trim(), String(texts.length))
    }
    for (const [index, text] of texts.slice(0, 12).entries()) {
      for (const path of [`t[${index + 1}]`, `t[${index + 1}]/@a`]) {
        const { stdout } = spawnSync('xmllint', ['--nonet', '--xpath', `string(/all/${path})`, '-'], {
          input: document,
          encoding: 'utf8',
        })
        assert.equal(stdout, `${text}\n`)
      }
    }
  })
})
