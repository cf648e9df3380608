import type { QrVersion } from './qr-tables.ts'

/** GF(256) with x^8 + x^4 + x^3 + x^2 + 1 (ISO/IEC 18004 section 7.5.2): powers of 2 and their logarithms. */
const POWERS = new Uint8Array(255)
const LOGARITHMS = new Uint8Array(256)
for (let exponent = 0, value = 1; exponent < 255; exponent++) {
  POWERS[exponent] = value
  LOGARITHMS[value] = exponent
  value = value < 128 ? value << 1 : (value << 1) ^ 0x11d
}

/** Octets of data and correction in the order they are drawn. @param text not longer than the version holds */
export function codewords(text: Uint8Array, { number, correction, blocks }: QrVersion): Uint8Array {
  const capacity = blocks.reduce((sum, size) => sum + size, 0)
  const data = dataOctets(text, number, capacity)
  let at = 0
  const parts = blocks.map((size) => {
    const block = data.subarray(at, at + size)
    at += size
    return { block, check: remainder(block, correction) }
  })
  const longest = Math.max(...blocks)
  const drawn: number[] = []
  for (let i = 0; i < longest; i++) {
    for (const { block } of parts) if (i < block.length) drawn.push(block[i] as number) // within its length
  }
  for (let i = 0; i < correction; i++) for (const { check } of parts) drawn.push(check[i] as number) // as long
  return Uint8Array.from(drawn)
}

/** Mode 0100 (octets), their number, they themselves, and padding (section 7.4). */
function dataOctets(text: Uint8Array, version: number, capacity: number): Uint8Array {
  const countBits = version < 10 ? 8 : 16
  const bits = [
    '0100',
    text.length.toString(2).padStart(countBits, '0'),
    ...Array.from(text, (octet) => octet.toString(2).padStart(8, '0')),
  ].join('')
  const ended = bits.padEnd(Math.min(bits.length + 4, capacity * 8), '0')
  const whole = ended.padEnd(Math.ceil(ended.length / 8) * 8, '0')
  const octets = Array.from({ length: whole.length / 8 }, (_, i) =>
    Number.parseInt(whole.slice(i * 8, i * 8 + 8), 2),
  )
  for (let pad = 0; octets.length < capacity; pad ^= 1) octets.push(pad === 0 ? 0xec : 0x11)
  return Uint8Array.from(octets)
}

/** Reed-Solomon: the rest of the division by (x - 2^0)(x - 2^1)... */
function remainder(block: Uint8Array, length: number): Uint8Array {
  const generator = generatorOf(length)
  const rest = new Uint8Array(length)
  for (const octet of block) {
    const factor = octet ^ (rest[0] as number) // as long as the correction, which is not empty
    rest.copyWithin(0, 1)
    rest[length - 1] = 0
    for (let i = 0; i < length; i++) rest[i] = (rest[i] as number) ^ multiply(generator[i] as number, factor)
  }
  return rest
}

/** Without its first coefficient, which is 1. */
function generatorOf(length: number): Uint8Array {
  const generator = new Uint8Array(length)
  generator[length - 1] = 1
  for (let i = 0; i < length; i++) {
    const root = POWERS[i] as number // there are fewer than 255
    for (let j = 0; j < length; j++) {
      const next = j + 1 < length ? (generator[j + 1] as number) : 0
      generator[j] = multiply(generator[j] as number, root) ^ next
    }
  }
  return generator
}

function multiply(one: number, other: number): number {
  if (one === 0 || other === 0) return 0
  const sum = (LOGARITHMS[one] as number) + (LOGARITHMS[other] as number) // both are octets
  return POWERS[sum % 255] as number
}
