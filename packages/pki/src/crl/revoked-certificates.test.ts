import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concat, fromHex, fromUtf8, toHex } from '@sallyport/bytes'
import fc from 'fast-check'
import { encodeExtensions } from '../certificate/extension.ts'
import { element, enumerated, explicit, integer, nullValue, sequence, time } from '../der/der-writer.ts'
import { TAG } from '../der/tags.ts'
import { distinguishedName } from '../names/distinguished-name.ts'
import { EXTENSION } from '../oids.ts'
import { CRL_REASONS } from './crl-reason.ts'
import { RevokedCertificates } from './revoked-certificates.ts'

const AT = Date.UTC(2026, 0, 5)
const OWN = 'the issuer of the list'

function entry(serial: Uint8Array | number, ...extensions: readonly Uint8Array[]): Uint8Array {
  return sequence(integer(serial), time(AT), ...extensions)
}

function reason(code: number): Uint8Array {
  return encodeExtensions([{ oid: EXTENSION.cRLReason, critical: false, value: enumerated(code) }])
}

function issuedBy(name: string): Uint8Array {
  const value = sequence(explicit(4, distinguishedName(['CN', name]).encoded))
  return encodeExtensions([{ oid: EXTENSION.certificateIssuer, critical: true, value }])
}

const keyOf = (name: string) => distinguishedName(['CN', name]).key
const list = (...entries: readonly Uint8Array[]) => new RevokedCertificates(concat(...entries), OWN)
const serialOf = (number: number) => integer(number).subarray(2)

test('ok/whatever was put in is found with its reason and date, and nothing else', () => {
  const serials = fc.uint8Array({ minLength: 1, maxLength: 20 }).map((octets) => integer(octets).subarray(2))
  const code = fc.constantFrom(...CRL_REASONS.flatMap((name, index) => (name === undefined ? [] : [index])))
  const day = fc.integer({ min: 0, max: 20_000 }).map((days) => days * 86_400_000)
  const line = fc.record({ serial: serials, code, day })
  const lines = fc.uniqueArray(line, { selector: ({ serial }) => toHex(serial), maxLength: 60 })
  fc.assert(
    fc.property(lines, serials, (given, other) => {
      const revoked = list(
        ...given.map(({ serial, code, day }) =>
          sequence(element(TAG.integer, serial), time(day), ...(code === 0 ? [] : [reason(code)])),
        ),
      )
      assert.equal(revoked.size, given.length)
      for (const { serial, code, day } of given) {
        const found = revoked.get(serial)
        assert.deepEqual([found?.reason, found?.revokedAt], [CRL_REASONS[code], day])
      }
      assert.equal(
        revoked.has(other),
        given.some(({ serial }) => toHex(serial) === toHex(other)),
      )
      assert.deepEqual(
        [...revoked].map(({ serial }) => toHex(serial)),
        given.map(({ serial }) => toHex(serial)),
      )
    }),
    { seed: 5280, numRuns: 300 },
  )
})

test('ok/a later entry about the same certificate counts', () => {
  const revoked = list(entry(5, reason(6)), entry(7), entry(5, reason(1)))
  assert.equal(revoked.get(serialOf(5))?.reason, 'keyCompromise')
})

test('ok/entries are about the issuer the list or the last certificateIssuer before them names', () => {
  const revoked = list(entry(1), entry(2, issuedBy('Other')), entry(3), entry(1), entry(4, issuedBy('Third')))
  const found = (number: number, issuer?: string) => revoked.has(serialOf(number), issuer)
  assert.deepEqual(
    [found(1), found(2), found(3), found(1, keyOf('Other')), found(3, keyOf('Other'))],
    [true, false, false, true, true],
  )
  assert.deepEqual(
    [found(4, keyOf('Other')), found(4, keyOf('Third')), found(1, keyOf('Third'))],
    [false, true, false],
  )
  assert.deepEqual([...revoked.unknownCritical], [])
})

test('ok/what a newer list added', () => {
  const added = list(entry(1), entry(2), entry(3)).addedSince(list(entry(2)))
  assert.deepEqual([...added].map(toHex), ['01', '03'])
})

test('fail/an entry that is malformed anywhere makes the list malformed', () => {
  const bad = [
    sequence(integer(1)),
    sequence(element(TAG.integer, fromHex('0001')), time(AT)),
    sequence(element(TAG.integer), time(AT)),
    sequence(element(TAG.integer, new Uint8Array(200).fill(1)), time(AT)),
    sequence(integer(1), element(TAG.utcTime, fromUtf8('260231000000Z'))),
    sequence(integer(1), element(TAG.utcTime, fromUtf8('26010100000!Z'))),
    sequence(integer(1), element(TAG.utcTime, fromUtf8('261301000000Z'))),
    sequence(integer(1), element(TAG.utcTime, fromUtf8('260101240000Z'))),
    sequence(integer(1), time(AT), nullValue()),
    entry(1, reason(7)),
    entry(1, reason(99)),
    entry(1).subarray(0, -1),
    Uint8Array.of(0x30),
  ]
  for (const octets of bad) {
    assert.throws(() => list(entry(5), octets), { name: 'PkiError', code: 'malformed' }, toHex(octets))
  }
})

test('ok/half a million entries take no object each, and a lookup does not grow with them', () => {
  // Random serials as CAs make them; written by hand, because half a million calls of a writer take seconds.
  const one = entry(new Uint8Array(16).fill(1), reason(1))
  const octets = new Uint8Array(one.length * 500_000)
  const view = new DataView(octets.buffer)
  for (let at = 0, number = 0; at < octets.length; at += one.length, number++) {
    octets.set(one, at)
    view.setUint32(at + 8, Math.imul(number, 0x9e3779b1))
  }
  const before = process.memoryUsage()
  const revoked = new RevokedCertificates(octets, OWN)
  const after = process.memoryUsage()
  assert.equal(revoked.size, 500_000)
  const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers
  assert.ok(grown < 16_000_000, `${grown} octets more`)
  const serial = octets.slice(4, 20)
  assert.equal(revoked.get(serial)?.reason, 'keyCompromise')
  serial[15] = 2
  assert.equal(revoked.get(serial), undefined)
})
