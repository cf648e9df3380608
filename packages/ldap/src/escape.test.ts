import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseDn } from './distinguished-name.ts'
import { filter, textInDn } from './escape.ts'
import { encodeFilter } from './filter-encoder.ts'

/** The value of an equality: the last element of its two. */
function assertedValue(octets: Uint8Array, attribute: string): string {
  const whole = Buffer.from(octets)
  const at = whole.indexOf(attribute) + attribute.length
  assert.equal(whole[0], 0xa3, 'more than an equality was written')
  assert.equal(whole[at], 0x04)
  const long = (whole[at + 1] as number) >= 0x80 ? (whole[at + 1] as number) & 0x7f : 0
  return whole.subarray(at + 2 + long).toString('utf8')
}

test('ok/RFC 4515 section 4: the examples of escaped values', () => {
  assert.equal(
    filter`(o=${'Parens R Us (for all your parenthetical needs)'})`,
    '(o=Parens R Us \\28for all your parenthetical needs\\29)',
  )
  assert.equal(filter`(cn=${'*'})`, '(cn=\\2a)')
  assert.equal(filter`(filename=${'C:\\MyFile'})`, '(filename=C:\\5cMyFile)')
  assert.equal(filter`(bin=${Uint8Array.of(0, 0, 0, 4)})`, '(bin=\\00\\00\\00\\04)')
})

test('fail/no name is a filter: whatever is typed is searched for as it is', () => {
  for (const name of ['*', 'a)(uid=*', 'a*)(|(objectClass=*', '\\2a', '\\', 'a\0b', ')(', '(', 'é)(uid=*'])
    assert.equal(assertedValue(encodeFilter(filter`(uid=${name})`), 'uid'), name)
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (name) => {
      assert.equal(
        assertedValue(encodeFilter(filter`(uid=${name})`), 'uid'),
        Buffer.from(name).toString('utf8'),
      )
    }),
    { seed: 4515, numRuns: 500 },
  )
})

test('fail/no name is part of a distinguished name but its value', () => {
  for (const name of ['a,dc=evil', 'a+cn=b', ' a', 'a ', '#41', 'a"b', 'a\\', '<>;=', 'a\0', ' ', '  '])
    assert.deepEqual(
      parseDn(`uid=${textInDn(name)},dc=test`)[0],
      [{ type: 'uid', value: name }],
      JSON.stringify(name),
    )
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (name) => {
      const read = parseDn(`uid=${textInDn(name)},dc=test`)
      assert.deepEqual(read, [[{ type: 'uid', value: name }], [{ type: 'dc', value: 'test' }]])
    }),
    { seed: 4514, numRuns: 500 },
  )
})
