import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex, toHex } from '@sallyport/bytes'
import { anchor, crl, DAY, endEntity, NOW } from '../../test/pkits/forge.ts'
import {
  readSignatureAlgorithm,
  signatureAlgorithmFor,
  signOctets,
} from '../algorithms/signature-algorithm.ts'
import { type Extension, encodeExtensions } from '../certificate/extension.ts'
import { onlyElement } from '../der/der-reader.ts'
import { bitString, element, enumerated, integer, nullValue, oid, sequence, time } from '../der/der-writer.ts'
import { TAG } from '../der/tags.ts'
import { EXTENSION } from '../oids.ts'
import { validatePath } from '../path/validate-path.ts'
import { type Crl, parseCrl, verifyCrlSignature } from './crl.ts'

const root = anchor()
const leaf = endEntity(root)
const usual = signatureAlgorithmFor(root.keys.privateKey)
const SHA1 = sequence(oid('1.2.840.10045.4.1'))

interface Odd {
  readonly version?: Uint8Array
  readonly algorithm?: Uint8Array
  readonly innerAlgorithm?: Uint8Array
  readonly nextUpdate?: Uint8Array
  readonly serial?: Uint8Array
  readonly entryExtensions?: readonly Extension[]
}

/** A CRL of the anchor with one entry and odd parts, correctly signed. */
function handMade(odd: Odd): Uint8Array {
  const extensions = odd.entryExtensions === undefined ? [] : [encodeExtensions(odd.entryExtensions)]
  const algorithm =
    odd.algorithm === undefined
      ? usual
      : readSignatureAlgorithm(onlyElement(odd.algorithm, TAG.sequence, 'algorithm'))
  const tbs = sequence(
    odd.version ?? integer(1),
    odd.innerAlgorithm ?? algorithm.encoded,
    root.certificate.subject.encoded,
    time(NOW - DAY),
    odd.nextUpdate ?? time(NOW + DAY),
    sequence(sequence(odd.serial ?? integer(5), time(NOW - DAY), ...extensions)),
  )
  return sequence(tbs, algorithm.encoded, bitString(signOctets(algorithm, root.keys.privateKey, tbs)))
}

function judge(list: Crl): string {
  const verdict = validatePath([leaf.certificate.der], {
    ...{ anchors: [root.certificate], crls: [list], revocation: 'required' },
    ...{ at: NOW, purpose: 'any' },
  })
  return verdict.ok ? 'valid' : verdict.reason
}

test('a list without extensions, of version 2 or 1', () => {
  assert.equal(judge(parseCrl(handMade({}))), 'valid')
  assert.equal(judge(parseCrl(handMade({ version: new Uint8Array() }))), 'valid')
})

test('PKITS 4.4.8: an unknown critical extension of any entry makes the list unusable', () => {
  const unknown = { oid: '2.16.840.1.101.2.1.12.2', value: nullValue() }
  const critical = parseCrl(handMade({ entryExtensions: [{ ...unknown, critical: true }] }))
  assert.equal(judge(critical), 'crl-unsupported')
  assert.equal(judge(parseCrl(handMade({ entryExtensions: [{ ...unknown, critical: false }] }))), 'valid')
})

test('a list signed over SHA-1 proves nothing', () => {
  const list = parseCrl(handMade({ algorithm: SHA1 }))
  assert.equal(verifyCrlSignature(list, root.keys.publicKey), true)
  assert.equal(judge(list), 'crl-signature-invalid')
})

test('a list that never ends is not used', () => {
  assert.equal(judge(parseCrl(handMade({ nextUpdate: new Uint8Array() }))), 'crl-unsupported')
})

test('PKITS 4.4.15: a negative serial is not the positive one with the same octets', () => {
  const list = parseCrl(handMade({ serial: element(TAG.integer, fromHex('ff01')) }))
  assert.ok(list.revoked.has(fromHex('ff01')))
  assert.ok(!list.revoked.has(fromHex('00ff01')))
})

test('reasons by their codes (RFC 5280 section 5.3.1)', () => {
  const withReason = (code: number) =>
    handMade({ entryExtensions: [{ oid: EXTENSION.cRLReason, critical: false, value: enumerated(code) }] })
  assert.equal(parseCrl(withReason(6)).revoked.get(fromHex('05'))?.reason, 'certificateHold')
  assert.equal(parseCrl(handMade({})).revoked.get(fromHex('05'))?.reason, 'unspecified')
  for (const code of [7, 11]) assert.throws(() => parseCrl(withReason(code)), { code: 'malformed' })
})

test('malformed lists', () => {
  for (const odd of [{ version: integer(0) }, { innerAlgorithm: sequence(oid('1.2.840.10045.4.3.3')) }]) {
    assert.throws(() => parseCrl(handMade(odd)), { name: 'PkiError', code: 'malformed' })
  }
})

test('what is created reads back, and an unused serial is not on it', () => {
  const revokedAt = NOW - DAY
  const list = crl(root, {
    number: 2 ** 40,
    revoked: [{ serial: fromHex('80'), revokedAt, reason: 'superseded' }],
  })
  assert.equal(list.number, '010000000000')
  assert.deepEqual([...list.revoked.addedSince(undefined)].map(toHex), ['0080'])
  assert.equal(list.revoked.get(fromHex('0080'))?.reason, 'superseded')
  assert.equal(verifyCrlSignature(list, root.keys.publicKey), true)
  assert.equal(verifyCrlSignature(list, leaf.keys.publicKey), false)
  assert.throws(() => crl(root, { nextUpdate: NOW - DAY }), { code: 'invalid-request' })
})
