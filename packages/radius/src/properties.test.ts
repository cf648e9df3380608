import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { allVectors } from '../test/vectors.ts'
import { builtInDictionary } from './built-in-dictionary.ts'
import type { DataType, ValueOf } from './data-type.ts'
import { type AttributeDefinition, define } from './definition.ts'
import { encodePacket } from './encode.ts'
import {
  attribute,
  describeAttributes,
  encodeRequest,
  inspect,
  type PacketView,
  Secret,
  verify,
} from './index.ts'

const secret = new Secret('testing123')
const definitions = [...builtInDictionary.definitions]
const corpus = allVectors().flatMap(({ datagram }) => {
  const inspected = inspect(datagram)
  return inspected.ok ? [inspected.packet.octets] : []
})

test('there is a corpus, and a dictionary', () => {
  assert.ok(corpus.length >= 50, String(corpus.length))
  assert.ok(definitions.length >= 450, String(definitions.length))
})

/** Everything a server does with octets from a stranger. Must not throw. */
function handle(datagram: Uint8Array): void {
  const inspected = inspect(datagram)
  if (!inspected.ok) return
  const { packet } = inspected
  verify(packet, [secret], { requireMessageAuthenticator: true })
  const hiding = packet.hidingKey(secret)
  for (const definition of definitions) packet.readAll(definition, hiding)
  describeAttributes(packet, builtInDictionary)
  assert.deepEqual(reencode(packet), Uint8Array.from(packet.octets))
}

function reencode(packet: PacketView): Uint8Array {
  return encodePacket({
    code: packet.code,
    id: packet.id,
    authenticator: packet.authenticator,
    attributes: [...packet.attributes()],
    hasMessageAuthenticator: false,
    hiding: undefined,
    random: undefined,
  })
}

/** The Length field said what the octets have, so that the damage lies in the attributes. */
function withLength(octets: Uint8Array): Uint8Array {
  const fixed = Uint8Array.from(octets)
  if (fixed.length >= 4) fixed.set([fixed.length >>> 8, fixed.length & 0xff], 2)
  return fixed
}

test('a packet cut at every length gives a reason or a packet', () => {
  for (const datagram of corpus) {
    for (let length = 0; length < datagram.length; length++) {
      const cut = datagram.subarray(0, length)
      const inspected = inspect(cut)
      assert.equal(inspected.ok, false)
      handle(withLength(cut))
    }
  }
})

test('every length octet changed to every value gives a reason or a packet', () => {
  for (const datagram of corpus) {
    const inspected = inspect(datagram)
    assert.ok(inspected.ok)
    const lengths = [2, 3, ...[...inspected.packet.attributes()].map(({ offset }) => offset + 1)]
    for (const at of lengths) {
      for (let value = 0; value < 256; value += value < 20 ? 1 : 7) {
        const changed = Uint8Array.from(datagram)
        changed[at] = value
        handle(changed)
      }
    }
  }
})

test('every attribute twice gives a reason or a packet', () => {
  for (const datagram of corpus) {
    const inspected = inspect(datagram)
    assert.ok(inspected.ok)
    for (const { offset, octets } of inspected.packet.attributes()) {
      const end = offset + 2 + octets.length
      handle(withLength(Uint8Array.of(...datagram.subarray(0, end), ...datagram.subarray(offset))))
    }
  }
})

test('any octets changed anywhere give a reason or a packet', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...corpus),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 5 }),
      (datagram, changes) => {
        const changed = Uint8Array.from(datagram)
        for (const [at, value] of changes) changed[at % changed.length] = value
        handle(changed)
      },
    ),
    { numRuns: 200 },
  )
})

test('any octets behind a good header give a reason or a packet', () => {
  const header = new Uint8Array(20)
  header[0] = 1
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (rest) =>
      handle(withLength(Uint8Array.of(...header, ...rest))),
    ),
    { numRuns: 200 },
  )
})

const ipv4 = fc.ipV4()
const hex = (digits: number): fc.Arbitrary<string> =>
  fc.nat(16 ** digits - 1).map((value) => value.toString(16).padStart(digits, '0'))
const octetsOf = (minLength: number, maxLength: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength, maxLength })

/** Values in the form reading gives them back. */
const VALUES: { readonly [T in DataType]: fc.Arbitrary<ValueOf<T>> } = {
  uint8: fc.nat(0xff),
  uint16: fc.nat(0xffff),
  uint32: fc.nat({ max: 0xffffffff }),
  int32: fc.integer(),
  uint64: fc.bigInt(0n, 2n ** 64n - 1n),
  time: fc.nat({ max: 0xffffffff }).map((seconds) => new Date(seconds * 1000)),
  text: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 15 }).filter((text) => text.isWellFormed()),
  octets: octetsOf(0, 60),
  ifid: fc.tuple(hex(4), hex(4), hex(4), hex(4)).map((groups) => groups.join(':')),
  ipv4addr: ipv4,
  ipv6addr: fc.constantFrom('::', '::1', '2001:db8::1', 'fe80::1:2:3:4', '1:2:3:4:5:6:7:8', '1:0:0:2::'),
  ipv4prefix: fc.constantFrom('0.0.0.0/0', '10.0.0.0/8', '192.0.2.1/32'),
  ipv6prefix: fc.constantFrom('::/0', '2001:db8::/32', '2001:db8::1/128', 'fe80::/10'),
  ipaddr: fc.oneof(ipv4, fc.constantFrom('2001:db8::1')),
  ether: fc.array(hex(2), { minLength: 6, maxLength: 6 }).map((parts) => parts.join(':')),
  tlv: octetsOf(0, 40),
  vsa: octetsOf(6, 40),
  extended: octetsOf(1, 40),
  'long-extended': octetsOf(2, 40),
  evs: octetsOf(5, 40),
}

/** A definition with a value, a tag and a length that its dictionary allows. */
function valueFor(
  definition: AttributeDefinition,
): fc.Arbitrary<{ value: ValueOf<DataType>; tag: number | undefined }> {
  const isTaggedInteger = definition.tagged && definition.type === 'uint32'
  // User-Password loses zeros at its end: they are its padding (RFC 2865 section 5.2).
  const value: fc.Arbitrary<ValueOf<DataType>> = isTaggedInteger
    ? fc.nat(0xffffff)
    : definition.length !== undefined
      ? octetsOf(definition.length, definition.length)
      : definition.hiding === 'user-password'
        ? octetsOf(0, 100).map((octets) => octets.map((octet) => octet || 1))
        : VALUES[definition.type]
  return fc.record({ value, tag: definition.tagged ? fc.nat(31) : fc.constant(undefined) })
}

test('whatever any definition can say is read back', () => {
  const writable = definitions.filter(({ name }) => name !== 'Message-Authenticator')
  for (const definition of writable) {
    fc.assert(
      fc.property(valueFor(definition), ({ value, tag }) => {
        const octets = encodeRequest({
          code: 1,
          id: 1,
          secret,
          attributes: [attribute(definition, value, tag)],
        })
        const inspected = inspect(octets)
        assert.ok(inspected.ok)
        const read = inspected.packet.read(definition, inspected.packet.hidingKey(secret))
        assert.deepEqual(
          read,
          tag === undefined ? { ok: true, value } : { ok: true, value, tag },
          definition.name,
        )
      }),
      { numRuns: 5 },
    )
  }
})

test('every data type in every kind of place is read back', () => {
  const places = [[250], [250, 1, 2], [26, 9, 200], [26, 9, 200, 3], [241, 7], [241, 7, 1], [241, 26, 9, 7]]
  const longPlaces = [
    [245, 7],
    [245, 26, 9, 7],
  ]
  // The cast: these are the keys of an object that has one for each data type.
  for (const type of Object.keys(VALUES) as DataType[]) {
    for (const path of [...places, ...longPlaces]) {
      const definition = define<DataType>({ name: `${type} at ${path.join('.')}`, path, type })
      const value = longPlaces.includes(path) && type === 'octets' ? octetsOf(0, 1200) : VALUES[type]
      fc.assert(
        fc.property(value, (wanted) => {
          const octets = encodeRequest({
            code: 1,
            id: 1,
            secret,
            attributes: [attribute(definition, wanted)],
          })
          const inspected = inspect(octets)
          assert.ok(inspected.ok)
          assert.deepEqual(inspected.packet.read(definition), { ok: true, value: wanted }, definition.name)
        }),
        { numRuns: 5 },
      )
    }
  }
})
