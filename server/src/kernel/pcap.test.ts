import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countRecords, pcapHeader, pcapRecord } from './pcap.ts'

const OCTETS = Uint8Array.of(1, 2, 3)

function sumOf(octets: Buffer): number {
  let sum = 0
  for (let at = 0; at < octets.length; at += 2) sum += ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16)
  return sum
}

test('an IPv4 datagram, octet by octet', () => {
  const [from, to] = [
    { address: '192.0.2.1', port: 40_000 },
    { address: '192.0.2.2', port: 1812 },
  ]
  const record = Buffer.from(pcapRecord({ at: 1_700_000_000_123.5, from, to, octets: OCTETS }))
  assert.equal(record.subarray(0, 16).toString('hex'), '00f153656ce201001f0000001f000000')
  const ip = record.subarray(16)
  assert.equal(ip.subarray(0, 10).toString('hex'), '4500001f000000004011')
  assert.equal(sumOf(ip.subarray(0, 20)), 0xffff, 'the sum over a right header')
  assert.equal(ip.subarray(12, 26).toString('hex'), 'c0000201c00002029c400714000b')
  assert.equal(ip.subarray(28).toString('hex'), '010203')
})

test('an IPv6 datagram, whatever way its address is written', () => {
  for (const [address, hex] of [
    ['::1', '00000000000000000000000000000001'],
    ['2001:db8::a:b', '20010db80000000000000000000a000b'],
    ['fe80::1%eth0', 'fe800000000000000000000000000001'],
    ['2001:db8:1:2:3:4:5:6', '20010db8000100020003000400050006'],
    ['::', '00000000000000000000000000000000'],
  ] as const) {
    const from = { address, port: 1 }
    const record = Buffer.from(pcapRecord({ at: 0, from, to: { address: '::1', port: 2 }, octets: OCTETS }))
    const ip = record.subarray(16)
    assert.equal(ip.subarray(0, 8).toString('hex'), '60000000000b1140')
    const written = ip.subarray(8, 24).toString('hex')
    assert.equal(written, hex)
    const pseudo = Buffer.concat([ip.subarray(8, 40), Buffer.from([0, 17, 0, 11])])
    assert.equal(sumOf(Buffer.concat([pseudo, ip.subarray(40)])), 0xffff, 'the sum over a right datagram')
  }
})

test('records are counted', () => {
  const end = { address: '192.0.2.1', port: 1 }
  const record = pcapRecord({ at: 0, from: end, to: end, octets: OCTETS })
  assert.equal(countRecords(Buffer.from(pcapHeader())), 0)
  assert.equal(countRecords(Buffer.concat([pcapHeader(), record, record])), 2)
})
