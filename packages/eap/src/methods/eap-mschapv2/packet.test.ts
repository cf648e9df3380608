import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concat, fromHex, toHex } from '@sallyport/bytes'
import fc from 'fast-check'
import { encodeMschapV2, type MschapV2Packet, parseMschapV2 } from './packet.ts'

const octets = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const id = fc.nat(255)
const name = fc.string({ unit: 'grapheme', maxLength: 100 })

const packets: fc.Arbitrary<MschapV2Packet> = fc.oneof(
  fc.record({ op: fc.constant('challenge' as const), id, challenge: octets(16), name }),
  fc.record({
    op: fc.constant('response' as const),
    id,
    peerChallenge: octets(16),
    ntResponse: octets(24),
    name,
  }),
  fc.record({ op: fc.constant('success' as const), id, message: fc.string({ minLength: 1 }) }),
  fc.record({ op: fc.constant('failure' as const), id, message: fc.string({ minLength: 1 }) }),
  fc.record({
    op: fc.constant('change-password' as const),
    id,
    encryptedPassword: octets(516),
    encryptedHash: octets(16),
    peerChallenge: octets(16),
    ntResponse: octets(24),
  }),
)

test('what is encoded is parsed as it was', () => {
  fc.assert(
    fc.property(packets, (packet) => assert.deepEqual(parseMschapV2(encodeMschapV2(packet)), { ...packet })),
  )
})

test('the fields of a response stand where draft-kamath section 2.2 puts them', () => {
  const packet = encodeMschapV2({
    op: 'response',
    id: 7,
    peerChallenge: new Uint8Array(16).fill(0xaa),
    ntResponse: new Uint8Array(24).fill(0xbb),
    name: 'al',
  })
  const value = `${'aa'.repeat(16)}${'00'.repeat(8)}${'bb'.repeat(24)}00`
  assert.equal(toHex(packet), `02070038${'31'}${value}616c`)
})

test('an acknowledgement is the OpCode alone', () => {
  assert.equal(toHex(encodeMschapV2({ op: 'success', id: 5, message: '' })), '03')
  assert.deepEqual(parseMschapV2(fromHex('04')), { op: 'failure', id: 0, message: '' })
  assert.equal(parseMschapV2(fromHex('02')), undefined)
})

test('a Change-Password packet has 586 octets (RFC 2759 section 7)', () => {
  const packet = encodeMschapV2({
    op: 'change-password',
    id: 7,
    encryptedPassword: new Uint8Array(516),
    encryptedHash: new Uint8Array(16),
    peerChallenge: new Uint8Array(16),
    ntResponse: new Uint8Array(24),
  })
  assert.equal(packet.length, 586)
  assert.equal(parseMschapV2(packet.subarray(0, 585)), undefined)
  const longer = concat(packet, Uint8Array.of(0))
  longer[3] = (longer[3] as number) + 1
  assert.equal(parseMschapV2(longer), undefined)
})

test('truncated at every length, every header octet changed: parsed or undefined, never an exception', () => {
  fc.assert(
    fc.property(packets, (packet) => {
      const good = encodeMschapV2(packet)
      for (let length = 2; length < good.length; length++) {
        assert.equal(parseMschapV2(good.subarray(0, length)), undefined)
      }
      for (let at = 0; at < 5; at++) {
        for (const octet of [0, 1, 4, 16, 49, 127, 255]) {
          const changed = good.slice()
          changed[at] = octet
          parseMschapV2(changed)
        }
      }
    }),
    { numRuns: 30 },
  )
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (data) => void parseMschapV2(data)))
})
