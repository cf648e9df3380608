import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex, fromUtf8, toHex } from '@sallyport/bytes'
import { EXAMPLE } from '../test/rfc2759.ts'
import { masterKey, mppeKeys, mppeSessionKey, mppeStartKeyV1 } from './mppe-keys.ts'
import { rc4 } from './rc4.ts'

const { ntHashHash, ntResponse } = EXAMPLE

test('the 128-bit send key of RFC 3079 section 3.5.3', () => {
  assert.equal(toHex(masterKey(ntHashHash, ntResponse)), 'fdece3717a8c838cb388e527ae3cdd31')
  const { send } = mppeKeys(ntHashHash, ntResponse, 'server')
  assert.equal(toHex(send), '8b7cdc149b993a1ba118cb153f56dccb')
  const session = mppeSessionKey(send)
  assert.equal(toHex(session), '405cb2247a7956e6e211007ae27b22d4')
  assert.equal(toHex(rc4(session, fromUtf8('test message'))), '81848317df68846272fb5abe')
})

test('the 128-bit MS-CHAPv1 key of RFC 3079 section 2.5.3', () => {
  const start = mppeStartKeyV1(ntHashHash, fromHex('102db5df085d3041'))
  assert.equal(toHex(start), 'a8947850cfc0acc1d1789fb62ddcddb0')
  assert.equal(toHex(mppeSessionKey(start)), '59d159bc09f76f1da2a86a28ffec0b1e')
})

test('what one end sends with the other receives with', () => {
  const server = mppeKeys(ntHashHash, ntResponse, 'server')
  const peer = mppeKeys(ntHashHash, ntResponse, 'peer')
  assert.deepEqual(server.send, peer.receive)
  assert.deepEqual(server.receive, peer.send)
  assert.notDeepEqual(server.send, server.receive)
})
