import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { wpaBlob, wpaString } from './wpa-supplicant-text.ts'

describe('wpaString', () => {
  it('ok/plain-between-quotes', () =>
    assert.equal(wpaString("alice@example.org it's"), '"alice@example.org it\'s"'))
  it('fail/quote-ends-nothing', () => assert.equal(wpaString('a"b'), '612262'))
  it('fail/comment-begins-nothing', () => assert.equal(wpaString('a#b'), '612362'))
  it('fail/backslash', () => assert.equal(wpaString('LAB\\a'), '4c41425c61'))
  it('ok/other-scripts-in-utf-8', () => assert.equal(wpaString('ü'), 'c3bc'))
})

describe('wpaBlob', () => {
  it('ok/base64-in-lines', () =>
    assert.equal(wpaBlob('own', new Uint8Array(60)), `blob-base64-own={\n${'A'.repeat(76)}\nAAAA\n}\n`))
})
