import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { makePki } from '../../../test/certificates.ts'
import { accepted, refused, TlsLogin, VERSIONS } from '../../../test/tls-login.ts'
import { EapType } from '../../eap-type.ts'
import type { EapPeerMethodFactory } from '../../peer-method.ts'
import type { TlsVersion } from '../../tls/engine.ts'
import { PeerChannel, type PeerTlsOptions } from '../../tls/peer-channel.ts'
import { eapTlsServer } from './server.ts'

const pki = makePki()
after(() => pki.remove())

/** A session that a client kept. */
function sessionJar() {
  const jar: { session?: Uint8Array } = {}
  return {
    jar,
    onSession: (session: Uint8Array) => {
      jar.session = session
    },
  }
}

/** A peer that shows no certificate, and otherwise does as it should. */
function withoutCertificate(options: PeerTlsOptions): EapPeerMethodFactory {
  return ({ mtu }) => {
    const channel = new PeerChannel(options, EapType.Tls, mtu)
    return {
      type: EapType.Tls,
      respond: async (data) => {
        const event = await channel.receive(data)
        return event.kind === 'step' ? event.step : channel.acknowledge('success')
      },
      close: () => channel.close(),
    }
  }
}

for (const version of VERSIONS) {
  const only = { minVersion: version, maxVersion: version }

  test(`ok/${version}: both sides hold the same keys, and the server knows the whole chain`, async () => {
    const login = new TlsLogin(pki)
    const result = accepted(
      await login.run(login.eapTls(), login.eapTlsPeer(pki.alice, only), { identity: 'alice' }),
    )
    assert.equal(result.method, 'eap-tls')
    assert.equal(result.identity, 'alice')
    assert.deepEqual(result.proof, { certificate: 'alice' })
    assert.equal(result.tls?.version, version)
    assert.equal(result.tls?.resumed, false)
    assert.ok((result.tls?.peerChain.length ?? 0) >= 1)
    assert.equal(result.keys?.msk.length, 64)
    assert.equal(result.keys?.emsk.length, 64)
    assert.equal(result.keys?.sessionId.length, 65)
    assert.deepEqual(
      login.verifier.certificates.map(({ resumed, opensslError }) => [resumed, opensslError]),
      [[false, undefined]],
    )
  })

  test(`ok/${version}: resumes after Access-Accept, validates the remembered chain again`, async () => {
    const login = new TlsLogin(pki)
    const server = login.eapTls()
    const { jar, onSession } = sessionJar()
    const first = accepted(await login.run(server, login.eapTlsPeer(pki.alice, { ...only, onSession })))
    for (let i = 0; i < 2; i++) {
      const again = login.eapTlsPeer(pki.alice, { ...only, onSession, ...jar })
      const result = accepted(await login.run(server, again))
      assert.equal(result.tls?.resumed, true)
      assert.deepEqual(result.tls?.peerChain, first.tls?.peerChain)
    }
    assert.deepEqual(
      login.verifier.certificates.map(({ resumed, chain }) => [resumed, chain]),
      [false, true, true].map((resumed) => [resumed, first.tls?.peerChain.length]),
    )
  })

  test(`fail/${version}: resumed, but the account or certificate is refused now`, async () => {
    const login = new TlsLogin(pki)
    const server = login.eapTls()
    const { jar, onSession } = sessionJar()
    accepted(await login.run(server, login.eapTlsPeer(pki.alice, { ...only, onSession })))
    login.verifier.active = false
    const talk = await login.run(server, login.eapTlsPeer(pki.alice, { ...only, ...jar }))
    assert.equal(refused(talk).code, 'refused')
    assert.equal(login.verifier.certificates.at(-1)?.resumed, true)
    assert.notEqual(talk.peer.kind, 'success')
  })

  test(`fail/${version}: a conversation that never ended in Access-Accept is not resumed`, async () => {
    const login = new TlsLogin(pki)
    const server = login.eapTls()
    const { jar, onSession } = sessionJar()
    const peer = login.eapTlsPeer(pki.alice, { ...only, onSession })
    accepted(await login.run(server, peer, { release: false }))
    const talk = await login.run(server, login.eapTlsPeer(pki.alice, { ...only, ...jar }), { release: false })
    assert.equal(refused(talk).code, 'resumption-not-released')
  })

  test(`ok/${version}: a peer that keeps offering a refused session gets a full handshake next`, async () => {
    const login = new TlsLogin(pki)
    const server = login.eapTls()
    const { jar, onSession } = sessionJar()
    const run = async (identity: string) =>
      await login.run(server, login.eapTlsPeer(pki.alice, { ...only, ...jar }), { identity, release: false })
    const first = login.eapTlsPeer(pki.alice, { ...only, onSession })
    accepted(await login.run(server, first, { release: false }))
    assert.equal(refused(await run('alice')).code, 'resumption-not-released')
    assert.equal(accepted(await run('alice')).tls?.resumed, false)
    assert.equal(refused(await run('bob')).code, 'resumption-not-released')
    login.now += 600_000
    assert.equal(refused(await run('alice')).code, 'resumption-not-released')
  })

  test(`fail/${version}: an accepted session ends with a later login that policy refused`, async () => {
    const login = new TlsLogin(pki)
    const server = login.eapTls()
    const { jar, onSession } = sessionJar()
    accepted(await login.run(server, login.eapTlsPeer(pki.alice, { ...only, onSession })))
    accepted(await login.run(server, login.eapTlsPeer(pki.alice, only), { release: false }))
    const talk = await login.run(server, login.eapTlsPeer(pki.alice, { ...only, ...jar }), { release: false })
    assert.equal(refused(talk).code, 'resumption-not-released')
  })

  test(`ok/${version}: another login of the certificate that is under way takes nothing away`, async () => {
    const login = new TlsLogin(pki)
    const server = login.eapTls()
    const { jar, onSession } = sessionJar()
    accepted(await login.run(server, login.eapTlsPeer(pki.alice, { ...only, onSession })))
    accepted(await login.run(server, login.eapTlsPeer(pki.alice, only), { release: 'under way' }))
    const talk = await login.run(server, login.eapTlsPeer(pki.alice, { ...only, ...jar }))
    assert.equal(accepted(talk).tls?.resumed, true)
  })

  test(`fail/${version}: after the lifetime`, async () => {
    const login = new TlsLogin(pki)
    const server = login.eapTls()
    const { jar, onSession } = sessionJar()
    accepted(await login.run(server, login.eapTlsPeer(pki.alice, { ...only, onSession })))
    login.now = 3600_000
    const talk = await login.run(server, login.eapTlsPeer(pki.alice, { ...only, ...jar }), { release: false })
    assert.equal(refused(talk).code, 'resumption-not-released')
  })

  test(`fail/${version}: the lifetime counts from the full login, however often it was resumed`, async () => {
    const login = new TlsLogin(pki)
    const server = login.eapTls()
    const { jar, onSession } = sessionJar()
    accepted(await login.run(server, login.eapTlsPeer(pki.alice, { ...only, onSession })))
    login.now = 3000_000
    accepted(await login.run(server, login.eapTlsPeer(pki.alice, { ...only, onSession, ...jar })))
    login.now = 3600_000
    const talk = await login.run(server, login.eapTlsPeer(pki.alice, { ...only, ...jar }))
    assert.equal(refused(talk).code, 'resumption-not-released')
  })

  test(`fail/${version}: a server without a store never resumes`, async () => {
    const login = new TlsLogin(pki)
    const { engine, verifier } = login
    const server = eapTlsServer({ engine, verifier, certificates: pki.server, clientAuthorities: [pki.ca] })
    const { jar, onSession } = sessionJar()
    accepted(await login.run(server, login.eapTlsPeer(pki.alice, { ...only, onSession })))
    const result = accepted(await login.run(server, login.eapTlsPeer(pki.alice, { ...only, ...jar })))
    assert.equal(result.tls?.resumed, false)
  })

  test(`fail/${version}: another trusted CA, so no resumption and no certificate that fits`, async () => {
    const login = new TlsLogin(pki)
    const { jar, onSession } = sessionJar()
    accepted(await login.run(login.eapTls(), login.eapTlsPeer(pki.alice, { ...only, onSession })))
    const swapped = login.eapTls([pki.otherCa])
    const talk = await login.run(swapped, login.eapTlsPeer(pki.alice, { ...only, ...jar }))
    assert.equal(refused(talk).code, 'refused')
    assert.equal(login.verifier.certificates.at(-1)?.resumed, false)
    assert.notEqual(login.verifier.certificates.at(-1)?.opensslError, undefined)
  })

  test(`fail/${version}: a session of PEAP or EAP-TTLS is none of EAP-TLS`, async () => {
    const login = new TlsLogin(pki)
    const { jar, onSession } = sessionJar()
    const inner = { method: 'mschapv2', user: 'alice', password: 'correct horse' } as const
    accepted(await login.run(login.ttls(), login.ttlsPeer(inner, { ...only, onSession })))
    assert.ok(jar.session !== undefined)
    const talk = await login.run(login.eapTls(), withoutCertificate(login.peerTls({ ...only, ...jar })))
    assert.equal(refused(talk).code, 'tls-no-client-certificate')
    const result = accepted(await login.run(login.eapTls(), login.eapTlsPeer(pki.alice, { ...only, ...jar })))
    assert.equal(result.tls?.resumed, false)
  })

  test(`fail/${version}: no certificate, also on a second try with whatever the first one left`, async () => {
    const login = new TlsLogin(pki)
    const server = login.eapTls()
    const { jar, onSession } = sessionJar()
    for (let i = 0; i < 2; i++) {
      const peer = withoutCertificate(login.peerTls({ ...only, onSession, ...jar }))
      const talk = await login.run(server, peer)
      assert.equal(refused(talk).code, 'tls-no-client-certificate')
      // Refused before our last flight went out: the peer never got a session ticket.
      assert.equal(jar.session, undefined)
    }
    assert.equal(login.verifier.certificates.length, 0)
  })

  for (const who of ['mallory', 'expired'] as const) {
    test(`fail/${version}: ${who} certificate; a verifier's yes does not outweigh OpenSSL's no`, async () => {
      const login = new TlsLogin(pki)
      login.verifier.certificate = () => ({ ok: true, proof: 'carelessly' })
      const talk = await login.run(login.eapTls(), login.eapTlsPeer(pki[who], only))
      const openssl = who === 'expired' ? 'CERT_HAS_EXPIRED' : 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
      assert.deepEqual(refused(talk), { code: 'refused', detail: { openssl } })
      // The commitment of RFC 9190 and the Finished of TLS 1.2 stay unsent.
      assert.notEqual(talk.peer.kind, 'success')
      assert.equal(login.resumption.size, 0)
    })
  }

  test(`fail/${version}: nobody could verify, so nothing is said`, async () => {
    const login = new TlsLogin(pki)
    login.verifier.certificate = () => ({ ok: 'unavailable' })
    const { server } = await login.run(login.eapTls(), login.eapTlsPeer(pki.alice, only))
    assert.equal(server.kind, 'unavailable')
  })

  for (const mtu of [100, 500, 1398]) {
    test(`ok/${version}: fragments of ${mtu} octets both ways`, async () => {
      const login = new TlsLogin(pki)
      accepted(await login.run(login.eapTls(), login.eapTlsPeer(pki.alice, only), { mtu }))
    })
  }
}

test('fail: the peer does not trust the CA of the server, or wants another name', async () => {
  for (const [more, alert] of [
    [{ authorities: [pki.otherCa] }, 'unknown_ca'],
    [{ serverName: 'other.example.org' }, 'certificate_unknown'],
  ] as const) {
    const login = new TlsLogin(pki)
    const { server, peer } = await login.run(login.eapTls(), login.eapTlsPeer(pki.alice, more))
    assert.equal(peer.kind, 'failure')
    assert.equal(peer.kind === 'failure' && peer.reason.code, 'tls-handshake-failed')
    // The server is told, and need not wait for a peer that went away.
    assert.ok(server.kind === 'failure')
    assert.deepEqual(server.reason, { code: 'tls-alert-received', detail: { alert } })
    assert.equal(login.verifier.certificates.length, 0)
  }
})

test('fail: no common TLS version; the alert goes out before the failure', async () => {
  const login = new TlsLogin(pki)
  const { engine, verifier } = login
  const server = eapTlsServer({
    engine,
    verifier,
    certificates: pki.server,
    clientAuthorities: [pki.ca],
    minVersion: 'TLSv1.3',
  })
  const talk = await login.run(server, login.eapTlsPeer(pki.alice, { maxVersion: 'TLSv1.2' }))
  assert.deepEqual(refused(talk), {
    code: 'tls-handshake-failed',
    detail: { error: 'unsupported_protocol', alertSent: 'protocol_version' },
  })
  assert.deepEqual(talk.peer.kind === 'failure' && talk.peer.reason, {
    code: 'tls-alert-received',
    detail: { alert: 'protocol_version' },
  })
})

test('the server has an ECDSA and an RSA certificate, and takes the cheap one', async () => {
  const login = new TlsLogin(pki)
  const max: { maxVersion: TlsVersion } = { maxVersion: 'TLSv1.2' }
  const result = accepted(await login.run(login.eapTls(), login.eapTlsPeer(pki.alice, max)))
  assert.match(result.tls?.cipher ?? '', /ECDHE_ECDSA/)
})
