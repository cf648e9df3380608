import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { attribute, encodeRequest, inspect, loadDictionary, RadiusError, Secret } from './index.ts'

function load(files: Readonly<Record<string, string>>, start = 'dictionary') {
  return loadDictionary(start, (path) => files[path])
}

function refuses(text: string, where: RegExp): void {
  assert.throws(
    () => load({ dictionary: text }),
    (error) => error instanceof RadiusError && error.code === 'bad-dictionary' && where.test(error.message),
    text,
  )
}

test('attributes, flags, values and vendors', () => {
  const dictionary = load({
    dictionary: [
      '# comment',
      'ATTRIBUTE Reply-Message 18 string   # RFC 2865',
      'VALUE Colour Red 1 # may come before its attribute',
      'ATTRIBUTE Colour 200 integer has_tag',
      'VALUE Colour Blue 0x2',
      'ATTRIBUTE Key 201 octets[16] encrypt=2',
      'VENDOR Acme 4242 format=2,1',
      'BEGIN-VENDOR Acme',
      'ATTRIBUTE Acme-Thing 300 ipaddr',
      'ATTRIBUTE Acme-Box 301 tlv',
      'BEGIN-TLV Acme-Box',
      'ATTRIBUTE Acme-Inside 1 byte',
      'END-TLV Acme-Box',
      'ATTRIBUTE Acme-Outside 301.2 short',
      'END-VENDOR Acme',
      'ATTRIBUTE Old-Style 7 string Acme',
      'ATTRIBUTE Internal 1000 integer',
      'VALUE Internal Something 1',
    ].join('\n'),
  })
  assert.equal(dictionary.named('reply-message')?.type, 'text')
  assert.deepEqual(dictionary.named('Colour')?.values, { Red: 1, Blue: 2 })
  assert.equal(dictionary.named('Colour')?.tagged, true)
  assert.deepEqual(
    [dictionary.named('Key')?.hiding, dictionary.named('Key')?.length],
    ['tunnel-password', 16],
  )
  assert.equal(dictionary.named('Key')?.secret, true)
  assert.deepEqual(dictionary.named('Acme-Thing')?.path, [26, 4242, 300])
  assert.equal(dictionary.named('Acme-Thing')?.vendor?.typeSize, 2)
  assert.deepEqual(dictionary.named('Acme-Inside')?.path, [26, 4242, 301, 1])
  assert.deepEqual(dictionary.named('Acme-Outside')?.path, [26, 4242, 301, 2])
  assert.deepEqual(dictionary.named('Old-Style')?.path, [26, 4242, 7])
  assert.equal(dictionary.named('Internal'), undefined)
  assert.equal(dictionary.at([18])?.name, 'Reply-Message')
})

test('vendors inside extended attributes', () => {
  const dictionary = load({
    dictionary:
      'ATTRIBUTE Ext 241 extended\nATTRIBUTE Evs 241.26 evs\nVENDOR V 9\nBEGIN-VENDOR V parent=Evs\nATTRIBUTE V-One 1 string\nEND-VENDOR V',
  })
  assert.deepEqual(dictionary.named('V-One')?.path, [241, 26, 9, 1])
})

test('vendors with other sizes of type and length are written and read', () => {
  for (const format of ['1,1', '1,0', '1,2', '2,0', '2,1', '2,2', '4,0', '4,1', '4,2', '1,1,c']) {
    const dictionary = load({
      dictionary: `VENDOR V 70000 format=${format}\nBEGIN-VENDOR V\nATTRIBUTE V-One 200 octets\nATTRIBUTE V-Tlv 201 tlv\nATTRIBUTE V-Leaf 201.3 integer\nEND-VENDOR V`,
    })
    const one = dictionary.named('V-One')
    const leaf = dictionary.named('V-Leaf')
    assert.ok(one !== undefined && leaf !== undefined)
    // Only a vendor with a continuation flag can say more than one attribute holds.
    const value = new Uint8Array(format.endsWith('c') ? 700 : 100).fill(7)
    const secret = new Secret('x')
    const octets = encodeRequest({
      code: 4,
      id: 1,
      secret,
      attributes: [attribute(one, value), attribute(leaf, 5)],
    })
    const inspected = inspect(octets)
    assert.ok(inspected.ok)
    assert.deepEqual(inspected.packet.get(one), value, format)
    assert.equal(inspected.packet.get(leaf), 5, format)
  }
})

test('$INCLUDE stays in the folder and comes to an end', () => {
  const found = load(
    { 'a/dictionary': '$INCLUDE b/more', 'a/b/more': '$INCLUDE- none\nATTRIBUTE X 1 string' },
    'a/dictionary',
  )
  assert.equal(found.size, 1)
  refuses('$INCLUDE ../secret', /dictionary:1: .*leaves the folder/)
  refuses('$INCLUDE /etc/passwd', /leaves the folder/)
  refuses('$INCLUDE x/../../y', /leaves the folder/)
  refuses('$INCLUDE dictionary', /deeper than/)
  refuses('\n$INCLUDE none', /none:0: no such file/)
})

test('the number of files is bounded', () => {
  const more = Array.from({ length: 2001 }, () => '$INCLUDE empty').join('\n')
  assert.throws(
    () => load({ dictionary: more, empty: '' }),
    (error) => error instanceof RadiusError && /more than 2000 files/.test(error.message),
  )
})

test('what is wrong is refused with file and line', () => {
  refuses('ATTRIBUTE X 1', /dictionary:1: ATTRIBUTE/)
  refuses('\n\nATTRIBUTE X one string', /dictionary:3: 'one' is not a number/)
  refuses('ATTRIBUTE X 1 sting', /unknown type sting/)
  refuses('ATTRIBUTE X 1 string shiny', /unknown flag shiny/)
  refuses('ATTRIBUTE X 1 string encrypt=9', /unknown encryption 9/)
  refuses('ATTRIBUTE X 1 byte has_tag', /cannot have a tag/)
  refuses('ATTRIBUTE X 241.300 string', /does not fit/)
  refuses('VENDOR V 1\nBEGIN-VENDOR V\nATTRIBUTE X 256 string', /dictionary:3: X: number 256 does not fit/)
  refuses('VALUE X One 1', /dictionary:1: VALUE of unknown attribute/)
  refuses('VALUE X One', /not a number/)
  refuses('VENDOR V 1 format=3,1', /format=3,1/)
  refuses('BEGIN-VENDOR V', /unknown vendor V/)
  refuses('VENDOR V 1\nBEGIN-VENDOR V', /V is not closed/)
  refuses('END-VENDOR V', /not open/)
  refuses('ATTRIBUTE X 1 string\nBEGIN-TLV X', /no such tlv/)
  refuses('HELLO', /unknown keyword HELLO/)
})

const DEBIAN = '/usr/share/freeradius/dictionary'
const missing = existsSync(DEBIAN)
  ? undefined
  : `${DEBIAN} is not installed (Debian package freeradius-common)`
if (missing !== undefined && process.env.CI) throw new Error(missing)

test('all of FreeRADIUS 3', { skip: missing ?? false }, () => {
  const dictionary = loadDictionary(DEBIAN, (path) =>
    existsSync(path) ? readFileSync(path, 'utf8') : undefined,
  )
  assert.ok(dictionary.size > 6000, String(dictionary.size))
  assert.ok([...dictionary.vendors].length > 150)
  assert.deepEqual(dictionary.named('Cisco-AVPair')?.path, [26, 9, 1])
  assert.deepEqual(dictionary.named('WiMAX-Release')?.path, [26, 24757, 1, 1])
  assert.equal(dictionary.named('USR-Channel')?.vendor?.typeSize, 4)
})
