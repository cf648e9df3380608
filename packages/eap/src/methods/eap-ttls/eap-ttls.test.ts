import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { fromUtf8 } from '@sallyport/bytes'
import { makePki } from '../../../test/certificates.ts'
import { accepted, innerPeer, PASSWORD, refused, TlsLogin, VERSIONS } from '../../../test/tls-login.ts'
import { EapType } from '../../eap-type.ts'
import { encodeResponse } from '../../packet.ts'
import type { EapPeerMethodFactory, PeerStep } from '../../peer-method.ts'
import { PeerChannel, type PeerTlsOptions } from '../../tls/peer-channel.ts'
import { type Avp, AvpCode, encodeAvps, MICROSOFT, MicrosoftAvp } from './avp.ts'

const pki = makePki()
after(() => pki.remove())

const tls12 = { maxVersion: 'TLSv1.2' } as const
const METHODS = ['pap', 'chap', 'mschap', 'mschapv2'] as const

function sessionJar() {
  const jar: { session?: Uint8Array } = {}
  const onSession = (session: Uint8Array) => {
    jar.session = session
  }
  return { jar, onSession }
}

/** A hostile peer: a good tunnel, and in it these messages one after the other; then, or with undefined, it says nothing. */
function saying(
  options: PeerTlsOptions,
  ...messages: (readonly Pick<Avp, 'code' | 'vendor' | 'value'>[] | Uint8Array | undefined)[]
): EapPeerMethodFactory {
  return ({ mtu }) => {
    const channel = new PeerChannel(options, EapType.Ttls, mtu)
    return {
      type: EapType.Ttls,
      respond: async (data): Promise<PeerStep> => {
        const event = await channel.receive(data)
        if (event.kind === 'step') return event.step
        const avps = messages.shift()
        if (avps === undefined) return channel.acknowledge('success')
        return await channel.sendData(avps instanceof Uint8Array ? avps : encodeAvps(avps), 'success')
      },
      close: () => channel.close(),
    }
  }
}

const plain = (code: number, value: Uint8Array | string) => ({
  code,
  vendor: 0,
  value: typeof value === 'string' ? fromUtf8(value) : value,
})
const microsoft = (code: number, value: Uint8Array) => ({ code, vendor: MICROSOFT, value })

for (const version of VERSIONS) {
  const only = { minVersion: version, maxVersion: version }

  for (const method of METHODS) {
    const inner = { method, user: 'alice', password: PASSWORD }

    test(`ok/${version}: ${method}`, async () => {
      const login = new TlsLogin(pki)
      const result = accepted(await login.run(login.ttls(), login.ttlsPeer(inner, only)))
      assert.equal(result.method, 'eap-ttls')
      assert.equal(result.inner, method)
      assert.equal(result.identity, 'alice')
      assert.equal(result.tls?.version, version)
      assert.deepEqual(login.identities, ['alice'])
      assert.deepEqual(login.verifier.scopes, [login.scope])
    })

    test(`fail/${version}: ${method} with a wrong password, then a resumed session`, async () => {
      const login = new TlsLogin(pki)
      const server = login.ttls()
      const { jar, onSession } = sessionJar()
      const wrong = login.ttlsPeer({ ...inner, password: 'wrong' }, { ...only, onSession })
      const talk = await login.run(server, wrong)
      assert.equal(refused(talk).code, 'refused')
      assert.notEqual(talk.peer.kind, 'success')
      const again = await login.run(server, saying(login.peerTls({ ...only, ...jar }), undefined))
      assert.notEqual(again.server.kind, 'done')
    })

    test(`fail/${version}: ${method} is not allowed to this identity`, async () => {
      const login = new TlsLogin(pki)
      login.passwordMethods = new Set(METHODS.filter((other) => other !== method))
      const talk = await login.run(login.ttls(), login.ttlsPeer(inner, only))
      const detail = { method: 'eap-ttls', inner: method, allowed: [...login.passwordMethods].join(', ') }
      assert.deepEqual(refused(talk), { code: 'inner-method-forbidden', detail })
      assert.deepEqual(login.verifier.asked, [])
    })

    test(`fail/${version}: ${method}, and nobody could verify`, async () => {
      const login = new TlsLogin(pki)
      login.verifier.unavailable = true
      const { server } = await login.run(login.ttls(), login.ttlsPeer(inner, only))
      assert.equal(server.kind, 'unavailable')
    })
  }

  test(`ok/${version}: inner EAP-MSCHAPv2`, async () => {
    const login = new TlsLogin(pki)
    const peer = login.ttlsPeer({ method: 'eap', ...innerPeer(PASSWORD) }, only)
    const result = accepted(await login.run(login.ttls(), peer))
    assert.equal(result.inner, 'eap-mschapv2')
    assert.equal(result.identity, 'alice')
  })

  test(`fail/${version}: inner EAP-MSCHAPv2 with a wrong password`, async () => {
    const login = new TlsLogin(pki)
    login.verifier.wrong = { ...login.verifier.wrong, retry: false }
    const peer = login.ttlsPeer({ method: 'eap', ...innerPeer('wrong') }, only)
    assert.equal(refused(await login.run(login.ttls(), peer)).code, 'refused')
  })

  test(`fail/${version}: the inner login left out, then resumed`, async () => {
    const login = new TlsLogin(pki)
    const server = login.ttls()
    const { jar, onSession } = sessionJar()
    const first = await login.run(server, saying(login.peerTls({ ...only, onSession }), undefined))
    assert.notEqual(first.server.kind, 'done')
    const again = await login.run(server, saying(login.peerTls({ ...only, ...jar }), undefined))
    assert.notEqual(again.server.kind, 'done')
    assert.deepEqual(login.verifier.remembered, [])
  })

  // RFC 5281 section 11.1: an answer to a challenge of the attacker's choice, carried into his own tunnel.
  const challenge = new Uint8Array(16)
  const carried = {
    chap: [plain(AvpCode.ChapChallenge, challenge), plain(AvpCode.ChapPassword, new Uint8Array(17))],
    mschap: [
      microsoft(MicrosoftAvp.ChapChallenge, challenge.subarray(8)),
      microsoft(MicrosoftAvp.ChapResponse, new Uint8Array(50)),
    ],
    mschapv2: [
      microsoft(MicrosoftAvp.ChapChallenge, challenge),
      microsoft(MicrosoftAvp.Chap2Response, new Uint8Array(50)),
    ],
  }
  for (const [method, avps] of Object.entries(carried)) {
    test(`fail/${version}: ${method} over a challenge that is not the tunnel's`, async () => {
      const login = new TlsLogin(pki)
      const peer = saying(login.peerTls(only), [plain(AvpCode.UserName, 'alice'), ...avps])
      assert.equal(refused(await login.run(login.ttls(), peer)).code, 'unexpected-packet')
      assert.deepEqual(login.verifier.asked, [])
    })
  }
}

test('fail: AVPs that are malformed, unknown and mandatory, without a name, or empty', async () => {
  const password = plain(AvpCode.UserPassword, PASSWORD)
  const name = plain(AvpCode.UserName, 'alice')
  const hostile = {
    'cut short': [encodeAvps([name, password]).subarray(0, 20), 'malformed-packet'],
    'unknown mandatory': [[name, password, plain(999, 'x')], 'unexpected-packet'],
    'unknown vendor': [[name, password, { code: 1, vendor: 9, value: fromUtf8('x') }], 'unexpected-packet'],
    'no name': [[password], 'unexpected-packet'],
    'a name with NUL': [[plain(AvpCode.UserName, 'alice\0x'), password], 'unexpected-packet'],
    'no credentials': [[name], 'unexpected-packet'],
    'an empty password': [[name, plain(AvpCode.UserPassword, new Uint8Array(16))], 'refused'],
  } as const
  for (const [what, [avps, code]] of Object.entries(hostile)) {
    const login = new TlsLogin(pki)
    const talk = await login.run(login.ttls(), saying(login.peerTls(), avps))
    assert.equal(refused(talk).code, code, what)
  }
})

test('fail: a password after EAP was begun', async () => {
  const login = new TlsLogin(pki)
  const identity = encodeResponse(1, EapType.Identity, fromUtf8('alice'))
  const password = [plain(AvpCode.UserName, 'alice'), plain(AvpCode.UserPassword, PASSWORD)]
  const peer = saying(login.peerTls(), [plain(AvpCode.EapMessage, identity)], password)
  const { code, detail } = refused(await login.run(login.ttls(), peer))
  assert.deepEqual([code, detail], ['unexpected-packet', { what: 'pap after EAP' }])
  assert.deepEqual(login.verifier.asked, [])
})

test('ok: resumes in TLS 1.2 after Access-Accept, and looks at the account again', async () => {
  const login = new TlsLogin(pki)
  const server = login.ttls()
  const { jar, onSession } = sessionJar()
  const inner = { method: 'mschapv2', user: 'alice', password: PASSWORD } as const
  accepted(await login.run(server, login.ttlsPeer(inner, { ...tls12, onSession })))
  const without = login.ttlsPeer({ ...inner, password: 'not needed' }, { ...tls12, ...jar })
  const result = accepted(await login.run(server, without))
  assert.equal(result.tls?.resumed, true)
  assert.equal(result.inner, 'mschapv2')
  assert.deepEqual(login.verifier.remembered, [{ user: 'alice' }])
  login.verifier.active = false
  assert.equal(refused(await login.run(server, without)).code, 'refused')
  login.verifier.active = true
  const after = await login.run(server, without) // refused once: a full login with the password it does not have
  assert.equal(refused(after).code, 'refused')
  assert.equal(login.verifier.remembered.length, 2)
})

test('fail: TLS 1.3 does not resume a tunnel', async () => {
  const login = new TlsLogin(pki)
  const server = login.ttls()
  const { jar, onSession } = sessionJar()
  const inner = { method: 'mschapv2', user: 'alice', password: PASSWORD } as const
  accepted(await login.run(server, login.ttlsPeer(inner, { onSession })))
  assert.ok(jar.session !== undefined)
  const result = accepted(await login.run(server, login.ttlsPeer(inner, { ...jar })))
  assert.equal(result.tls?.version, 'TLSv1.3')
  assert.equal(result.tls?.resumed, false)
})
