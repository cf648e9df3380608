import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseXml } from './parse-xml.ts'
import { escapeXml, tag } from './write-xml.ts'
import { XmlError, type XmlFault } from './xml-error.ts'

const parse = (text: string) => parseXml(new TextEncoder().encode(text))
const refused = (fault: XmlFault, text: string) =>
  assert.throws(
    () => parse(text),
    (error) => error instanceof XmlError && error.fault === fault,
    `${fault}: ${text.slice(0, 60)}`,
  )

test('ok/names are resolved by namespace, whatever the prefix', () => {
  const root = parse(
    `<?xml version="1.0" encoding="utf-8"?><!-- x --><a:r xmlns:a="u:1" xmlns="u:2" a:k="1" k='2'>x<b/>y<a:b xmlns:a="u:3">&lt;&#65;&#x42;</a:b></a:r>\n`,
  )
  assert.ok(root.is('u:1', 'r'))
  assert.equal(root.attributes.get('{u:1}k'), '1')
  assert.equal(root.attributes.get('k'), '2')
  assert.equal(root.text, 'xy')
  assert.ok(root.only('u:2', 'b'))
  assert.equal(root.only('u:3', 'b')?.text, '<AB')
  assert.equal(root.only('u:1', 'b'), undefined)
})

test('ok/text is what was written: comments do not cut it, carriage returns of WCF stay', () => {
  assert.equal(parse('<a>admin<!-- x -->istrator</a>').text, 'administrator')
  assert.equal(parse('<a>1&#xD;\r\n2</a>').text, '1\r\n2')
})

test('fail/a document type, whatever it declares', () => {
  refused('document-type', '<!DOCTYPE a><a/>')
  refused('document-type', '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>')
  refused('document-type', '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>')
  refused('document-type', '<a><!DOCTYPE b></a>')
  refused('syntax', '<a><!ENTITY b "c"></a>')
  refused('entity', '<a>&b;</a>')
  refused('entity', '<a b="&c;"/>')
  refused('entity', '<a>&#0;</a>')
  refused('entity', '<a>&#xD800;</a>')
  refused('processing-instruction', '<?xml-stylesheet href="x"?><a/>')
  refused('processing-instruction', '<a><?php x ?></a>')
})

test('fail/too deep, too many, too large: at once', () => {
  const begun = performance.now()
  refused('depth', '<a>'.repeat(80_000))
  refused('count', `<r>${'<a/>'.repeat(60_000)}</r>`)
  refused('count', `<r ${Array.from({ length: 5000 }, (_, at) => `a${at}="1"`).join(' ')}/>`)
  refused('too-large', `<a>${'x'.repeat(300_000)}</a>`)
  refused('syntax', `<a ${' '.repeat(200_000)}`)
  refused('syntax', `<a>${'<!--x-->'.repeat(30_000)}`)
  assert.ok(performance.now() - begun < 2000)
})

test('fail/what is not well-formed', () => {
  for (const bad of [
    '',
    'x',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '<a/>x',
    '<a b=c/>',
    '<a b="1"c="2"/>',
    '<a b="<"/>',
    '<a><![CDATA[x]]></a>',
    '<a>]]></a>',
    '<a>\u0001</a>',
    '<a><!-- -- --></a>',
    '< a/>',
    '<a b/>',
    '</a>',
  ])
    assert.throws(() => parse(bad), XmlError, bad)
  refused('attribute', '<a b="1" b="2"/>')
  refused('attribute', '<a xmlns:x="u" xmlns:y="u" x:b="1" y:b="2"/>')
  refused('attribute', '<a xmlns:x="u" xmlns:x="u"/>')
  refused('namespace', '<x:a/>')
  refused('namespace', '<a xmlns:x=""/>')
  refused('namespace', '<a xmlns:xml="u"/>')
  assert.throws(
    () => parseXml(Uint8Array.of(0x3c, 0x61, 0x2f, 0x3e, 0xff)),
    (error) => error instanceof XmlError && error.fault === 'not-utf8',
  )
  assert.throws(() => parseXml(Buffer.from('<a/>', 'utf16le')), XmlError)
})

test('fail/every cut of a document is refused, and nothing but its own error comes out', () => {
  const whole = '<a:b xmlns:a="u" c="d"><!-- e --><f>g&amp;</f></a:b>'
  for (let at = 0; at < whole.length; at++) assert.throws(() => parse(whole.slice(0, at)), XmlError)
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...'<>/ab:="&;#!-?[]x \''), { maxLength: 40 }), (letters) => {
      try {
        parse(`<a>${letters.join('')}</a>`)
      } catch (error) {
        assert.ok(error instanceof XmlError, String(error))
      }
    }),
    { seed: 12 },
  )
})

test('ok/what is written is read again as it was, and no value becomes markup', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
      const readable = text
        .toWellFormed()
        .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
      const root = parse(tag('a', { b: text }, tag('c', {}, text)).text)
      assert.equal(root.attributes.get('b'), readable)
      assert.equal(root.only('', 'c')?.text, readable)
      assert.equal(root.children.length, 1)
    }),
    { seed: 8 },
  )
  assert.equal(escapeXml('\'"<&>'), '&apos;&quot;&lt;&amp;&gt;')
})
