import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { onlyElement } from '../der/der-reader.ts'
import { nullValue, oid, sequence } from '../der/der-writer.ts'
import { TAG } from '../der/tags.ts'
import { generateKeyPairFor } from '../issue/key-pair.ts'
import {
  readSignatureAlgorithm,
  signatureAlgorithmFor,
  signOctets,
  verifySignature,
} from './signature-algorithm.ts'

const data = Buffer.from('to be signed')
const read = (id: string, ...parameters: Uint8Array[]) =>
  readSignatureAlgorithm(onlyElement(sequence(oid(id), ...parameters), TAG.sequence, 'algorithm'))

test('what is signed verifies, under its own key and over its own data', () => {
  for (const kind of ['p256', 'p384', 'rsa2048'] as const) {
    const { publicKey, privateKey } = generateKeyPairFor(kind)
    const algorithm = signatureAlgorithmFor(privateKey)
    const signature = signOctets(algorithm, privateKey, data)
    assert.equal(verifySignature(algorithm, publicKey, data, signature), true)
    assert.equal(verifySignature(algorithm, publicKey, Buffer.from('another'), signature), false)
    assert.equal(verifySignature(algorithm, generateKeyPairFor(kind).publicKey, data, signature), false)
  }
})

test('an algorithm of another key type does not verify, even where the octets would', () => {
  const { publicKey, privateKey } = generateKeyPairFor('p256')
  const signature = signOctets(signatureAlgorithmFor(privateKey), privateKey, data)
  const rsa = read('1.2.840.113549.1.1.11', nullValue())
  assert.equal(rsa.scheme?.name, 'sha256WithRSAEncryption')
  assert.equal(verifySignature(rsa, publicKey, data, signature), false)
})

test('what is not understood has no scheme and never verifies', () => {
  const { publicKey, privateKey } = generateKeyPairFor('p256')
  const signature = signOctets(signatureAlgorithmFor(privateKey), privateKey, data)
  for (const unknown of [
    read('1.2.3'),
    read('1.2.840.113549.1.1.10'),
    read('1.2.840.113549.1.1.10', nullValue()),
  ]) {
    assert.equal(unknown.scheme, undefined)
    assert.equal(verifySignature(unknown, publicKey, data, signature), false)
  }
})

test('nothing is signed with a key nobody can verify', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
  assert.throws(() => signatureAlgorithmFor(privateKey), { name: 'PkiError', code: 'unsupported-algorithm' })
})
