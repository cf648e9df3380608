import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCertificationRequest, parseCertificationRequest } from '../csr/certification-request.ts'
import { readChallengePassword } from '../csr/challenge-password.ts'
import { element, utf8String } from '../der/der-writer.ts'
import { TAG } from '../der/tags.ts'
import { generateKeyPairFor } from '../issue/key-pair.ts'
import { distinguishedName } from '../names/distinguished-name.ts'
import { ATTRIBUTE } from '../oids.ts'
import { PkiError } from '../pki-error.ts'
import { encodeCsrAttributes, parseCsrAttributes, wantedKey, wantedKeyKind } from './csr-attributes.ts'
import { readEstBody, writeEstBody } from './est-body.ts'

// RFC 7030 section 4.5.2: the example of a server that wants a challengePassword, an extension request, a key on
// secp384r1 and SHA-384.
const EXAMPLE = 'MEEGCSqGSIb3DQEJBzASBgcqhkjOPQIBMQcGBSuBBAAiMBYGCSqGSIb3DQEJDjEJBgcrBgEBAQEWBggqhkjOPQQDAw=='

test('ok/RFC 7030 4.5.2: the example reads, and what is written is the same octets', () => {
  const attributes = parseCsrAttributes(readEstBody(Buffer.from(EXAMPLE)))
  assert.deepEqual(
    attributes.map(({ type, values }) => [type, values?.length]),
    [
      ['1.2.840.113549.1.9.7', undefined],
      ['1.2.840.10045.2.1', 1],
      ['1.2.840.113549.1.9.14', 1],
      ['1.2.840.10045.4.3.3', undefined],
    ],
  )
  assert.equal(wantedKeyKind(attributes), 'p384')
  assert.equal(writeEstBody(encodeCsrAttributes(attributes)), EXAMPLE)
})

test('ok/each kind of key is asked for and read back', () => {
  for (const kind of ['p256', 'p384', 'p521', 'rsa', 'ed25519'] as const)
    assert.equal(wantedKeyKind(parseCsrAttributes(encodeCsrAttributes([wantedKey(kind)]))), kind)
  assert.equal(wantedKeyKind([]), undefined)
})

test('ok/a body with white space anywhere (RFC 8951 section 3)', () => {
  const wrapped = EXAMPLE.replace(/.{20}/g, '$&\r\n ')
  assert.deepEqual(readEstBody(Buffer.from(wrapped)), readEstBody(Buffer.from(EXAMPLE)))
})

test('fail/bodies that are no base64, attributes cut anywhere', () => {
  for (const body of [
    '',
    ' \n',
    'MEE',
    'ME*=',
    'MEE=MEE=',
    '\u00ff\u00ff\u00ff\u00ff',
    '-----BEGIN CERTIFICATE REQUEST-----',
  ])
    assert.throws(() => readEstBody(Buffer.from(body, 'latin1')), PkiError, body)
  const octets = readEstBody(Buffer.from(EXAMPLE))
  for (let length = 0; length < octets.length; length++)
    assert.throws(() => parseCsrAttributes(octets.subarray(0, length)), { code: 'malformed' })
})

const keys = generateKeyPairFor('p256')
const withChallenge = (...values: Uint8Array[]) => {
  const attributes = [{ type: ATTRIBUTE.challengePassword, values }]
  return parseCertificationRequest(
    createCertificationRequest({ ...keys, subject: distinguishedName(['CN', 'x']), attributes }),
  )
}

test('ok/a challengePassword in each string type, and a request without one', () => {
  const latin = Buffer.from('Secret1')
  for (const tag of [TAG.printableString, TAG.ia5String, TAG.t61String, TAG.utf8String])
    assert.equal(readChallengePassword(withChallenge(element(tag, latin))), 'Secret1')
  const bmp = element(TAG.bmpString, Buffer.from('Secret1', 'utf16le').swap16())
  assert.equal(readChallengePassword(withChallenge(bmp)), 'Secret1')
  const none = createCertificationRequest({ ...keys, subject: distinguishedName(['CN', 'x']) })
  assert.equal(readChallengePassword(parseCertificationRequest(none)), undefined)
})

test('fail/a challengePassword that is none, or two', () => {
  assert.throws(() => readChallengePassword(withChallenge()), { code: 'malformed' })
  assert.throws(() => readChallengePassword(withChallenge(utf8String('a'), utf8String('b'))), {
    code: 'malformed',
  })
  assert.throws(() => readChallengePassword(withChallenge(element(TAG.utf8String, new Uint8Array([0xff])))), {
    code: 'malformed',
  })
  assert.throws(() => readChallengePassword(withChallenge(element(TAG.octetString))), { code: 'malformed' })
})
