import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex, toHex } from '@sallyport/bytes'
import fc from 'fast-check'
import { DerReader, onlyElement } from '../der/der-reader.ts'
import { element, oid, sequence, setOf } from '../der/der-writer.ts'
import { TAG } from '../der/tags.ts'
import { distinguishedName, isWithin, nameText, readName, sameName } from './distinguished-name.ts'
import {
  encodeGeneralName,
  encodeGeneralNames,
  ipOctets,
  ipText,
  readGeneralName,
  readGeneralNames,
} from './general-name.ts'

const raw = (type: string, tag: number, value: Uint8Array) =>
  readName(onlyElement(sequence(setOf(sequence(oid(type), element(tag, value)))), TAG.sequence, 'Name'))

test('RFC 4514 section 4: examples', () => {
  assert.equal(
    nameText(distinguishedName(['DC', 'net'], ['DC', 'example'], ['UID', 'jsmith'])),
    'UID=jsmith,DC=example,DC=net',
  )
  assert.equal(
    nameText(distinguishedName(['CN', 'James "Jim" Smith, III'])),
    'CN=James \\"Jim\\" Smith\\, III',
  )
  assert.equal(nameText(distinguishedName(['CN', 'Before\rAfter'])), 'CN=Before\\0dAfter')
  assert.equal(nameText(distinguishedName(['CN', 'Lučić'])), 'CN=Lučić')
  assert.equal(
    nameText(raw('1.3.6.1.4.1.1466.0', TAG.octetString, fromHex('4869'))),
    '1.3.6.1.4.1.1466.0=#04024869',
  )
  assert.equal(nameText(distinguishedName(['CN', ' #x '])), 'CN=\\ #x\\ ')
})

test('an empty attribute is refused', () => {
  for (const text of ['', ' ', '\t'])
    assert.throws(() => distinguishedName(['CN', text]), { code: 'invalid-request' })
})

test('names compare over string types, case and white space, and not beyond', () => {
  const plain = distinguishedName(['CN', 'Good CA'])
  const same = [
    raw('2.5.4.3', TAG.printableString, Buffer.from('good  CA ')),
    raw('2.5.4.3', TAG.bmpString, Buffer.from('Good CA', 'utf16le').swap16()),
    raw('2.5.4.3', TAG.t61String, Buffer.from('GOOD CA')),
    raw(
      '2.5.4.3',
      TAG.universalString,
      Buffer.concat([...'Good CA'].map((c) => Buffer.of(0, 0, 0, c.charCodeAt(0)))),
    ),
  ]
  for (const name of same) assert.ok(sameName(plain, name))
  const others = [
    distinguishedName(['O', 'Good CA']),
    distinguishedName(['CN', 'Good'], ['CN', 'CA']),
    raw('2.5.4.3', TAG.octetString, Buffer.from('Good CA')),
  ]
  for (const name of others) assert.ok(!sameName(plain, name))
})

test('no value can imitate the separators of a comparison key', () => {
  const text = fc.string({
    minLength: 1,
    maxLength: 6,
    unit: fc.constantFrom('a', '\\', '\u0000', '\u0001', '=', '0'),
  })
  fc.assert(
    fc.property(fc.array(text, { maxLength: 3 }), fc.array(text, { maxLength: 3 }), (a, b) => {
      const visible = (texts: string[]) => texts.filter((each) => each.trim() !== '')
      const [one, other] = [visible(a), visible(b)].map((texts) =>
        distinguishedName(...texts.map((each) => ['CN', each] as const)),
      )
      if (one === undefined || other === undefined || !sameName(one, other)) return
      assert.deepEqual(
        visible(a).map((each) => each.trim()),
        visible(b).map((each) => each.trim()),
      )
    }),
    { numRuns: 1000, seed: 4514 },
  )
})

test('a subtree takes whole relative names, from the top', () => {
  const base = distinguishedName(['C', 'DE'], ['O', 'Example'])
  assert.ok(isWithin(distinguishedName(['C', 'DE'], ['O', 'EXAMPLE'], ['CN', 'alice']), base))
  assert.ok(isWithin(base, base))
  assert.ok(!isWithin(distinguishedName(['C', 'DE'], ['O', 'Example2'], ['CN', 'alice']), base))
  assert.ok(!isWithin(distinguishedName(['C', 'DE']), base))
})

test('general names of every kind survive', () => {
  const names = [
    { kind: 'upn', name: 'alice@example.org' },
    { kind: 'email', address: 'alice@example.org' },
    { kind: 'dns', name: 'host.example.org' },
    { kind: 'uri', uri: 'https://example.org/' },
    { kind: 'ip', octets: ipOctets('192.0.2.1') },
    { kind: 'registered-id', oid: '1.2.3' },
    { kind: 'directory', name: distinguishedName(['CN', 'alice']) },
    { kind: 'other', type: '1.2.3.4', value: fromHex('0500') },
  ] as const
  const read = readGeneralNames(onlyElement(encodeGeneralNames(names), TAG.sequence, 'names').content)
  assert.equal(toHex(encodeGeneralNames(read)), toHex(encodeGeneralNames(names)))
  assert.deepEqual(
    read.map(({ kind }) => kind),
    names.map(({ kind }) => kind),
  )
})

test('a user principal name is an otherName with UTF-8 text inside (MS-WCCE)', () => {
  const encoded = encodeGeneralName({ kind: 'upn', name: 'a@b' })
  assert.equal(toHex(encoded), 'a013060a2b060104018237140203a0050c03614062')
  for (const bad of [
    'a013060a2b060104018237140203a0050403614062',
    'a013060a2b060104018237140203a0050c03ff4062',
    '8b00',
  ]) {
    assert.throws(() => readGeneralName(new DerReader(fromHex(bad)).any()), { code: 'malformed' })
  }
})

test('empty names and names outside ASCII are refused', () => {
  assert.throws(() => encodeGeneralName({ kind: 'dns', name: '' }), { code: 'invalid-request' })
  assert.throws(() => encodeGeneralName({ kind: 'upn', name: ' ' }), { code: 'invalid-request' })
  assert.throws(() => encodeGeneralName({ kind: 'dns', name: 'bücher.example' }), { code: 'invalid-request' })
  assert.throws(() => readGeneralNames(new Uint8Array()), { code: 'malformed' })
  assert.throws(() => readGeneralName(new DerReader(fromHex('8201ff')).any()), { code: 'malformed' })
})

test('IP addresses in text', () => {
  for (const text of ['192.0.2.1', '2001:db8:0:0:0:0:0:1']) assert.equal(ipText(ipOctets(text)), text)
  assert.equal(ipText(ipOctets('::1')), '0:0:0:0:0:0:0:1')
  assert.equal(ipText(ipOctets('fe80::')), 'fe80:0:0:0:0:0:0:0')
  for (const bad of [
    '256.0.0.1',
    '1.2.3',
    '::1::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8::',
    '',
    'x',
    '12345::',
  ]) {
    assert.throws(() => ipOctets(bad), { code: 'invalid-request' }, bad)
  }
})
