import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import fc from 'fast-check'
import { hostileText } from '../testing/hostile-text.ts'
import { UnwritableText } from '../unwritable-text.ts'
import { plistDocument } from './plist.ts'
import { binaryByPlistutil, readByPlistlib } from './testing/read-plist.ts'

/** XML 1.0 section 2.2, written from the specification once more. */
function isCharacter(point: number): boolean {
  return (
    [0x9, 0xa, 0xd].includes(point) ||
    (point >= 0x20 && point <= 0xd7ff) ||
    (point >= 0xe000 && point <= 0xfffd) ||
    point >= 0x10000
  )
}
const isWritable = (text: string) => [...text].every((one) => isCharacter(one.codePointAt(0) ?? 0))

describe('plistDocument', { skip: skipReason('libplist-utils') }, () => {
  it('ok/every-type', () => {
    const document = plistDocument({
      text: 'a',
      empty: '',
      number: -7,
      yes: true,
      no: false,
      data: Uint8Array.of(0, 255),
      date: new Date('2026-01-02T03:04:05.678Z'),
      list: ['x', ['y'], { z: 1 }],
      missing: undefined,
    })
    const expected = [
      [['text'], 'a'],
      [['empty'], ''],
      [['number'], '(integer) -7'],
      [['yes'], '(boolean) true'],
      [['no'], '(boolean) false'],
      [['data'], '(data) 00ff'],
      [['date'], '(datetime) 2026-01-02 03:04:05'],
      [['list', '0'], 'x'],
      [['list', '1', '0'], 'y'],
      [['list', '2', 'z'], '(integer) 1'],
    ]
    assert.deepEqual(readByPlistlib([document]), [expected])
  })

  it('ok/written-as-the-dtd-has-it', () =>
    assert.equal(
      plistDocument({ a: ['x', 1], b: { c: true } })
        .replaceAll(/>\s+</g, '><')
        .trim(),
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
        '<plist version="1.0"><dict>',
        '<key>a</key><array><string>x</string><integer>1</integer></array>',
        '<key>b</key><dict><key>c</key><true/></dict>',
        '</dict></plist>',
      ].join(''),
    ))

  it('fail/fraction', () =>
    assert.throws(() => plistDocument({ a: 1.5 }), {
      code: 'plist-integer',
      message: '1.5 is not an integer.',
    }))
  it('fail/not-a-character-of-xml', () => {
    for (const text of ['\u0000', 'a\u001b', '\ud800', '\ufffe']) {
      assert.throws(() => plistDocument({ a: text }), UnwritableText)
      assert.throws(() => plistDocument({ [text]: 'a' }), UnwritableText)
    }
  })

  it('ok/hostile-text-arrives-unchanged-or-is-refused', () => {
    const texts = fc.sample(hostileText(), { numRuns: 2000, seed: 1 })
    const written: string[] = []
    const wanted: unknown[] = []
    for (const text of texts) {
      if (!isWritable(text)) {
        assert.throws(() => plistDocument({ a: text }), UnwritableText)
        continue
      }
      written.push(plistDocument({ [`k${text}`]: text, list: [text], end: true }))
      wanted.push([
        [[`k${text}`], text],
        [['list', '0'], text],
        [['end'], '(boolean) true'],
      ])
    }
    assert.ok(written.length > 500)
    assert.deepEqual(readByPlistlib(written), wanted)
    const some = written.slice(0, 60)
    assert.deepEqual(readByPlistlib(some.map(binaryByPlistutil)).map(sorted), wanted.slice(0, 60).map(sorted))
  })
})

/** A binary property list may have its keys in another order. */
function sorted(fields: unknown): string[] {
  return (fields as unknown[]).map((field) => JSON.stringify(field)).sort()
}
