import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { test } from 'node:test'
import { toHex } from '@sallyport/bytes'
import { exportSpki, importPublicKey, keyIdentifier, keyWeakness } from './public-key.ts'

const RULES = { minimumRsaBits: 2048 }

function rsa(bits: number, exponent: number): KeyObject {
  const modulus = Buffer.alloc(bits / 8, 0xff)
  const e = Buffer.of(exponent)
  const key = { kty: 'RSA', n: modulus.toString('base64url'), e: e.toString('base64url') }
  return createPublicKey({ key, format: 'jwk' })
}

test('RSA keys by size and exponent', () => {
  assert.equal(keyWeakness(rsa(2048, 3), RULES), undefined)
  assert.match(keyWeakness(rsa(2040, 3), RULES) ?? '', /2040 bits, wanted 2048/)
  assert.match(keyWeakness(rsa(2048, 3), { minimumRsaBits: 3072 }) ?? '', /wanted 3072/)
  for (const exponent of [1, 4])
    assert.match(keyWeakness(rsa(2048, exponent), RULES) ?? '', /public exponent/)
  assert.match(keyWeakness(rsa(16392, 3), RULES) ?? '', /costs too much/)
})

test('other keys by type and curve', () => {
  const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).publicKey
  for (const curve of ['prime256v1', 'secp384r1', 'secp521r1'])
    assert.equal(keyWeakness(ec(curve), RULES), undefined)
  for (const curve of ['secp256k1', 'secp224r1', 'brainpoolP256r1']) {
    assert.equal(keyWeakness(ec(curve), RULES), `curve ${curve}`)
  }
  assert.equal(keyWeakness(generateKeyPairSync('ed25519').publicKey, RULES), undefined)
  assert.match(keyWeakness(generateKeyPairSync('x25519').publicKey, RULES) ?? '', /type x25519/)
  assert.match(keyWeakness(importPublicKey(Uint8Array.of(0x30, 0)), RULES) ?? '', /unknown/)
})

test('RFC 5280 section 4.2.1.2: the key identifier is a SHA-1 of 20 octets over the key bits alone', () => {
  const key = createPublicKey(
    '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----',
  )
  const identifier = keyIdentifier(exportSpki(key))
  assert.equal(identifier.length, 20)
  // openssl pkey -pubin -outform DER | tail -c 32 | sha1sum
  assert.equal(toHex(identifier), 'a28cc1f86e5960d3e03ae75c962c97a8d448293c')
})
