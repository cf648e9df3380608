import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ChapPassword,
  EapMessage,
  MsMppeSendKey,
  UserName,
  UserPassword,
} from './attributes/index.generated.ts'
import {
  type AttributeText,
  attribute,
  attributeFromText,
  builtInDictionary,
  describeAttributes,
  encodeReply,
  encodeRequest,
  inspect,
  type PacketView,
  RadiusError,
  type RadiusErrorCode,
  Secret,
} from './index.ts'

const secret = new Secret('testing123')

function view(octets: Uint8Array): PacketView {
  const inspected = inspect(octets)
  assert.ok(inspected.ok)
  return inspected.packet
}

function accept(texts: readonly AttributeText[]): PacketView {
  const request = view(encodeRequest({ code: 1, id: 1, secret, attributes: [] }))
  const attributes = texts.map((text) => attributeFromText(builtInDictionary, text))
  return view(encodeReply({ code: 2, request, secret, attributes }))
}

test('what an administrator wrote is what the description says', () => {
  const texts: AttributeText[] = [
    { name: 'Cisco-AVPair', value: 'ip:inacl#1=permit ip any any' },
    { name: 'Tunnel-Type', value: 'VLAN', tag: 1 },
    { name: 'Tunnel-Medium-Type', value: 'IEEE-802', tag: 1 },
    { name: 'Tunnel-Private-Group-Id', value: '42', tag: 1 },
    { name: 'Session-Timeout', value: '28800' },
    { name: 'Framed-IP-Address', value: '10.0.0.7' },
    { name: 'Framed-IPv6-Prefix', value: '2001:db8::/32' },
    { name: 'Class', value: '0x76706e' },
    { name: 'Frag-Status', value: 'More-Data-Pending' },
    { name: 'IP-Port-Limit', value: '64' },
    { name: 'Fortinet-WirelessController-Device-MAC', value: '00:11:22:aa:bb:cc' },
    { name: '3GPP-RAT-Type', value: '6' },
    { name: 'Event-Timestamp', value: '2026-01-05T09:00:00.000Z' },
    { name: 'Attr-26.9.77', value: '0xaabb' },
    { name: 'Attr-26.4242.1', value: '0x00' },
    { name: 'Attr-245.99', value: `0x${'ab'.repeat(600)}` },
    { name: 'Attr-245.26.9.5', value: `0x${'cd'.repeat(600)}` },
    { name: 'Attr-241.26.9.5', value: '0x01' },
    { name: 'Attr-224', value: '0xff' },
  ]
  const described = describeAttributes(accept(texts), builtInDictionary)
  assert.deepEqual(
    described.slice(1),
    texts.map(({ name, value, tag }) => ({
      name,
      secret: false,
      text: value,
      ...(tag === undefined ? {} : { tag }),
    })),
  )
})

test('case does not matter in names, hex and plain numbers are taken for named values', () => {
  for (const value of ['vlan', 'VLAN', '13', '0xd']) {
    const [, described] = describeAttributes(accept([{ name: 'tunnel-type', value }]), builtInDictionary)
    assert.deepEqual(described, { name: 'Tunnel-Type', secret: false, text: 'VLAN', tag: 0 })
  }
  const [, described] = describeAttributes(accept([{ name: 'Class', value: 'vpn' }]), builtInDictionary)
  assert.deepEqual(described, { name: 'Class', secret: false, text: '0x76706e' })
})

test('what means no attribute is refused with its reason', () => {
  const cases: readonly [RadiusErrorCode, AttributeText][] = [
    ['unknown-attribute', { name: 'Reply-Massage', value: 'x' }],
    ['unknown-attribute', { name: 'Attr-256', value: '0x00' }],
    ['unknown-attribute', { name: 'Attr-26.9.256', value: '0x00' }],
    ['attribute-not-allowed', { name: 'Message-Authenticator', value: '0x00' }],
    ['attribute-not-allowed', { name: 'Attr-80', value: '0x00' }],
    ['value-not-representable', { name: 'Filter-Id', value: '' }],
    ['value-not-representable', { name: 'Class', value: '' }],
    ['value-not-representable', { name: 'Session-Timeout', value: '1h' }],
    ['value-not-representable', { name: 'Session-Timeout', value: '-1' }],
    ['value-not-representable', { name: 'Session-Timeout', value: '4294967296' }],
    ['value-not-representable', { name: 'Tunnel-Type', value: 'VXLAN' }],
    ['value-not-representable', { name: 'Tunnel-Type', value: 'constructor' }],
    ['value-not-representable', { name: 'Framed-IP-Address', value: '10.0.0' }],
    ['value-not-representable', { name: 'Framed-IP-Address', value: '10.0.0.07' }],
    ['value-not-representable', { name: 'Framed-IPv6-Prefix', value: '2001:db8::1/32' }],
    ['value-not-representable', { name: 'Event-Timestamp', value: 'yesterday' }],
    ['value-not-representable', { name: 'Vendor-Specific', value: 'text' }],
    ['value-too-long', { name: 'Filter-Id', value: 'x'.repeat(254) }],
    ['value-too-long', { name: 'Cisco-AVPair', value: 'x'.repeat(248) }],
    ['tag-not-allowed', { name: 'Filter-Id', value: 'x', tag: 1 }],
    ['tag-not-allowed', { name: 'Tunnel-Type', value: 'VLAN', tag: 32 }],
  ]
  for (const [code, text] of cases) {
    assert.throws(
      () => attributeFromText(builtInDictionary, text),
      (error) => error instanceof RadiusError && error.code === code,
      JSON.stringify(text),
    )
  }
})

test('secrets have a name and no text', () => {
  const request = view(
    encodeRequest({
      code: 1,
      id: 1,
      secret,
      attributes: [
        attribute(UserName, 'alice'),
        attribute(UserPassword, new Uint8Array(8)),
        attribute(ChapPassword, new Uint8Array(17)),
        attribute(EapMessage, new Uint8Array(400)),
        attribute(MsMppeSendKey, new Uint8Array(32)),
        // A Microsoft attribute that cannot be opened could be a key.
        { type: 26, octets: Uint8Array.of(0, 0, 1, 55, 16, 99, 1, 2, 3) },
      ],
    }),
  )
  assert.deepEqual(describeAttributes(request, builtInDictionary).slice(1), [
    { name: 'User-Name', secret: false, text: 'alice' },
    { name: 'User-Password', secret: true },
    { name: 'CHAP-Password', secret: true },
    { name: 'EAP-Message', secret: true },
    { name: 'MS-MPPE-Send-Key', secret: true },
    { name: 'Attr-26.311', secret: true },
  ])
})
