import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anchor, DAY, endEntity, NOW } from '../../test/pkits/forge.ts'
import { encodeExtensions } from '../certificate/extension.ts'
import { explicit, integer, nullValue, octetString, sequence } from '../der/der-writer.ts'
import { OCSP } from '../oids.ts'
import { certIdOf, encodeCertId } from './cert-id.ts'
import { checkOcspResponse } from './check-ocsp-response.ts'
import { createOcspError, createOcspResponse } from './create-ocsp-response.ts'
import { createOcspRequest } from './ocsp-request.ts'
import { type OcspStatus, parseOcspResponse } from './ocsp-response.ts'
import { LARGEST_OCSP_REQUEST, parseOcspRequest } from './parse-ocsp-request.ts'

const root = anchor()
const leaf = endEntity(root).certificate
const issuer = root.certificate
const signer = { certificate: issuer, privateKey: root.keys.privateKey }
const question = { certificate: leaf, issuer }
const id = (hash: 'sha1' | 'sha256' = 'sha1') => encodeCertId(certIdOf(leaf, issuer, hash))

function answered(request: Uint8Array, status: OcspStatus) {
  const { questions, nonce } = parseOcspRequest(request)
  const times = { thisUpdate: NOW, nextUpdate: NOW + DAY }
  return createOcspResponse({
    signer,
    answers: questions.map(({ encoded }) => ({ id: encoded, status, ...times })),
    producedAt: NOW,
    ...(nonce !== undefined && { nonce }),
  })
}

test('ok/a question and its answer: good, revoked with its reason, unknown', () => {
  for (const hash of ['sha1', 'sha256'] as const) {
    const request = createOcspRequest({ ...question, hash })
    for (const status of [
      { kind: 'good' },
      { kind: 'unknown' },
      { kind: 'revoked', revokedAt: NOW - DAY, reason: 'keyCompromise' },
      { kind: 'revoked', revokedAt: NOW - DAY, reason: 'unspecified' },
    ] as const) {
      const verdict = checkOcspResponse(answered(request, status), { ...question, at: NOW })
      assert.deepEqual({ ...verdict, thisUpdate: 0, until: 0 }, { ...status, thisUpdate: 0, until: 0 })
    }
  }
})

test('ok/a nonce of 1 to 128 octets comes back; fail/another one, or an answer changed in any octet', () => {
  for (const length of [1, 32, 128]) {
    const nonce = new Uint8Array(length).fill(7)
    const response = answered(createOcspRequest({ ...question, nonce }), { kind: 'good' })
    assert.equal(checkOcspResponse(response, { ...question, at: NOW, nonce }).kind, 'good')
    const other = new Uint8Array(length).fill(8)
    assert.equal(checkOcspResponse(response, { ...question, at: NOW, nonce: other }).kind, 'unusable')
  }
  const response = answered(createOcspRequest(question), { kind: 'good' })
  for (let at = 0; at < response.length; at++) {
    const changed = Uint8Array.from(response)
    changed[at] = (changed[at] as number) ^ 1
    assert.notEqual(checkOcspResponse(changed, { ...question, at: NOW }).kind, 'good', `octet ${at}`)
  }
})

test('fail/requests that are cut, too large, empty, of too many questions, with a nonce out of bounds or an unknown critical extension', () => {
  const request = createOcspRequest({ ...question, nonce: new Uint8Array(16) })
  for (let length = 0; length < request.length; length++) {
    assert.throws(() => parseOcspRequest(request.subarray(0, length)), { code: 'malformed' }, `${length}`)
  }
  const asking = (ids: readonly Uint8Array[], ...extensions: Parameters<typeof encodeExtensions>[0]) =>
    sequence(
      sequence(
        sequence(...ids.map((one) => sequence(one))),
        ...(extensions.length > 0 ? [explicit(2, encodeExtensions(extensions))] : []),
      ),
    )
  const nonce = (length: number) => ({
    oid: OCSP.nonce,
    critical: false,
    value: octetString(new Uint8Array(length)),
  })
  assert.equal(parseOcspRequest(asking([id(), id('sha256')])).questions.length, 2)
  const bad = [
    asking([]),
    asking(new Array(17).fill(id())),
    asking([id()], nonce(0)),
    asking([id()], nonce(129)),
    asking([id()], { oid: '1.2.3.4', critical: true, value: nullValue() }),
    sequence(sequence(explicit(0, integer(1)), sequence(sequence(id())))),
    new Uint8Array(LARGEST_OCSP_REQUEST + 1),
  ]
  for (const [index, octets] of bad.entries())
    assert.throws(() => parseOcspRequest(octets), { code: 'malformed' }, `${index}`)
  assert.ok(parseOcspRequest(asking([id()], { oid: '1.2.3.4', critical: false, value: nullValue() })))
})

test('ok/errors are told without a signature', () => {
  for (const status of ['malformed-request', 'internal-error', 'try-later', 'unauthorized'] as const) {
    assert.deepEqual(parseOcspResponse(createOcspError(status)), { ok: false, status })
  }
})
