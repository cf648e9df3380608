import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromUtf8 } from '@sallyport/bytes'
import { attribute, encodeReply, encodeRequest, inspect, PacketCode, Secret } from '@sallyport/radius'
import {
  CiscoAVPair,
  MsMppeSendKey,
  ReplyMessage,
  TunnelPassword,
  UserName,
  UserPassword,
} from '@sallyport/radius/attributes'
import fc from 'fast-check'
import { carriedAttributes } from './carried-attributes.ts'

const [near, far] = [new Secret('secret of the device'), new Secret('secret of the upstream')]

function packetOf(datagram: Uint8Array) {
  const inspected = inspect(datagram)
  assert.ok(inspected.ok)
  return inspected.packet
}

function request(secret: Secret, attributes: Parameters<typeof encodeRequest>[0]['attributes'], id = 1) {
  return packetOf(encodeRequest({ code: PacketCode.AccessRequest, id, secret, attributes }))
}

test('ok/a password hidden for one neighbour is hidden anew for the other', () => {
  const came = request(near, [attribute(UserName, 'bob'), attribute(UserPassword, fromUtf8('open sesame'))])
  const carried = carriedAttributes(came, came.hidingKey(near))
  assert.ok(carried.ok)
  const own = carried.attributes.filter(({ path }) => path[0] !== 80).map((each) => each.attribute)
  const went = request(far, own, 2)
  assert.deepEqual(went.get(UserPassword, went.hidingKey(far)), fromUtf8('open sesame'))
  assert.equal(went.get(UserName), 'bob')
})

test('ok/keys and tunnel passwords of a reply, their tags, and several vendor attributes in one', () => {
  const asked = request(far, [])
  const reply = packetOf(
    encodeReply({
      code: PacketCode.AccessAccept,
      request: asked,
      secret: far,
      attributes: [
        attribute(MsMppeSendKey, new Uint8Array(32).fill(3)),
        attribute(TunnelPassword, 'tunnel', 1),
        attribute(ReplyMessage, 'hello'),
        // Two of Cisco in one Vendor-Specific (RFC 2865 section 5.26).
        { type: 26, octets: Uint8Array.from([0, 0, 0, 9, 1, 5, 97, 61, 98, 1, 5, 99, 61, 100]) },
      ],
    }),
  )
  const carried = carriedAttributes(reply, asked.hidingKey(far))
  assert.ok(carried.ok)
  assert.deepEqual(
    carried.attributes.map(({ path }) => path.join('.')),
    ['80', '26.311.16', '69', '18', '26.9.1', '26.9.1'],
  )
  const device = request(near, [])
  const passed = packetOf(
    encodeReply({
      code: PacketCode.AccessAccept,
      request: device,
      secret: near,
      attributes: carried.attributes.slice(1).map((each) => each.attribute),
    }),
  )
  const key = device.hidingKey(near)
  assert.deepEqual(passed.get(MsMppeSendKey, key), new Uint8Array(32).fill(3))
  const tunnel = passed.read(TunnelPassword, key)
  assert.deepEqual(tunnel, { ok: true, value: 'tunnel', tag: 1 })
  assert.deepEqual(passed.getAll(CiscoAVPair), ['a=b', 'c=d'])
})

test('fail/what cannot be opened is not passed on', () => {
  const broken = request(near, [{ type: 2, octets: new Uint8Array(5) }])
  assert.deepEqual(carriedAttributes(broken, broken.hidingKey(near)), {
    ok: false,
    unreadable: 'User-Password',
  })
})

test('ok/whatever attributes come, they are carried or refused, and what is carried has the octets it came with', () => {
  const type = fc.integer({ min: 1, max: 255 }).filter((each) => each !== 80)
  const raw = fc.record({ type, octets: fc.uint8Array({ minLength: 1, maxLength: 60 }) })
  const vendor = fc
    .tuple(fc.constantFrom(9, 311, 14122, 99_999), fc.uint8Array({ minLength: 1, maxLength: 40 }))
    .map(([id, inner]) => ({ type: 26, octets: Uint8Array.of(0, id >> 16, id >> 8, id, ...inner) }))
  fc.assert(
    fc.property(fc.array(fc.oneof(raw, vendor), { maxLength: 12 }), (attributes) => {
      const datagram = encodeRequest({
        code: PacketCode.AccessRequest,
        id: 1,
        secret: near,
        attributes,
        messageAuthenticator: false,
      })
      const inspected = inspect(datagram)
      if (!inspected.ok) return
      const carried = carriedAttributes(inspected.packet, inspected.packet.hidingKey(near))
      if (!carried.ok) return
      const plain = carried.attributes.flatMap((each) => ('type' in each.attribute ? [each.attribute] : []))
      const octets = plain.reduce((sum, each) => sum + each.octets.length, 0)
      const hidden = carried.attributes.length - plain.length
      const came = attributes.reduce((sum, each) => sum + each.octets.length, 0)
      // Taking several of a vendor apart repeats its number.
      if (hidden === 0) assert.ok(octets >= came)
    }),
    { seed: 20_260_105, numRuns: 2000 },
  )
})
