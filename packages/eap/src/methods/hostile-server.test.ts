/** What the peers must not believe of a server whose certificate is good: it may be another server of the same CA. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { concat, fromUtf8 } from '@sallyport/bytes'
import { makePki } from '../../test/certificates.ts'
import { PASSWORD, TlsLogin } from '../../test/tls-login.ts'
import { EapType } from '../eap-type.ts'
import { encodeRequest, encodeSuccess } from '../packet.ts'
import { EapPeer, type EapPeerAnswer } from '../peer.ts'
import type { EapPeerMethodFactory } from '../peer-method.ts'
import { ServerChannel } from '../tls/server-channel.ts'
import { gtcPeer } from './eap-gtc/peer.ts'
import { encodeAvps, MICROSOFT, MicrosoftAvp } from './eap-ttls/avp.ts'
import { BindingSubType, encodeCryptoBinding } from './peap/crypto-binding.ts'
import { extensionPacket } from './peap/inner-packet.ts'
import { encodeTlvs, PeapResult } from './peap/tlv.ts'

const pki = makePki()
after(() => pki.remove())

/**
 * Serves a peer: a good tunnel, then `says` one after the other as application data, then EAP-Success. Returns what the
 * peer made of it.
 */
async function serve(
  login: TlsLogin,
  factory: EapPeerMethodFactory,
  type: number,
  says: readonly Uint8Array[],
): Promise<EapPeerAnswer> {
  const server = login.engine.server({
    purpose: 'hostile',
    certificates: pki.server,
    ...(type === EapType.Tls ? { clientAuthorities: [pki.ca] } : {}),
    resumption: 'none',
    sessionLifetimeSeconds: 0,
  })
  const channel = new ServerChannel({ server, type, version: 0, mtu: 1020 })
  const peer = new EapPeer({ identity: 'alice', methods: new Map([[type, factory]]) })
  const script = [...says]
  let step = channel.begin()
  for (let identifier = 1; ; identifier++) {
    assert.ok(step.kind === 'send', JSON.stringify(step))
    const answer = await peer.receive(encodeRequest(identifier, type, step.data))
    if (answer.kind !== 'respond') return answer
    const event = await channel.receive(answer.packet.subarray(5))
    if (event.kind === 'step') {
      step = event.step
      continue
    }
    const next = script.shift()
    if (next === undefined) {
      channel.close()
      return await peer.receive(encodeSuccess(identifier))
    }
    // The peer speaks first in EAP-TTLS and TLS 1.3: what it said is of no interest here.
    step = await channel.sendData(next)
  }
}

function reasonOf(answer: EapPeerAnswer): string | undefined {
  assert.notEqual(answer.kind, 'success')
  return answer.kind === 'failure' ? answer.reason.code : undefined
}

const success = (binding?: Uint8Array) => extensionPacket(1, 0, encodeTlvs(PeapResult.Success, binding))
const askGtc = concat(Uint8Array.of(EapType.Gtc), fromUtf8('Password'))
const gtcInner = { identity: 'alice', methods: new Map([[EapType.Gtc, gtcPeer({ password: PASSWORD })]]) }
const forged = encodeCryptoBinding(new Uint8Array(20), BindingSubType.Request, new Uint8Array(32))

test('PEAP: success before any inner method has run', async () => {
  const login = new TlsLogin(pki)
  for (const said of [success(), success(forged)]) {
    reasonOf(await serve(login, login.peapPeer(), EapType.Peap, [said]))
  }
})

test('PEAP: crypto-binding that does not hold', async () => {
  const login = new TlsLogin(pki)
  const peer = login.peapPeer({ inner: gtcInner, cryptoBinding: 'optional' })
  const answer = await serve(login, peer, EapType.Peap, [askGtc, success(forged)])
  assert.equal(reasonOf(answer), 'crypto-binding-invalid')
})

test('PEAP: crypto-binding left out where it is required, and only there', async () => {
  const login = new TlsLogin(pki)
  const required = login.peapPeer({ inner: gtcInner, cryptoBinding: 'required' })
  const answer = await serve(login, required, EapType.Peap, [askGtc, success()])
  assert.equal(reasonOf(answer), 'crypto-binding-missing')
  const optional = login.peapPeer({ inner: gtcInner, cryptoBinding: 'optional' })
  assert.equal((await serve(login, optional, EapType.Peap, [askGtc, success()])).kind, 'success')
})

test('EAP-TLS 1.3: no commitment, or another octet', async () => {
  const login = new TlsLogin(pki)
  reasonOf(await serve(login, login.eapTlsPeer(), EapType.Tls, []))
  for (const said of [Uint8Array.of(1), Uint8Array.of(0, 0)]) {
    const answer = await serve(login, login.eapTlsPeer(), EapType.Tls, [said])
    assert.equal(reasonOf(answer), 'unexpected-packet')
  }
  assert.equal((await serve(login, login.eapTlsPeer(), EapType.Tls, [Uint8Array.of(0)])).kind, 'success')
})

test('EAP-TTLS: MS-CHAPv2 without, or with a wrong, proof that the server knows the password', async () => {
  const login = new TlsLogin(pki)
  const peer = () => login.ttlsPeer({ method: 'mschapv2', user: 'alice', password: PASSWORD })
  reasonOf(await serve(login, peer(), EapType.Ttls, []))
  const value = concat(Uint8Array.of(0), fromUtf8(`S=${'0'.repeat(40)}`))
  const wrong = encodeAvps([{ code: MicrosoftAvp.Chap2Success, vendor: MICROSOFT, value }])
  const answer = await serve(login, peer(), EapType.Ttls, [wrong])
  assert.equal(reasonOf(answer), 'authenticator-response-invalid')
})
