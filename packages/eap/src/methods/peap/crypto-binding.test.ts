import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex } from '@sallyport/bytes'
import {
  BindingSubType,
  checkCryptoBinding,
  compoundKeys,
  compoundSessionKey,
  encodeCryptoBinding,
} from './crypto-binding.ts'
import { encodeTlvs, PeapResult, parseTlvs } from './tlv.ts'

const tunnel = {
  msk: new Uint8Array(64).fill(1),
  emsk: new Uint8Array(64).fill(2),
  sessionId: Uint8Array.of(25),
}
const cmk = new Uint8Array(20).fill(7)
const nonce = new Uint8Array(32).fill(9)

test('a binding is checked whole: every octet counts', () => {
  const tlv = encodeCryptoBinding(cmk, BindingSubType.Response, nonce)
  assert.equal(tlv.length, 60)
  assert.deepEqual(checkCryptoBinding(cmk, tlv, BindingSubType.Response), nonce)
  for (let at = 0; at < tlv.length; at++) {
    const bad = tlv.slice()
    bad[at] = (bad[at] as number) ^ 1
    assert.equal(checkCryptoBinding(cmk, bad, BindingSubType.Response), undefined, `octet ${at}`)
  }
  assert.equal(checkCryptoBinding(cmk, tlv.subarray(0, 59), BindingSubType.Response), undefined)
})

test('our own request played back is no response', () => {
  const tlv = encodeCryptoBinding(cmk, BindingSubType.Request, nonce)
  assert.equal(checkCryptoBinding(cmk, tlv, BindingSubType.Response), undefined)
})

test('keys of the tunnel, of the inner method and of a resumed session are all different', () => {
  const inner = new Uint8Array(64).fill(3)
  const all = [
    compoundKeys(tunnel, inner, false),
    compoundKeys(tunnel, undefined, false),
    compoundKeys(tunnel, undefined, true),
    compoundKeys({ ...tunnel, msk: new Uint8Array(64).fill(4) }, inner, false),
  ]
  assert.equal(new Set(all.map((keys) => keys.cmk.toHex())).size, 4)
  for (const keys of all) {
    assert.equal(keys.ipmk.length, 40)
    assert.equal(keys.cmk.length, 20)
  }
  const csk = compoundSessionKey((all[0] as (typeof all)[0]).ipmk, tunnel.sessionId)
  assert.equal(csk.msk.length, 64)
  assert.equal(csk.emsk.length, 64)
  assert.notEqual(csk.msk.toHex(), tunnel.msk.toHex())
})

test('TLVs: result and binding are found, an unknown mandatory one is refused, an unknown optional one is not', () => {
  const binding = encodeCryptoBinding(cmk, BindingSubType.Request, nonce)
  assert.deepEqual(parseTlvs(encodeTlvs(PeapResult.Success, binding)), {
    result: 1,
    cryptoBinding: binding,
  })
  assert.deepEqual(parseTlvs(fromHex('8003 0002 0002')), { result: 2 })
  assert.deepEqual(parseTlvs(fromHex('8003 0002 0001 0007 0004 01020304')), { result: 1 })
  assert.equal(parseTlvs(fromHex('8003 0002 0001 8007 0004 01020304')), undefined)
  assert.equal(parseTlvs(fromHex('8003 0002 0001 8003 0002 0002')), undefined)
  assert.equal(parseTlvs(fromHex('8003 0001 01')), undefined)
  const whole = encodeTlvs(PeapResult.Success, binding)
  for (let length = 1; length < whole.length; length++) {
    const parsed = parseTlvs(whole.subarray(0, length))
    assert.ok(parsed === undefined || length === 6, `cut at ${length}`)
  }
})
