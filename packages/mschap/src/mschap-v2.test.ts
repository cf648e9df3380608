import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toHex } from '@sallyport/bytes'
import { EXAMPLE } from '../test/rfc2759.ts'
import {
  challengeHash,
  checkAuthenticatorResponse,
  generateAuthenticatorResponse,
  generateNtResponse,
  verifyMschapV2,
  withoutDomain,
} from './mschap-v2.ts'
import { hashNtPasswordHash, ntPasswordHash } from './nt-hash.ts'

const { authenticatorChallenge, peerChallenge, ntHash, ntHashHash } = EXAMPLE

function respondAs(hashedName: string, sentName: string) {
  const ntResponse = generateNtResponse(authenticatorChallenge, peerChallenge, hashedName, ntHash)
  return { authenticatorChallenge, peerChallenge, ntResponse, userName: sentName }
}

test('the worked example of RFC 2759 section 9.2', () => {
  assert.equal(toHex(ntPasswordHash(EXAMPLE.password)), toHex(ntHash))
  assert.equal(toHex(hashNtPasswordHash(ntHash)), toHex(ntHashHash))
  assert.equal(
    toHex(challengeHash(peerChallenge, authenticatorChallenge, EXAMPLE.userName)),
    toHex(EXAMPLE.challenge),
  )
  assert.equal(
    toHex(generateNtResponse(authenticatorChallenge, peerChallenge, EXAMPLE.userName, ntHash)),
    toHex(EXAMPLE.ntResponse),
  )
  assert.equal(generateAuthenticatorResponse(ntHashHash, EXAMPLE), EXAMPLE.authenticatorResponse)
})

test('ok/the name is hashed without its domain, as RFC 2759 says', () => {
  assert.equal(verifyMschapV2(ntHash, respondAs('User', 'User')), 'User')
  assert.equal(verifyMschapV2(ntHash, respondAs('User', 'CORP\\User')), 'User')
  assert.equal(verifyMschapV2(ntHash, respondAs('user@example.org', 'user@example.org')), 'user@example.org')
})

test('ok/the name is hashed with its domain, as some peers do', () => {
  assert.equal(verifyMschapV2(ntHash, respondAs('CORP\\User', 'CORP\\User')), 'CORP\\User')
})

test('fail/another name, password, challenge or a response cut short', () => {
  const right = respondAs('User', 'User')
  assert.equal(verifyMschapV2(ntHash, { ...right, userName: 'user' }), undefined)
  assert.equal(verifyMschapV2(ntHash, { ...right, userName: '' }), undefined)
  assert.equal(verifyMschapV2(ntPasswordHash(''), right), undefined)
  assert.equal(verifyMschapV2(ntHash, { ...right, authenticatorChallenge: peerChallenge }), undefined)
  assert.equal(verifyMschapV2(ntHash, { ...right, peerChallenge: authenticatorChallenge }), undefined)
  assert.equal(verifyMschapV2(ntHash, { ...right, ntResponse: right.ntResponse.subarray(0, 16) }), undefined)
  assert.equal(verifyMschapV2(ntHash, { ...right, ntResponse: new Uint8Array(0) }), undefined)
})

test('the peer believes the right authenticator response only', () => {
  const text = EXAMPLE.authenticatorResponse
  assert.equal(checkAuthenticatorResponse(ntHashHash, EXAMPLE, text), true)
  assert.equal(checkAuthenticatorResponse(ntHashHash, EXAMPLE, `${text} M=Welcome`), true)
  assert.equal(checkAuthenticatorResponse(ntHashHash, EXAMPLE, text.slice(0, -1)), false)
  assert.equal(checkAuthenticatorResponse(ntHashHash, EXAMPLE, ''), false)
  assert.equal(checkAuthenticatorResponse(ntHashHash, EXAMPLE, `${text.slice(0, -1)}7`), false)
  assert.equal(checkAuthenticatorResponse(ntHash, EXAMPLE, text), false)
})

test('a domain is what stands before the first backslash', () => {
  assert.equal(withoutDomain('CORP\\alice'), 'alice')
  assert.equal(withoutDomain('alice'), 'alice')
  assert.equal(withoutDomain('alice@example.org'), 'alice@example.org')
  assert.equal(withoutDomain('CORP\\'), '')
})
