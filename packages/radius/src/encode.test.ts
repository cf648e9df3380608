import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex, fromUtf8, toHex } from '@sallyport/bytes'
import {
  ChapPassword,
  Class,
  EapMessage,
  LoginIpHost,
  LoginService,
  MessageAuthenticator,
  MsMppeSendKey,
  NasIpAddress,
  NasPort,
  ProxyState,
  ReplyMessage,
  ServiceType,
  SessionTimeout,
  TunnelPassword,
  TunnelPrivateGroupId,
  TunnelType,
  UserName,
  UserPassword,
} from './attributes/index.generated.ts'
import {
  type Attribute,
  attribute,
  encodeReply,
  encodeRequest,
  inspect,
  PacketCode,
  type PacketView,
  RadiusError,
  type RadiusErrorCode,
  Secret,
} from './index.ts'

const secret = new Secret('xyzzy5461')

function view(octets: Uint8Array): PacketView {
  const inspected = inspect(octets)
  assert.ok(inspected.ok)
  return inspected.packet
}

const accessRequest = view(
  encodeRequest({
    code: 1,
    id: 9,
    secret,
    attributes: [attribute(UserName, 'alice')],
    random: (o) => o.fill(5),
  }),
)

function reply(attributes: readonly Attribute[], code: number = PacketCode.AccessAccept): PacketView {
  return view(encodeReply({ code, request: accessRequest, secret, attributes }))
}

function refuses(code: RadiusErrorCode, attributes: readonly Attribute[]): void {
  for (const encode of [
    () => encodeReply({ code: 2, request: accessRequest, secret, attributes }),
    () => encodeRequest({ code: 1, id: 1, secret, attributes }),
  ]) {
    assert.throws(encode, (error) => error instanceof RadiusError && error.code === code)
  }
}

test('RFC 2865 section 7.1: the Access-Request, octet for octet', () => {
  const octets = encodeRequest({
    code: PacketCode.AccessRequest,
    id: 0,
    secret,
    authenticator: fromHex('0f403f9473978057bd83d5cb98f4227a'),
    messageAuthenticator: false,
    attributes: [
      attribute(UserName, 'nemo'),
      attribute(UserPassword, fromUtf8('arctangent')),
      attribute(NasIpAddress, '192.168.1.16'),
      attribute(NasPort, 3),
    ],
  })
  assert.equal(
    toHex(octets),
    '010000380f403f9473978057bd83d5cb98f4227a01066e656d6f02120dbe708d93d413ce3196e43f782a0aee0406c0a80110050600000003',
  )
})

test('RFC 5997 section 6.1: the Status-Server query, octet for octet', () => {
  const octets = encodeRequest({
    code: PacketCode.StatusServer,
    id: 218,
    secret,
    authenticator: fromHex('8a54f4686fb394c52866e302185d0623'),
    attributes: [],
  })
  assert.equal(toHex(octets), '0cda00268a54f4686fb394c52866e302185d062350125a665e2e1e8411f3e243822097c84fa3')
})

test('RFC 2865 section 7.1: the attributes of the Access-Accept, octet for octet, behind our Message-Authenticator', () => {
  const accept = reply([
    attribute(ServiceType, 1),
    attribute(LoginService, 0),
    attribute(LoginIpHost, '192.168.1.3'),
  ])
  assert.equal(toHex(accept.octets.subarray(38)), '0606000000010f06000000000e06c0a80103')
})

test('Message-Authenticator is the first attribute of every Access-* reply, whatever the request had', () => {
  for (const messageAuthenticator of [true, false]) {
    const attributes = [attribute(UserName, 'alice')]
    const request = view(encodeRequest({ code: 1, id: 1, secret, attributes, messageAuthenticator }))
    for (const code of [PacketCode.AccessAccept, PacketCode.AccessReject, PacketCode.AccessChallenge]) {
      const octets = encodeReply({ code, request, secret, attributes: [attribute(ReplyMessage, 'hello')] })
      assert.equal(view(octets).messageAuthenticatorAt, 20)
    }
  }
})

test('Message-Authenticator in other replies mirrors the request', () => {
  for (const messageAuthenticator of [false, true]) {
    const request = view(encodeRequest({ code: 4, id: 1, secret, attributes: [], messageAuthenticator }))
    const answer = view(encodeReply({ code: 5, request, secret, attributes: [] }))
    assert.equal(answer.messageAuthenticatorAt, messageAuthenticator ? 20 : -1)
  }
})

test('RFC 2865 section 5.33: every Proxy-State comes back, in order', () => {
  const states = ['one', 'two', 'three'].map((text) => attribute(ProxyState, fromUtf8(text)))
  for (const [code, answer] of [
    [1, 2],
    [1, 3],
    [1, 11],
    [4, 5],
    [43, 45],
  ] as const) {
    const request = view(encodeRequest({ code, id: 1, secret, attributes: states }))
    const octets = view(encodeReply({ code: answer, request, secret, attributes: [] }))
    assert.deepEqual(
      octets.getAll(ProxyState).map(String),
      states.map(({ value }) => String(value)),
    )
  }
})

test('EAP-Message longer than an attribute goes on in the next', () => {
  for (const length of [0, 1, 253, 254, 506, 507, 3000]) {
    const value = new Uint8Array(length).map((_, i) => i)
    const packet = reply([attribute(EapMessage, value)])
    assert.deepEqual(packet.get(EapMessage), value)
    const pieces = [...packet.attributes()].filter(({ type }) => type === 79)
    assert.equal(pieces.length, Math.max(1, Math.ceil(length / 253)))
  }
})

test('RFC 2868 section 3.5: salts have their top bit set and differ in one packet', () => {
  const packet = view(
    encodeReply({
      code: 2,
      request: accessRequest,
      secret,
      attributes: Array.from({ length: 20 }, () => attribute(MsMppeSendKey, new Uint8Array(32))),
      random: (octets) => octets.fill(0xff),
    }),
  )
  const salts = [...packet.attributes()]
    .filter(({ type }) => type === 26)
    .map(({ octets }) => toHex(octets.subarray(6, 8)))
  assert.equal(new Set(salts).size, 20)
  assert.ok(salts.every((salt) => Number.parseInt(salt, 16) >= 0x8000))
})

test('hidden values come back with the secret and the authenticator of the request', () => {
  const key = new Uint8Array(32).map((_, i) => 255 - i)
  const packet = reply([attribute(MsMppeSendKey, key), attribute(TunnelPassword, 'geheim', 3)])
  const hiding = accessRequest.hidingKey(secret)
  assert.deepEqual(packet.get(MsMppeSendKey, hiding), key)
  assert.deepEqual(packet.read(TunnelPassword, hiding), { ok: true, value: 'geheim', tag: 3 })
  const wrong = packet.get(MsMppeSendKey, {
    secret: new Secret('wrong'),
    authenticator: hiding.authenticator,
  })
  assert.notDeepEqual(wrong, key)
})

test('what cannot be represented is refused, never left out or cut', () => {
  refuses('value-too-long', [attribute(ReplyMessage, 'x'.repeat(254))])
  refuses('value-too-long', [attribute(Class, new Uint8Array(254))])
  refuses('value-too-long', [attribute(UserPassword, new Uint8Array(129))])
  refuses('value-too-long', [attribute(TunnelType, 0x1000000, 1)])
  refuses('value-too-long', [{ type: 25, octets: new Uint8Array(254) }])
  refuses('value-not-representable', [attribute(ReplyMessage, '')])
  refuses('value-not-representable', [attribute(ReplyMessage, '\ud800')])
  refuses('value-not-representable', [attribute(SessionTimeout, -1)])
  refuses('value-not-representable', [attribute(SessionTimeout, 2 ** 32)])
  refuses('value-not-representable', [attribute(SessionTimeout, 1.5)])
  refuses('value-not-representable', [attribute(NasIpAddress, '192.0.2.256')])
  refuses('value-not-representable', [attribute(ChapPassword, new Uint8Array(16))])
  refuses('value-not-representable', [{ type: 256, octets: new Uint8Array(1) }])
  refuses('tag-not-allowed', [attribute(SessionTimeout, 1, 1)])
  refuses('tag-not-allowed', [attribute(TunnelType, 13, 32)])
  refuses('attribute-not-allowed', [attribute(MessageAuthenticator, new Uint8Array(16))])
  refuses('attribute-not-allowed', [{ type: 80, octets: new Uint8Array(16) }])
  refuses(
    'packet-too-long',
    Array.from({ length: 17 }, () => attribute(Class, new Uint8Array(250))),
  )
})

test('a packet of exactly 4096 octets is built', () => {
  const rest = 4096 - 38 - 16 * 250
  const attributes = [
    ...Array.from({ length: 16 }, () => attribute(Class, new Uint8Array(248))),
    attribute(Class, new Uint8Array(rest - 2)),
  ]
  assert.equal(reply(attributes).octets.length, 4096)
})

test('hidden attributes need a random authenticator', () => {
  for (const code of [4, 40, 43]) {
    assert.throws(
      () => encodeRequest({ code, id: 1, secret, attributes: [attribute(TunnelPassword, 'x', 1)] }),
      (error) => error instanceof RadiusError && error.code === 'hiding-not-possible',
    )
    const request = view(encodeRequest({ code, id: 1, secret, attributes: [] }))
    const answer = code === 4 ? 5 : code + 1
    assert.throws(
      () => encodeReply({ code: answer, request, secret, attributes: [attribute(TunnelPassword, 'x', 1)] }),
      (error) => error instanceof RadiusError && error.code === 'hiding-not-possible',
    )
  }
})

test('only requests are encoded as requests, with an authenticator of 16 octets', () => {
  const codeRefused = (error: unknown): boolean =>
    error instanceof RadiusError && error.code === 'value-not-representable'
  assert.throws(() => encodeRequest({ code: 2, id: 1, secret, attributes: [] }), codeRefused)
  assert.throws(
    () => encodeRequest({ code: 1, id: 1, secret, attributes: [], authenticator: new Uint8Array(15) }),
    codeRefused,
  )
  assert.throws(() => encodeRequest({ code: 1, id: 256, secret, attributes: [] }), codeRefused)
})

test('tagged text without a tag gets one where its first octet would be taken for one', () => {
  const hex = (value: string): string =>
    toHex(reply([attribute(TunnelPrivateGroupId, value)]).octets.subarray(38))
  assert.equal(hex('42'), '51043432')
  assert.equal(hex('\u00013'), '5105000133')
})
