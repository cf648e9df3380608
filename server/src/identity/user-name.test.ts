import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { NAME_FAULTS, nameFault, nameKey, USER_NAME_OCTETS } from './user-name.ts'

const anyText = fc.string({ unit: 'binary' })

test('forbidden forms of names are refused, each with its fault', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['', 'empty'],
    ['alice', undefined],
    ['John Smith', undefined],
    ['Алиса', undefined],
    ['a\0b', 'control-character'],
    ['a\nb', 'control-character'],
    ['a\u202eb', 'control-character'],
    ['a\u200bb', 'control-character'],
    [' alice', 'space-at-end'],
    ['alice\u00a0', 'space-at-end'],
    ['\ud800', 'not-unicode'],
    ['x'.repeat(USER_NAME_OCTETS), undefined],
    ['x'.repeat(USER_NAME_OCTETS + 1), 'too-long'],
    ['я'.repeat(127), 'too-long'],
  ]
  for (const [name, fault] of cases) assert.equal(nameFault(name), fault, JSON.stringify(name))
})

test('no name with a control character or white space at an end is ever let through', () => {
  fc.assert(
    fc.property(anyText, (name) => {
      const fault = nameFault(name)
      if (fault !== undefined) return assert.ok(NAME_FAULTS[fault])
      assert.equal(name, name.trim())
      assert.ok(name.isWellFormed())
      assert.doesNotMatch(name, /[\p{Cc}\p{Cf}]/u)
      assert.ok(Buffer.byteLength(name.normalize('NFC')) <= USER_NAME_OCTETS)
    }),
    { seed: 20260105 },
  )
})

test('the key is the same for every case and composition of a name, and its own key', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      const key = nameKey(name)
      assert.equal(nameKey(key), key)
      assert.equal(nameKey(name.toUpperCase()), key)
      assert.equal(nameKey(name.normalize('NFD')), key)
    }),
    { seed: 20260105 },
  )
  assert.equal(nameKey('ΟΔΟΣ'), nameKey('οδος'))
  assert.notEqual(nameKey('alice'), nameKey('alicе')) // the last letter is Cyrillic
  assert.equal(nameKey('STRAẞE'), nameKey('straße'))
})
