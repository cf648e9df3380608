import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { describe, it } from 'node:test'
import { type AccountKey, readAccountKey } from './account-key.ts'
import { decodeBase64url } from './base64url.ts'
import { isProblem, readJws, signatureProblem } from './jws.ts'
import { Nonces } from './nonces.ts'

const KEYS = {
  ES256: [() => generateKeyPairSync('ec', { namedCurve: 'P-256' }), 'sha256'],
  ES384: [() => generateKeyPairSync('ec', { namedCurve: 'P-384' }), 'sha384'],
  RS256: [() => generateKeyPairSync('rsa', { modulusLength: 2048 }), 'sha256'],
  EdDSA: [() => generateKeyPairSync('ed25519'), null],
} as const

function signed(alg: string, privateKey: KeyObject, hash: string | null, publicKey: KeyObject): Buffer {
  const header = Buffer.from(
    JSON.stringify({ alg, url: 'https://a/', jwk: publicKey.export({ format: 'jwk' }) }),
  )
  const text = `${header.toString('base64url')}.`
  const signature = sign(hash, Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  const [protectedText = ''] = text.split('.')
  return Buffer.from(
    JSON.stringify({ protected: protectedText, payload: '', signature: signature.toString('base64url') }),
  )
}

describe('JWS of ACME', () => {
  for (const [alg, [make, hash]] of Object.entries(KEYS)) {
    it(`ok/ ${alg}; fail/ the same octets by the name of another algorithm`, () => {
      const { publicKey, privateKey } = make()
      const key = readAccountKey(publicKey.export({ format: 'jwk' })) as AccountKey // a key that was just made
      const good = readJws(signed(alg, privateKey, hash, publicKey))
      assert.ok(!isProblem(good))
      assert.equal(signatureProblem(good, key), undefined)
      for (const other of [...Object.keys(KEYS), 'none', 'HS256'].filter((each) => each !== alg)) {
        const renamed = readJws(signed(other, privateKey, hash, publicKey))
        assert.ok(!isProblem(renamed))
        assert.notEqual(signatureProblem(renamed, key), undefined, other)
      }
    })
  }
})

describe('account keys', () => {
  const jwk = (make: () => { publicKey: KeyObject }) => make().publicKey.export({ format: 'jwk' })

  it('ok/ RFC 7638 section 3.1: the thumbprint of its example', () => {
    const key = readAccountKey({
      kty: 'RSA',
      n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
      e: 'AQAB',
      alg: 'RS256',
      kid: '2011-04-29',
    })
    assert.ok(typeof key !== 'string')
    assert.equal(key.thumbprint, 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs')
  })
  it('fail/ weak, secret, off the curve, of another type', () => {
    const p256 = jwk(KEYS.ES256[0])
    const wrong: readonly unknown[] = [
      undefined,
      'key',
      [p256],
      jwk(() => generateKeyPairSync('rsa', { modulusLength: 1024 })),
      jwk(() => generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 })),
      jwk(() => generateKeyPairSync('ec', { namedCurve: 'secp256k1' })),
      jwk(() => generateKeyPairSync('ed448')),
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }),
      { ...p256, x: p256.y },
      { ...p256, crv: 'P-384' },
      { ...p256, x: `${p256.x}AA` },
      { ...p256, crv: 'toString' },
      { kty: 'oct', k: 'AAAA' },
    ]
    for (const value of wrong) assert.equal(typeof readAccountKey(value), 'string', JSON.stringify(value))
    assert.notEqual(typeof readAccountKey(p256), 'string')
  })
})

describe('base64url', () => {
  it('fail/ padding, other alphabets and stray bits', () => {
    for (const text of ['AA==', 'A', 'AB', '+A', 'A A', undefined, 1]) {
      assert.equal(decodeBase64url(text), undefined, String(text))
    }
    assert.deepEqual(decodeBase64url('AQAB'), Buffer.from([1, 0, 1]))
    assert.deepEqual(decodeBase64url(''), Buffer.alloc(0))
  })
})

describe('nonces', () => {
  it('ok/ once; fail/ twice, altered, of another server, older than the window', () => {
    const nonces = new Nonces(64)
    const first = nonces.issue()
    assert.equal(nonces.use(first), true)
    assert.equal(nonces.use(first), false)
    const altered = Buffer.from(nonces.issue(), 'base64url')
    altered[7] = (altered[7] ?? 0) ^ 1
    assert.equal(nonces.use(altered.toString('base64url')), false)
    assert.equal(nonces.use(new Nonces(64).issue()), false)
    assert.equal(nonces.use(''), false)
    const old = nonces.issue()
    const newest = Array.from({ length: 64 }, () => nonces.issue())
    assert.equal(nonces.use(old), false)
    // The whole window is good, each of it once, in any order.
    assert.equal(
      newest.reverse().every((nonce) => nonces.use(nonce)),
      true,
    )
    assert.equal(
      newest.some((nonce) => nonces.use(nonce)),
      false,
    )
  })
})
