import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex } from '@sallyport/bytes'
import { fileSpan, fileTime } from './file-time.ts'
import { guidOctets, guidText, sidInDomain, sidText } from './object-ids.ts'

const SID = fromHex('010500000000000515000000c7a4d91394d3e5c41d9d3ff24f040000')

test('ok/a SID reads as Windows writes it, and its domain has other accounts', () => {
  assert.equal(sidText(SID), 'S-1-5-21-333030599-3303396244-4064255261-1103')
  assert.equal(sidText(fromHex('0101000000000005 12000000'.replace(' ', ''))), 'S-1-5-18')
  const users = sidInDomain(SID, 513)
  assert.equal(users && sidText(users), 'S-1-5-21-333030599-3303396244-4064255261-513')
})

test('fail/octets that are no SID', () => {
  for (const hex of [
    '',
    '01',
    '0105000000000005',
    '02010000000000051200000000',
    '01100000000000051200000000',
  ])
    assert.equal(sidText(fromHex(hex.slice(0, hex.length - (hex.length % 2)))), undefined, hex)
  for (let length = 0; length < SID.length; length++)
    assert.equal(sidText(SID.subarray(0, length)), undefined)
})

test('ok/an objectGUID: three fields low octet first, two as they stand', () => {
  assert.equal(guidText(fromHex('00112233445566778899aabbccddeeff')), '33221100-5544-7766-8899-aabbccddeeff')
  assert.equal(guidText(fromHex('0011')), undefined)
  const buffer = Buffer.from('00112233445566778899aabbccddeeff', 'hex')
  assert.equal(guidText(buffer), guidText(buffer), 'reading changes nothing')
  const octets = guidOctets('33221100-5544-7766-8899-AABBCCDDEEFF')
  assert.deepEqual(octets, fromHex('00112233445566778899aabbccddeeff'))
  for (const text of ['', '33221100', '33221100-5544-7766-8899-aabbccddeef*'])
    assert.equal(guidOctets(text), undefined)
})

test('ok/instants and spans of 100 ns, and what stands for never', () => {
  assert.equal(fileTime('116444736000000000'), 0)
  assert.equal(fileTime('132223104000000000'), Date.parse('2020-01-01T00:00:00Z'))
  for (const never of [undefined, '0', '9223372036854775807', 'soon'])
    assert.equal(fileTime(never), undefined)
  assert.equal(fileSpan('-600000000'), 60_000)
  for (const never of [undefined, '0', '-9223372036854775808', '600000000'])
    assert.equal(fileSpan(never), undefined)
})
