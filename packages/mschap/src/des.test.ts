import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex, toHex } from '@sallyport/bytes'
import { desDecrypt, desEncrypt, expandDesKey } from './des.ts'

test('the three DES keys of RFC 2759 section 9.3, with parity', () => {
  // The NT hash of "MyPw", in three times seven octets.
  assert.equal(toHex(expandDesKey(fromHex('fc156af7edcd6c'))), 'fd0b5b5e7f6e34d9')
  assert.equal(toHex(expandDesKey(fromHex('0edde3337d427f'))), '0e6e796737ea08fe')
  assert.equal(toHex(expandDesKey(fromHex('4eac0000000000'))), '4f57010101010101')
})

test('DES enciphers the classic block and back', () => {
  // The worked block under key 0123456789ABCDEF; here its 56 key bits, parity taken out.
  const key = fromHex('00451338957377')
  const clear = fromHex('4e6f772069732074')
  const expanded = expandDesKey(key)
  assert.equal(toHex(expanded), '0123456789abcdef')
  assert.equal(toHex(desEncrypt(clear, key)), '3fa40e8a984d4815')
  assert.deepEqual(Uint8Array.from(desDecrypt(desEncrypt(clear, key), key)), clear)
})

test('key material of another length is refused', () => {
  assert.throws(() => expandDesKey(new Uint8Array(8)), RangeError)
})
