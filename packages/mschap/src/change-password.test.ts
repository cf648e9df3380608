import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decryptNewPassword, decryptNtHash, encryptNtHash, encryptPasswords } from './change-password.ts'
import { ntPasswordHash } from './nt-hash.ts'
import { rc4 } from './rc4.ts'

const oldHash = ntPasswordHash('clientPass')
const filler = (length: number) => new Uint8Array(length).fill(0x2e)

test('the password block stands as RFC 2759 section 8.10 draws it', () => {
  const { encryptedPassword, encryptedHash } = encryptPasswords('né', oldHash, filler)
  assert.equal(encryptedPassword.length, 516)
  const clear = rc4(oldHash, encryptedPassword)
  assert.deepEqual(clear.subarray(0, 508), filler(508))
  assert.deepEqual([...clear.subarray(508)], [0x6e, 0, 0xe9, 0, 4, 0, 0, 0])
  assert.deepEqual(decryptNtHash(encryptedHash, ntPasswordHash('né')), oldHash)
})

test('ok/what the peer encrypts the server decrypts', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (password) => {
      const change = encryptPasswords(password, oldHash, filler)
      assert.equal(decryptNewPassword(oldHash, change), password)
    }),
  )
  const longest = 'x'.repeat(256)
  assert.equal(decryptNewPassword(oldHash, encryptPasswords(longest, oldHash, filler)), longest)
  assert.throws(() => encryptPasswords(`${longest}x`, oldHash, filler), RangeError)
})

test('fail/made without the old password', () => {
  const change = encryptPasswords('N3w-Passw0rd', ntPasswordHash('guess'), filler)
  assert.equal(decryptNewPassword(oldHash, change), undefined)
})

test('fail/the hash field does not belong to the password', () => {
  const change = encryptPasswords('N3w-Passw0rd', oldHash, filler)
  const encryptedHash = encryptNtHash(oldHash, ntPasswordHash('another'))
  assert.equal(decryptNewPassword(oldHash, { ...change, encryptedHash }), undefined)
})

test('fail/a password length that is too large or odd, half a surrogate pair, fields of other lengths', () => {
  const withLength = (length: number, whole = 'pass') => {
    const change = encryptPasswords(whole, oldHash, filler)
    const clear = rc4(oldHash, change.encryptedPassword)
    new DataView(clear.buffer).setUint32(512, length, true)
    return { ...change, encryptedPassword: rc4(oldHash, clear) }
  }
  assert.equal(decryptNewPassword(oldHash, withLength(8)), 'pass')
  for (const length of [7, 513, 514, 0xffffffff]) {
    assert.equal(decryptNewPassword(oldHash, withLength(length)), undefined, `${length}`)
    // With the hash field of an empty password: a length beyond the block must not read as nothing.
    assert.equal(decryptNewPassword(oldHash, withLength(length, '')), undefined, `${length}, empty`)
  }
  assert.equal(decryptNewPassword(oldHash, encryptPasswords('a\ud800', oldHash, filler)), undefined)
  const change = encryptPasswords('pass', oldHash, filler)
  const short = { ...change, encryptedPassword: change.encryptedPassword.subarray(1) }
  assert.equal(decryptNewPassword(oldHash, short), undefined)
  assert.equal(
    decryptNewPassword(oldHash, { ...change, encryptedHash: change.encryptedHash.subarray(1) }),
    undefined,
  )
})
