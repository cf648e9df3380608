/** MD4 (RFC 1320). OpenSSL 3 keeps it in a provider that is not loaded; MS-CHAP cannot do without it. */

const BLOCK = 64
// One message at a time is hashed, synchronously, so the work space is made once.
const block = new Uint8Array(BLOCK)
const blockView = new DataView(block.buffer)
const words = new Int32Array(16)
const state = new Int32Array(4)

/** The 16-octet MD4 digest of `message`. */
export function md4(message: Uint8Array): Uint8Array<ArrayBuffer> {
  state[0] = 0x67452301
  state[1] = 0xefcdab89
  state[2] = 0x98badcfe
  state[3] = 0x10325476
  const whole = message.length - (message.length % BLOCK)
  for (let at = 0; at < whole; at += BLOCK) compress(message, at)

  // Section 3.1 and 3.2: one bit, zeros, then the length in bits as 64 bits, low word first.
  const rest = message.length - whole
  block.fill(0)
  block.set(message.subarray(whole))
  block[rest] = 0x80
  if (rest >= BLOCK - 8) {
    compress(block, 0)
    block.fill(0)
  }
  blockView.setUint32(BLOCK - 8, message.length << 3, true)
  blockView.setUint32(BLOCK - 4, Math.floor(message.length / 0x20000000), true)
  compress(block, 0)

  const digest = new Uint8Array(16)
  for (let i = 0; i < 16; i++) digest[i] = (state[i >> 2] as number) >>> (8 * (i & 3))
  // Both may hold a password.
  block.fill(0)
  words.fill(0)
  return digest
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}

// Indices stay within arrays of fixed length, so the casts below only tell the compiler what the loops guarantee.
function compress(octets: Uint8Array, offset: number): void {
  for (let i = 0, at = offset; i < 16; i++, at += 4) {
    words[i] =
      (octets[at] as number) |
      ((octets[at + 1] as number) << 8) |
      ((octets[at + 2] as number) << 16) |
      ((octets[at + 3] as number) << 24)
  }
  const x = words
  let [a, b, c, d] = state as unknown as [number, number, number, number]
  // Round 1 (section 3.4): F selects between Y and Z by X.
  for (let i = 0; i < 16; i += 4) {
    a = rotate((a + (d ^ (b & (c ^ d))) + (x[i] as number)) | 0, 3)
    d = rotate((d + (c ^ (a & (b ^ c))) + (x[i + 1] as number)) | 0, 7)
    c = rotate((c + (b ^ (d & (a ^ b))) + (x[i + 2] as number)) | 0, 11)
    b = rotate((b + (a ^ (c & (d ^ a))) + (x[i + 3] as number)) | 0, 19)
  }
  // Round 2: G is the majority; the constant is the square root of 2.
  for (let i = 0; i < 4; i++) {
    a = rotate((a + ((b & c) | (d & (b | c))) + (x[i] as number) + 0x5a827999) | 0, 3)
    d = rotate((d + ((a & b) | (c & (a | b))) + (x[i + 4] as number) + 0x5a827999) | 0, 5)
    c = rotate((c + ((d & a) | (b & (d | a))) + (x[i + 8] as number) + 0x5a827999) | 0, 9)
    b = rotate((b + ((c & d) | (a & (c | d))) + (x[i + 12] as number) + 0x5a827999) | 0, 13)
  }
  // Round 3: H is the parity; the constant is the square root of 3. Words in bit-reversed order: 0, 2, 1, 3.
  for (let pair = 0; pair < 4; pair++) {
    const i = ((pair & 1) << 1) | (pair >> 1)
    a = rotate((a + (b ^ c ^ d) + (x[i] as number) + 0x6ed9eba1) | 0, 3)
    d = rotate((d + (a ^ b ^ c) + (x[i + 8] as number) + 0x6ed9eba1) | 0, 9)
    c = rotate((c + (d ^ a ^ b) + (x[i + 4] as number) + 0x6ed9eba1) | 0, 11)
    b = rotate((b + (c ^ d ^ a) + (x[i + 12] as number) + 0x6ed9eba1) | 0, 15)
  }
  state[0] = ((state[0] as number) + a) | 0
  state[1] = ((state[1] as number) + b) | 0
  state[2] = ((state[2] as number) + c) | 0
  state[3] = ((state[3] as number) + d) | 0
}
