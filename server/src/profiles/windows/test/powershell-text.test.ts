import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { UnwritableText } from '../../unwritable-text.ts'
import { xml } from '../../xml-text.ts'
import {
  powershellComment,
  powershellFile,
  powershellOctets,
  powershellText,
  powershellTexts,
  powershellXml,
} from '../powershell-text.ts'

/** Expected by hand: PowerShell language specification 2.3.5.2 (verbatim strings), .NET's Regex.Unescape, RFC 4648. */
describe('texts in PowerShell', () => {
  it('ok/ascii-is-verbatim', () => {
    assert.equal(powershellText("Bob's $(a) `b` \\n ~"), "'Bob''s $(a) `b` \\n ~'")
    assert.equal(powershellText(''), "''")
    assert.equal(powershellTexts(['a', 'b']), "@('a', 'b')")
  })

  it('ok/other-letters-as-code-units', () => {
    assert.equal(powershellText("é\\'"), "([regex]::Unescape('\\u00e9\\\\'''))")
    assert.equal(powershellText('Ж😀'), "([regex]::Unescape('\\u0416\\ud83d\\ude00'))")
  })

  it('fail/what-moves-a-cursor-or-turns-the-reading-direction', () => {
    for (const text of ['a\nb', '\u0000', '\u202e', '\u2066', '\u200f', '\u2028', '\ud800'])
      assert.throws(() => powershellText(text), new UnwritableText(text, 'a PowerShell script'))
  })

  it('ok/comment', () => assert.equal(powershellComment('From', 'a\nÜ😀\ud800b'), '# From: a????b'))

  it('ok/octets', () => {
    assert.deepEqual(powershellOctets(Uint8Array.of()), ['[Convert]::FromBase64String(', "  ''", ')'])
    assert.deepEqual(powershellOctets(new Uint8Array(75)), [
      '[Convert]::FromBase64String(',
      `  '${'A'.repeat(100)}'`,
      ')',
    ])
    assert.deepEqual(powershellOctets(new Uint8Array(151)), [
      '[Convert]::FromBase64String(',
      ...[`  '${'A'.repeat(100)}' +`, `  '${'A'.repeat(100)}' +`, "  'AA=='"],
      ')',
    ])
  })

  it('ok/xml-in-ascii', () =>
    assert.deepEqual(powershellXml(xml('a', [xml('b', "'@ é😀"), xml('c', [])])), [
      ...["@'", '<a>', '  <b>&apos;@ &#233;&#128512;</b>', '  <c/>', '</a>', "'@"],
    ]))

  it('ok/file', () => assert.equal(powershellFile(['a', 'b']), 'a\r\nb\r\n'))
})
