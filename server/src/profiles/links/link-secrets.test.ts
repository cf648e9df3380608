import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newCode, newToken, readCode, tokenHash } from './link-secrets.ts'

test('ok/tokens have 160 bits, fit an address, and are stored as their hash', () => {
  const tokens = new Set(Array.from({ length: 1000 }, newToken))
  assert.equal(tokens.size, 1000)
  for (const token of tokens) {
    assert.equal(Buffer.from(token, 'base64url').length, 20)
    assert.equal(encodeURIComponent(token), token)
    assert.match(tokenHash(token) ?? '', /^[0-9a-f]{64}$/)
  }
})

test('fail/what is no token is not looked up', () => {
  for (const text of ['', 'a', '../../etc/passwd', 'a'.repeat(28), `${'a'.repeat(26)}%`]) {
    assert.equal(tokenHash(text), undefined, text)
  }
})

test('ok/codes are read as people type them', () => {
  const code = newCode()
  assert.match(code, /^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$/)
  const read = readCode(code)
  assert.equal(read, code.replace('-', ''))
  for (const typed of [code.toLowerCase(), code.replace('-', ' '), ` ${code} `, [...code].join(' ')]) {
    assert.equal(readCode(typed), read, typed)
  }
})

test('fail/letters that are taken for others, too few, too many', () => {
  for (const typed of [
    '',
    'ABCD',
    'ABCD-EFG0',
    'ABCD-EFG1',
    'ABCD-EFGI',
    'ABCD-EFGO',
    'ABCD-EFGH-J',
    'ÄBCD-EFGH',
  ]) {
    assert.equal(readCode(typed), undefined, typed)
  }
})
