import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromUtf8 } from '@sallyport/bytes'
import { type Avp, AvpCode, MICROSOFT, MicrosoftAvp } from './avp.ts'
import { readCredentials } from './credentials.ts'

function avp(code: number, value: string | Uint8Array, vendor = 0): Avp {
  return { code, vendor, mandatory: true, value: typeof value === 'string' ? fromUtf8(value) : value }
}

const NAME = avp(AvpCode.UserName, 'alice')
const PASSWORD = avp(AvpCode.UserPassword, 'secret')
const CHAP = [avp(AvpCode.ChapChallenge, new Uint8Array(16)), avp(AvpCode.ChapPassword, new Uint8Array(17))]
const MSCHAP_V2 = [
  avp(MicrosoftAvp.ChapChallenge, new Uint8Array(16), MICROSOFT),
  avp(MicrosoftAvp.Chap2Response, new Uint8Array(50), MICROSOFT),
]
const EAP = avp(AvpCode.EapMessage, Uint8Array.of(2, 0, 0, 4))

test('ok/ one name and one proof', () => {
  for (const [method, avps] of [
    ['pap', [NAME, PASSWORD]],
    ['chap', [NAME, ...CHAP]],
    ['mschapv2', [NAME, ...MSCHAP_V2]],
    ['eap', [EAP, EAP]],
  ] as const) {
    const read = readCredentials(avps)
    assert.equal('method' in read ? read.method : read.wrong, method)
  }
})

test('fail/ two names, two proofs, or one proof twice', () => {
  for (const avps of [
    [NAME, avp(AvpCode.UserName, 'mallory'), PASSWORD],
    [NAME, PASSWORD, ...CHAP],
    [NAME, ...CHAP, ...MSCHAP_V2],
    [NAME, PASSWORD, avp(AvpCode.UserPassword, 'other')],
    [EAP, NAME, PASSWORD],
  ]) {
    const read = readCredentials(avps)
    assert.equal('wrong' in read ? read.wrong : read.method, 'more than one user name or proof')
  }
})
