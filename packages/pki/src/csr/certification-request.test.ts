import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exportSpki } from '../algorithms/public-key.ts'
import { signatureAlgorithmFor, signOctets } from '../algorithms/signature-algorithm.ts'
import { type Extension, encodeExtensions } from '../certificate/extension.ts'
import { bitString, element, integer, oid, sequence, setOf } from '../der/der-writer.ts'
import { contextConstructed } from '../der/tags.ts'
import { subjectAltName } from '../issue/extension-encoders.ts'
import { generateKeyPairFor } from '../issue/key-pair.ts'
import { distinguishedName, nameText } from '../names/distinguished-name.ts'
import { EXTENSION_REQUEST } from '../oids.ts'
import { createCertificationRequest, parseCertificationRequest } from './certification-request.ts'

const keys = generateKeyPairFor('p256')
const subject = distinguishedName(['CN', 'alice'])
const [alice, bob] = ['alice', 'bob'].map((name) => subjectAltName([{ kind: 'upn', name }])) as [
  Extension,
  Extension,
]

/** A request with one extension request attribute per entry. */
function handMade(...attributes: readonly (readonly [string, Extension])[]): Uint8Array {
  const algorithm = signatureAlgorithmFor(keys.privateKey)
  const info = sequence(
    integer(0),
    subject.encoded,
    exportSpki(keys.publicKey),
    element(
      contextConstructed(0),
      ...attributes.map(([type, extension]) => sequence(oid(type), setOf(encodeExtensions([extension])))),
    ),
  )
  return sequence(info, algorithm.encoded, bitString(signOctets(algorithm, keys.privateKey, info)))
}

test('what is created reads back', () => {
  const request = parseCertificationRequest(
    createCertificationRequest({ ...keys, subject, extensions: [alice] }),
  )
  assert.equal(nameText(request.subject), 'CN=alice')
  assert.deepEqual(request.extensions.subjectAltName, [{ kind: 'upn', name: 'alice' }])
  assert.equal(request.proofOfPossession, true)
  assert.ok(request.publicKey?.equals(keys.publicKey))
})

test('both forms of the extension request are read, and must agree', () => {
  const [standard, microsoft] = EXTENSION_REQUEST
  for (const type of [standard, microsoft]) {
    const { extensions } = parseCertificationRequest(handMade([type, alice]))
    assert.deepEqual(extensions.subjectAltName, [{ kind: 'upn', name: 'alice' }])
  }
  assert.ok(parseCertificationRequest(handMade([standard, alice], [microsoft, alice])).proofOfPossession)
  assert.throws(() => parseCertificationRequest(handMade([standard, alice], [microsoft, bob])), {
    code: 'malformed',
  })
})

test('a request signed by another key proves nothing', () => {
  const { privateKey } = generateKeyPairFor('p256')
  const forged = createCertificationRequest({ subject, publicKey: keys.publicKey, privateKey })
  assert.equal(parseCertificationRequest(forged).proofOfPossession, false)
})
