import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { generateAttributes, identifier } from '../generate.ts'

const folder = join(import.meta.dirname, '..', 'src', 'attributes')

test('the generated accessors are what the dictionaries say: else run `npm run generate`', () => {
  const expected = generateAttributes()
  assert.ok(expected.size >= 30)
  assert.deepEqual(readdirSync(folder).sort(), [...expected.keys()].sort())
  for (const [file, text] of expected) assert.equal(readFileSync(join(folder, file), 'utf8'), text, file)
})

test('identifiers', () => {
  const names = [
    'User-Name',
    'NAS-IP-Address',
    'NAS-IPv6-Address',
    'Cisco-AVPair',
    'MS-CHAP2-Response',
    '3GPP-IMSI',
  ]
  assert.deepEqual(names.map(identifier), [
    'UserName',
    'NasIpAddress',
    'NasIPv6Address',
    'CiscoAVPair',
    'MsChap2Response',
    'ThreeGppImsi',
  ])
})
