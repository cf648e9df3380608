import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EapType, methodName, methodType } from './eap-type.ts'
import type { EapMethodName } from './result.ts'

/** A record, so that a new name in the union is missed here by the compiler. */
const TYPES: Readonly<Record<EapMethodName, number>> = {
  'eap-md5': 4,
  'eap-gtc': 6,
  'eap-tls': 13,
  'eap-ttls': 21,
  peap: 25,
  'eap-mschapv2': 26,
}

test('every method name has its IANA type', () => {
  for (const [name, type] of Object.entries(TYPES)) {
    assert.equal(methodType(name as EapMethodName), type) // the keys of TYPES
    assert.equal(methodName(type), name)
  }
  assert.equal(methodName(EapType.Nak), undefined)
})
