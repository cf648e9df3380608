import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromUtf8 } from '@sallyport/bytes'
import { AcctStatusType, EapMessage, ProxyState, UserName } from './attributes/index.generated.ts'
import {
  type Attribute,
  attribute,
  encodeReply,
  encodeRequest,
  inspect,
  PacketCode,
  type PacketView,
  Secret,
  type VerifyRules,
  verify,
  verifyReply,
} from './index.ts'

const oldSecret = new Secret('old secret')
const newSecret = new Secret('new secret')
const other = new Secret('other')
const strict: VerifyRules = { requireMessageAuthenticator: true }
const legacy: VerifyRules = { requireMessageAuthenticator: false }
const alice = attribute(UserName, 'alice')

function view(octets: Uint8Array): PacketView {
  const inspected = inspect(octets)
  assert.ok(inspected.ok)
  return inspected.packet
}

function request(
  code: number,
  options: { secret?: Secret; attributes?: readonly Attribute[]; messageAuthenticator?: boolean } = {},
): PacketView {
  return view(encodeRequest({ code, id: 1, secret: oldSecret, attributes: [alice], ...options }))
}

function changed(packet: PacketView, at: number): PacketView {
  const octets = Uint8Array.from(packet.octets)
  octets[at] = (octets[at] as number) ^ 1
  return view(octets)
}

function reasonOf(outcome: { ok: boolean; reason?: string }): string | undefined {
  return outcome.ok ? undefined : outcome.reason
}

test('two secrets during a rotation: the outcome names the one that matched', () => {
  for (const code of [1, 4, 12, 40, 43]) {
    for (const [secretIndex, secret] of [oldSecret, newSecret].entries()) {
      const outcome = verify(request(code, { secret }), [oldSecret, newSecret], strict)
      assert.deepEqual(outcome, { ok: true, secret, secretIndex, authenticated: true })
    }
    assert.equal(verify(request(code, { secret: other }), [oldSecret, newSecret], strict).ok, false)
  }
})

test('no secret at all matches nothing', () => {
  for (const code of [1, 4, 12, 40, 43]) assert.equal(verify(request(code), [], legacy).ok, false)
  const bare = request(PacketCode.AccessRequest, { messageAuthenticator: false })
  assert.equal(verify(bare, [], legacy).ok, false)
})

test('Access-Request without Message-Authenticator: only for legacy clients, and then unproved', () => {
  const packet = request(PacketCode.AccessRequest, { messageAuthenticator: false })
  assert.equal(reasonOf(verify(packet, [oldSecret], strict)), 'message-authenticator-missing')
  assert.deepEqual(verify(packet, [oldSecret], legacy), {
    ok: true,
    secret: oldSecret,
    secretIndex: 0,
    authenticated: false,
  })
})

test('a wrong Message-Authenticator is refused for legacy clients too', () => {
  for (const code of [PacketCode.AccessRequest, PacketCode.StatusServer]) {
    const packet = changed(request(code), 30)
    assert.equal(reasonOf(verify(packet, [oldSecret], legacy)), 'message-authenticator-invalid')
  }
})

test('every octet of a signed request is covered, its code aside', () => {
  for (const code of [1, 4, 12, 40, 43]) {
    const packet = request(code, { messageAuthenticator: true })
    for (let at = 1; at < packet.octets.length; at++) {
      const octets = Uint8Array.from(packet.octets)
      octets[at] = (octets[at] as number) ^ 1
      const inspected = inspect(octets)
      if (inspected.ok)
        assert.equal(verify(inspected.packet, [oldSecret], strict).ok, false, `code ${code} octet ${at}`)
    }
  }
})

test('Proxy-State without Message-Authenticator is dropped, for legacy clients too', () => {
  const packet = request(PacketCode.AccessRequest, {
    attributes: [alice, attribute(ProxyState, fromUtf8('x'))],
    messageAuthenticator: false,
  })
  assert.equal(reasonOf(verify(packet, [oldSecret], legacy)), 'proxy-state-without-message-authenticator')
})

test('RFC 3579 section 3.2: EAP-Message without Message-Authenticator is dropped, for legacy clients too', () => {
  const packet = request(PacketCode.AccessRequest, {
    attributes: [alice, attribute(EapMessage, fromUtf8('eap'))],
    messageAuthenticator: false,
  })
  assert.equal(reasonOf(verify(packet, [oldSecret], legacy)), 'eap-without-message-authenticator')
})

test('Accounting, CoA and Disconnect are proved by their authenticator', () => {
  for (const code of [4, 40, 43]) {
    const packet = request(code, { attributes: [attribute(AcctStatusType, 1)] })
    assert.equal(packet.messageAuthenticatorAt, -1)
    assert.equal(verify(packet, [oldSecret], strict).ok, true)
    assert.equal(reasonOf(verify(changed(packet, 10), [oldSecret], legacy)), 'request-authenticator-invalid')
  }
})

test('RFC 5176 section 2.3: a Message-Authenticator in them is checked as well', () => {
  for (const code of [4, 40, 43]) {
    const packet = request(code, { messageAuthenticator: true })
    assert.equal(verify(packet, [oldSecret], strict).ok, true)
    // Forged with the right authenticator, computed by hand, around a wrong Message-Authenticator.
    const octets = Uint8Array.from(packet.octets)
    octets.fill(0, 4, 20)
    octets[22] = (octets[22] as number) ^ 1
    oldSecret.md5Start().update(octets).update(oldSecret.octets).finish(octets, 4)
    assert.equal(reasonOf(verify(view(octets), [oldSecret], strict)), 'message-authenticator-invalid')
  }
})

test('what is not a request is not verified as one', () => {
  for (const code of [0, 2, 3, 5, 11, 13, 41, 42, 44, 45, 255]) {
    const octets = Uint8Array.from(request(PacketCode.AccessRequest).octets)
    octets[0] = code
    assert.equal(reasonOf(verify(view(octets), [oldSecret], legacy)), 'unexpected-code')
  }
})

const REPLIES: readonly [number, number][] = [
  [1, 2],
  [1, 3],
  [1, 11],
  [4, 5],
  [12, 2],
  [12, 5],
  [40, 41],
  [40, 42],
  [43, 44],
  [43, 45],
]

test('a reply is proved to its request, and every octet of it is covered', () => {
  for (const [requestCode, code] of REPLIES) {
    const sent = request(requestCode)
    const reply = view(encodeReply({ code, request: sent, secret: oldSecret, attributes: [alice] }))
    assert.deepEqual(verifyReply(reply, sent, oldSecret, strict), { ok: true })
    assert.equal(reasonOf(verifyReply(reply, sent, newSecret, strict)), 'response-authenticator-invalid')
    for (let at = 0; at < reply.octets.length; at++) {
      const octets = Uint8Array.from(reply.octets)
      octets[at] = (octets[at] as number) ^ 1
      const inspected = inspect(octets)
      if (inspected.ok) assert.equal(verifyReply(inspected.packet, sent, oldSecret, legacy).ok, false)
    }
  }
})

test('a reply to another request, or of another kind, is refused', () => {
  const sent = request(PacketCode.AccessRequest)
  const again = request(PacketCode.AccessRequest)
  const reply = view(encodeReply({ code: 2, request: sent, secret: oldSecret, attributes: [] }))
  assert.equal(reasonOf(verifyReply(reply, again, oldSecret, strict)), 'response-authenticator-invalid')
  const elsewhere = { code: 1, id: 2, authenticator: sent.authenticator }
  assert.equal(reasonOf(verifyReply(reply, elsewhere, oldSecret, strict)), 'identifier-mismatch')
  const accounting = { code: 4, id: 1, authenticator: sent.authenticator }
  assert.equal(reasonOf(verifyReply(reply, accounting, oldSecret, strict)), 'unexpected-code')
})

/** A reply with a right Response Authenticator, as a server before BlastRADIUS sent it. */
function oldReply(sent: PacketView, attributes: Uint8Array): PacketView {
  const octets = new Uint8Array(20 + attributes.length)
  octets.set([2, sent.id, 0, octets.length])
  octets.set(sent.authenticator, 4)
  octets.set(attributes, 20)
  oldSecret.md5Start().update(octets).update(oldSecret.octets).finish(octets, 4)
  return view(octets)
}

test('CVE-2024-3596: an Access-* reply without Message-Authenticator is refused unless the server is legacy', () => {
  const sent = request(PacketCode.AccessRequest)
  const bare = oldReply(sent, new Uint8Array(0))
  assert.equal(reasonOf(verifyReply(bare, sent, oldSecret, strict)), 'message-authenticator-missing')
  assert.equal(verifyReply(bare, sent, oldSecret, legacy).ok, true)
  const withEap = oldReply(sent, Uint8Array.of(79, 4, 3, 0))
  assert.equal(reasonOf(verifyReply(withEap, sent, oldSecret, legacy)), 'eap-without-message-authenticator')
  const wrong = oldReply(sent, Uint8Array.of(80, 18, ...new Uint8Array(16)))
  assert.equal(reasonOf(verifyReply(wrong, sent, oldSecret, legacy)), 'message-authenticator-invalid')
})
