import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex } from '@sallyport/bytes'
import fc from 'fast-check'
import { formatMschapFailure, MschapErrorCode, parseMschapFailure } from './failure-message.ts'

const challenge = fromHex('00112233445566778899aabbccddeeff')

test('a failure message stands as RFC 2759 section 6 writes it', () => {
  assert.equal(
    formatMschapFailure({ code: 691, retry: true, challenge, version: 3, message: 'Try again' }),
    'E=691 R=1 C=00112233445566778899AABBCCDDEEFF V=3 M=Try again',
  )
  assert.equal(formatMschapFailure({ code: 647, retry: false, version: 2 }), 'E=647 R=0 V=2')
})

test('every code is read as it was written', () => {
  for (const code of Object.values(MschapErrorCode)) {
    for (const retry of [false, true]) {
      const failure = { code, retry, challenge, version: 3, message: 'what M=people C=read V=1' }
      assert.deepEqual(parseMschapFailure(formatMschapFailure(failure)), failure)
    }
  }
})

test('what is no failure message is undefined, and nothing throws', () => {
  assert.equal(parseMschapFailure(''), undefined)
  assert.equal(parseMschapFailure('E=1 R=1'), undefined)
  assert.equal(parseMschapFailure('E=691 R=1 C=00 V=3'), undefined)
  assert.equal(parseMschapFailure('E=691 C=zz112233445566778899AABBCCDDEEFF'), undefined)
  assert.deepEqual(parseMschapFailure('E=691'), { code: 691, retry: false, version: 2 })
  assert.equal(parseMschapFailure('E=691 V=x')?.version, 2)
  fc.assert(fc.property(fc.string(), (text) => void parseMschapFailure(text)))
  fc.assert(fc.property(fc.string(), (text) => void parseMschapFailure(`E=691 ${text}`)))
})
