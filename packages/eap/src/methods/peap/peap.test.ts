import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { concat, fromUtf8 } from '@sallyport/bytes'
import { makePki } from '../../../test/certificates.ts'
import { accepted, innerPeer, PASSWORD, refused, TlsLogin, VERSIONS } from '../../../test/tls-login.ts'
import { EapType } from '../../eap-type.ts'
import { EapCode } from '../../packet.ts'
import type { EapPeerMethodFactory, PeerStep } from '../../peer-method.ts'
import { PeerChannel, type PeerTlsOptions } from '../../tls/peer-channel.ts'
import { gtcPeer } from '../eap-gtc/peer.ts'
import { eapTlsPeer } from '../eap-tls/peer.ts'
import { BindingSubType, encodeCryptoBinding } from './crypto-binding.ts'
import { extensionPacket, extensionTlvs } from './inner-packet.ts'
import { encodeTlvs, PeapResult } from './tlv.ts'

const pki = makePki()
after(() => pki.remove())

const tls12 = { maxVersion: 'TLSv1.2' } as const

function sessionJar() {
  const jar: { session?: Uint8Array } = {}
  const onSession = (session: Uint8Array) => {
    jar.session = session
  }
  return { jar, onSession }
}

/** A hostile peer: a good tunnel, and in it whatever `say` makes of each inner message. */
function saying(
  options: PeerTlsOptions,
  say: (data: Uint8Array, identifier: number) => Uint8Array | undefined,
): EapPeerMethodFactory {
  return ({ mtu }) => {
    const channel = new PeerChannel(options, EapType.Peap, mtu)
    return {
      type: EapType.Peap,
      respond: async (data, identifier): Promise<PeerStep> => {
        const event = await channel.receive(data)
        if (event.kind === 'step') return event.step
        if (event.kind === 'opened') return channel.acknowledge('success')
        const answer = say(event.data, identifier)
        return answer === undefined
          ? channel.acknowledge('success')
          : await channel.sendData(answer, 'success')
      },
      close: () => channel.close(),
    }
  }
}

/** A peer that logs in by GTC and answers the server's Result TLV with `tlvs`. */
function gtcThen(options: PeerTlsOptions, tlvs: Uint8Array): EapPeerMethodFactory {
  return saying(options, (data, identifier) => {
    if (extensionTlvs(data, EapCode.Request) !== undefined) {
      return extensionPacket(EapCode.Response, identifier, tlvs)
    }
    const text = data[0] === EapType.Identity ? 'alice' : PASSWORD
    return concat(data.subarray(0, 1), fromUtf8(text))
  })
}

for (const version of VERSIONS) {
  const only = { minVersion: version, maxVersion: version }

  for (const cryptoBinding of ['required', 'none'] as const) {
    test(`ok/${version}: inner EAP-MSCHAPv2, crypto-binding ${cryptoBinding} for the peer`, async () => {
      const login = new TlsLogin(pki)
      const result = accepted(await login.run(login.peap(), login.peapPeer({ ...only, cryptoBinding })))
      assert.equal(result.method, 'peap')
      assert.equal(result.inner, 'eap-mschapv2')
      assert.equal(result.identity, 'alice')
      assert.deepEqual(result.proof, { user: 'alice' })
      assert.equal(result.tls?.version, version)
      assert.deepEqual(login.identities, ['alice']) // the offer is made to the inner identity
    })
  }

  test(`ok/${version}: inner EAP-TLS in small fragments; the certificate inside is the one reported`, async () => {
    const login = new TlsLogin(pki)
    login.inner = [EapType.Tls]
    const certificate = pki.alice
    const inner = {
      identity: 'alice',
      mtu: 300,
      methods: new Map([[EapType.Tls, eapTlsPeer({ ...login.peerTls(), certificate })]]),
    }
    const talk = await login.run(
      login.peap({ cryptoBinding: 'required' }),
      login.peapPeer({ ...only, inner }),
      {
        mtu: 250,
      },
    )
    const result = accepted(talk)
    assert.equal(result.inner, 'eap-tls')
    assert.deepEqual(result.proof, { certificate: 'alice' })
    assert.ok((result.tls?.peerChain.length ?? 0) > 0)
  })

  test(`fail/${version}: wrong password; the peer learns it inside the tunnel`, async () => {
    const login = new TlsLogin(pki)
    const talk = await login.run(login.peap(), login.peapPeer({ ...only, inner: innerPeer('wrong') }))
    assert.equal(refused(talk).code, 'refused')
    assert.ok(talk.peer.kind === 'failure')
    // E=691 of the inner method, which says more than the Result TLV.
    assert.deepEqual([talk.peer.reason.code, talk.peer.reason.detail?.error], ['refused', 691])
  })

  test(`fail/${version}: success claimed instead of an inner login`, async () => {
    const login = new TlsLogin(pki)
    const peer = saying(login.peerTls(only), (_, identifier) =>
      extensionPacket(EapCode.Response, identifier, encodeTlvs(PeapResult.Success)),
    )
    const { server } = await login.run(login.peap(), peer)
    assert.notEqual(server.kind, 'done')
    assert.deepEqual(login.verifier.asked, [])
  })

  test(`fail/${version}: the tunnel open, the inner login left out, then resumed: a full login is demanded`, async () => {
    const login = new TlsLogin(pki)
    const server = login.peap()
    const { jar, onSession } = sessionJar()
    const stop = saying(login.peerTls({ ...only, onSession }), () => undefined)
    await login.run(server, stop)
    assert.equal(login.resumption.size, 0)
    const again = saying(login.peerTls({ ...only, ...jar }), (_, identifier) =>
      extensionPacket(EapCode.Response, identifier, encodeTlvs(PeapResult.Success)),
    )
    const talk = await login.run(server, again)
    assert.notEqual(talk.server.kind, 'done')
    const result = accepted(await login.run(server, login.peapPeer({ ...only, ...jar })))
    assert.equal(result.tls?.resumed, false)
    assert.deepEqual(login.verifier.remembered, [])
  })
}

/** As strongSwan: what is longer than a Result TLV is for the inner method, whose answer is another identity. */
function knowsResultAlone(options: PeerTlsOptions): EapPeerMethodFactory {
  return saying(options, (data, identifier) => {
    const tlvs = extensionTlvs(data, EapCode.Request)
    if (tlvs?.length === encodeTlvs(PeapResult.Success).length)
      return extensionPacket(EapCode.Response, identifier, encodeTlvs(PeapResult.Success))
    const isGtc = tlvs === undefined && data[0] === EapType.Gtc
    return concat(Uint8Array.of(isGtc ? EapType.Gtc : EapType.Identity), fromUtf8(isGtc ? PASSWORD : 'alice'))
  })
}

test('ok: a peer that knows the Result TLV alone is asked again without crypto-binding', async () => {
  const login = new TlsLogin(pki)
  login.inner = [EapType.Gtc]
  const { server } = await login.run(login.peap(), knowsResultAlone(login.peerTls(tls12)))
  assert.ok(server.kind === 'done', server.kind)
  assert.deepEqual([server.result.identity, server.result.inner], ['alice', 'eap-gtc'])
})

test('fail: where crypto-binding is required that peer is refused', async () => {
  const login = new TlsLogin(pki)
  login.inner = [EapType.Gtc]
  const server = login.peap({ cryptoBinding: 'required' })
  const reason = refused(await login.run(server, knowsResultAlone(login.peerTls(tls12))))
  assert.equal(reason.code, 'unexpected-packet')
})

test('fail: it is asked once: who goes on with something else is refused', async () => {
  const login = new TlsLogin(pki)
  login.inner = [EapType.Gtc]
  const peer = saying(login.peerTls(tls12), (data) => {
    const isGtc = data[0] === EapType.Gtc
    return concat(Uint8Array.of(isGtc ? EapType.Gtc : EapType.Identity), fromUtf8(isGtc ? PASSWORD : 'alice'))
  })
  assert.equal(refused(await login.run(login.peap(), peer)).code, 'unexpected-packet')
})

test('ok: resumes in TLS 1.2 after Access-Accept, and looks at the account again', async () => {
  const login = new TlsLogin(pki)
  const server = login.peap({ cryptoBinding: 'required' })
  const { jar, onSession } = sessionJar()
  const first = login.peapPeer({ ...tls12, onSession, cryptoBinding: 'required' })
  accepted(await login.run(server, first))
  // The peer would fail on any inner login: it has no password.
  const again = { ...tls12, inner: innerPeer(''), cryptoBinding: 'required' } as const
  const result = accepted(await login.run(server, login.peapPeer({ ...again, ...jar })))
  assert.equal(result.tls?.resumed, true)
  assert.equal(result.identity, 'alice')
  assert.equal(result.inner, 'eap-mschapv2')
  assert.deepEqual(login.verifier.remembered, [{ user: 'alice' }])

  login.verifier.active = false
  const talk = await login.run(server, login.peapPeer({ ...again, ...jar }))
  assert.equal(refused(talk).code, 'refused')
  assert.equal(talk.peer.kind, 'failure')

  login.verifier.active = true
  const afterRefusal = await login.run(server, login.peapPeer({ ...again, ...jar }))
  assert.notEqual(afterRefusal.server.kind, 'done')
})

test('ok: nobody can look at the account, so a resumed login is not answered', async () => {
  const login = new TlsLogin(pki)
  const server = login.peap()
  const { jar, onSession } = sessionJar()
  accepted(await login.run(server, login.peapPeer({ ...tls12, onSession })))
  login.verifier.resumed = () => ({ ok: 'unavailable' })
  const { server: answer } = await login.run(server, login.peapPeer({ ...tls12, ...jar }))
  assert.equal(answer.kind, 'unavailable')
})

test('fail: policy refused the first login, so nothing is resumed', async () => {
  const login = new TlsLogin(pki)
  const server = login.peap()
  const { jar, onSession } = sessionJar()
  accepted(await login.run(server, login.peapPeer({ ...tls12, onSession }), { release: false }))
  const result = accepted(await login.run(server, login.peapPeer({ ...tls12, ...jar })))
  assert.equal(result.tls?.resumed, false)
})

test('fail: TLS 1.3 does not resume a tunnel, accepted or not', async () => {
  const login = new TlsLogin(pki)
  const server = login.peap()
  const { jar, onSession } = sessionJar()
  accepted(await login.run(server, login.peapPeer({ onSession })))
  assert.equal(login.resumption.size, 0)
  const result = accepted(await login.run(server, login.peapPeer({ ...jar })))
  assert.equal(result.tls?.version, 'TLSv1.3')
  assert.equal(result.tls?.resumed, false)
})

test('fail: a session of EAP-TTLS is none of PEAP', async () => {
  const login = new TlsLogin(pki)
  const { jar, onSession } = sessionJar()
  const inner = { method: 'pap', user: 'alice', password: PASSWORD } as const
  accepted(await login.run(login.ttls(), login.ttlsPeer(inner, { ...tls12, onSession })))
  assert.ok(jar.session !== undefined)
  const result = accepted(await login.run(login.peap(), login.peapPeer({ ...tls12, ...jar })))
  assert.equal(result.tls?.resumed, false)
})

test('fail: crypto-binding required and not sent', async () => {
  const login = new TlsLogin(pki)
  const peer = login.peapPeer({ cryptoBinding: 'none' })
  const talk = await login.run(login.peap({ cryptoBinding: 'required' }), peer)
  assert.deepEqual(refused(talk), { code: 'crypto-binding-missing' })
})

test('fail: crypto-binding that does not hold, also where it is optional', async () => {
  const login = new TlsLogin(pki)
  login.inner = [EapType.Gtc]
  const forged = encodeCryptoBinding(new Uint8Array(20), BindingSubType.Response, new Uint8Array(32))
  const peer = gtcThen(login.peerTls(), encodeTlvs(PeapResult.Success, forged))
  assert.deepEqual(refused(await login.run(login.peap(), peer)), { code: 'crypto-binding-invalid' })
})

test('fail: the method is not offered to this inner identity', async () => {
  const login = new TlsLogin(pki)
  login.inner = [EapType.Gtc]
  const talk = await login.run(login.peap(), login.peapPeer())
  assert.equal(refused(talk).code, 'nak-to-forbidden-method')
})

test('ok: inner GTC has no keys; crypto-binding still holds over the tunnel', async () => {
  const login = new TlsLogin(pki)
  login.inner = [EapType.Gtc]
  const inner = { identity: 'alice', methods: new Map([[EapType.Gtc, gtcPeer({ password: PASSWORD })]]) }
  const peer = login.peapPeer({ inner, cryptoBinding: 'required' })
  assert.equal(accepted(await login.run(login.peap({ cryptoBinding: 'required' }), peer)).inner, 'eap-gtc')
})

test('fail: the peer says failure where the server says success', async () => {
  const login = new TlsLogin(pki)
  login.inner = [EapType.Gtc]
  const peer = gtcThen(login.peerTls(), encodeTlvs(PeapResult.Failure))
  assert.deepEqual(refused(await login.run(login.peap(), peer)), { code: 'peer-reported-failure' })
})
