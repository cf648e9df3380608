import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex, toHex } from '@sallyport/bytes'
import { challengeResponse, verifyMschapV1 } from './challenge-response.ts'
import { ntPasswordHash } from './nt-hash.ts'

// RFC 2433 appendix B.2
const challenge = fromHex('102db5df085d3041')
const ntHash = ntPasswordHash('MyPw')
const ntResponse = fromHex('4e9d3c8f9cfd385d5bf4d3246791956ca4c351ab409a3d61')

test('the NT response of RFC 2433 B.2', () => {
  assert.equal(toHex(ntHash), 'fc156af7edcd6c0edde3337d427f4eac')
  assert.equal(toHex(challengeResponse(challenge, ntHash)), toHex(ntResponse))
})

test('ok/fail: an MS-CHAPv1 response holds for its challenge, hash and length only', () => {
  assert.equal(verifyMschapV1(ntHash, { challenge, ntResponse }), true)
  assert.equal(verifyMschapV1(ntPasswordHash('mypw'), { challenge, ntResponse }), false)
  assert.equal(verifyMschapV1(ntHash, { challenge: fromHex('102db5df085d3042'), ntResponse }), false)
  assert.equal(verifyMschapV1(ntHash, { challenge, ntResponse: ntResponse.subarray(0, 23) }), false)
  assert.equal(verifyMschapV1(ntHash, { challenge, ntResponse: new Uint8Array(0) }), false)
  assert.equal(verifyMschapV1(ntHash, { challenge: new Uint8Array(16), ntResponse }), false)
})

test('every octet of the response counts', () => {
  for (let i = 0; i < 24; i++) {
    const changed = ntResponse.slice()
    changed[i] = (changed[i] as number) ^ 1
    assert.equal(verifyMschapV1(ntHash, { challenge, ntResponse: changed }), false, `octet ${i}`)
  }
})
