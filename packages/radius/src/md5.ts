/**
 * MD5 (RFC 1321), because RADIUS is built on it and a call into OpenSSL costs several microseconds where a block here
 * costs a fraction of one. Not for new uses: MD5 is broken as a hash; RADIUS uses it as a keyed one.
 */

/** A chaining value: what is left of the blocks hashed so far. */
export interface Md5State {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
  /** Octets hashed so far, a multiple of 64. */
  readonly length: number
}

const INITIAL: Md5State = { a: 0x67452301, b: 0xefcdab89, c: 0x98badcfe, d: 0x10325476, length: 0 }

function word(octets: Uint8Array, at: number): number {
  return (
    (octets[at] as number) |
    ((octets[at + 1] as number) << 8) |
    ((octets[at + 2] as number) << 16) |
    ((octets[at + 3] as number) << 24)
  )
}

function step(sum: number, b: number, shift: number): number {
  return (((sum << shift) | (sum >>> (32 - shift))) + b) | 0
}

function ff(a: number, b: number, c: number, d: number, x: number, s: number, t: number): number {
  return step((a + ((b & c) | (~b & d)) + x + t) | 0, b, s)
}

function gg(a: number, b: number, c: number, d: number, x: number, s: number, t: number): number {
  return step((a + ((b & d) | (c & ~d)) + x + t) | 0, b, s)
}

function hh(a: number, b: number, c: number, d: number, x: number, s: number, t: number): number {
  return step((a + (b ^ c ^ d) + x + t) | 0, b, s)
}

function ii(a: number, b: number, c: number, d: number, x: number, s: number, t: number): number {
  return step((a + (c ^ (b | ~d)) + x + t) | 0, b, s)
}

/** A running hash: `start`, any number of `update`, then `state` (at a block border) or `finish`; reusable. */
export class Md5 {
  #a = 0
  #b = 0
  #c = 0
  #d = 0
  #length = 0
  #pending = 0
  readonly #block = new Uint8Array(64)

  start(from: Md5State = INITIAL): this {
    this.#a = from.a
    this.#b = from.b
    this.#c = from.c
    this.#d = from.d
    this.#length = from.length
    this.#pending = 0
    return this
  }

  update(octets: Uint8Array, from = 0, to = octets.length): this {
    let at = from
    this.#length += to - from
    while (at < to) {
      if (this.#pending === 0 && to - at >= 64) {
        this.#compress(octets, at)
        at += 64
        continue
      }
      const taken = Math.min(64 - this.#pending, to - at)
      for (let i = 0; i < taken; i++) this.#block[this.#pending + i] = octets[at + i] as number
      this.#pending += taken
      at += taken
      if (this.#pending === 64) this.#flush()
    }
    return this
  }

  /** The chaining value, to start many hashes with the same beginning. Only after a multiple of 64 octets. */
  state(): Md5State {
    if (this.#pending !== 0) throw new RangeError('MD5 state taken inside a block')
    return { a: this.#a, b: this.#b, c: this.#c, d: this.#d, length: this.#length }
  }

  /** Writes the 16 octets of the digest into `out`. */
  finish(out: Uint8Array, at = 0): void {
    const block = this.#block
    const bits = this.#length * 8
    block[this.#pending++] = 0x80
    if (this.#pending > 56) {
      block.fill(0, this.#pending)
      this.#flush()
    }
    block.fill(0, this.#pending, 56)
    put(block, 56, bits | 0)
    put(block, 60, (bits / 0x1_0000_0000) | 0)
    this.#flush()
    put(out, at, this.#a)
    put(out, at + 4, this.#b)
    put(out, at + 8, this.#c)
    put(out, at + 12, this.#d)
  }

  #flush(): void {
    this.#compress(this.#block, 0)
    this.#pending = 0
  }

  #compress(octets: Uint8Array, at: number): void {
    let a = this.#a
    let b = this.#b
    let c = this.#c
    let d = this.#d
    const x0 = word(octets, at)
    const x1 = word(octets, at + 4)
    const x2 = word(octets, at + 8)
    const x3 = word(octets, at + 12)
    const x4 = word(octets, at + 16)
    const x5 = word(octets, at + 20)
    const x6 = word(octets, at + 24)
    const x7 = word(octets, at + 28)
    const x8 = word(octets, at + 32)
    const x9 = word(octets, at + 36)
    const x10 = word(octets, at + 40)
    const x11 = word(octets, at + 44)
    const x12 = word(octets, at + 48)
    const x13 = word(octets, at + 52)
    const x14 = word(octets, at + 56)
    const x15 = word(octets, at + 60)
    a = ff(a, b, c, d, x0, 7, 0xd76aa478)
    d = ff(d, a, b, c, x1, 12, 0xe8c7b756)
    c = ff(c, d, a, b, x2, 17, 0x242070db)
    b = ff(b, c, d, a, x3, 22, 0xc1bdceee)
    a = ff(a, b, c, d, x4, 7, 0xf57c0faf)
    d = ff(d, a, b, c, x5, 12, 0x4787c62a)
    c = ff(c, d, a, b, x6, 17, 0xa8304613)
    b = ff(b, c, d, a, x7, 22, 0xfd469501)
    a = ff(a, b, c, d, x8, 7, 0x698098d8)
    d = ff(d, a, b, c, x9, 12, 0x8b44f7af)
    c = ff(c, d, a, b, x10, 17, 0xffff5bb1)
    b = ff(b, c, d, a, x11, 22, 0x895cd7be)
    a = ff(a, b, c, d, x12, 7, 0x6b901122)
    d = ff(d, a, b, c, x13, 12, 0xfd987193)
    c = ff(c, d, a, b, x14, 17, 0xa679438e)
    b = ff(b, c, d, a, x15, 22, 0x49b40821)
    a = gg(a, b, c, d, x1, 5, 0xf61e2562)
    d = gg(d, a, b, c, x6, 9, 0xc040b340)
    c = gg(c, d, a, b, x11, 14, 0x265e5a51)
    b = gg(b, c, d, a, x0, 20, 0xe9b6c7aa)
    a = gg(a, b, c, d, x5, 5, 0xd62f105d)
    d = gg(d, a, b, c, x10, 9, 0x02441453)
    c = gg(c, d, a, b, x15, 14, 0xd8a1e681)
    b = gg(b, c, d, a, x4, 20, 0xe7d3fbc8)
    a = gg(a, b, c, d, x9, 5, 0x21e1cde6)
    d = gg(d, a, b, c, x14, 9, 0xc33707d6)
    c = gg(c, d, a, b, x3, 14, 0xf4d50d87)
    b = gg(b, c, d, a, x8, 20, 0x455a14ed)
    a = gg(a, b, c, d, x13, 5, 0xa9e3e905)
    d = gg(d, a, b, c, x2, 9, 0xfcefa3f8)
    c = gg(c, d, a, b, x7, 14, 0x676f02d9)
    b = gg(b, c, d, a, x12, 20, 0x8d2a4c8a)
    a = hh(a, b, c, d, x5, 4, 0xfffa3942)
    d = hh(d, a, b, c, x8, 11, 0x8771f681)
    c = hh(c, d, a, b, x11, 16, 0x6d9d6122)
    b = hh(b, c, d, a, x14, 23, 0xfde5380c)
    a = hh(a, b, c, d, x1, 4, 0xa4beea44)
    d = hh(d, a, b, c, x4, 11, 0x4bdecfa9)
    c = hh(c, d, a, b, x7, 16, 0xf6bb4b60)
    b = hh(b, c, d, a, x10, 23, 0xbebfbc70)
    a = hh(a, b, c, d, x13, 4, 0x289b7ec6)
    d = hh(d, a, b, c, x0, 11, 0xeaa127fa)
    c = hh(c, d, a, b, x3, 16, 0xd4ef3085)
    b = hh(b, c, d, a, x6, 23, 0x04881d05)
    a = hh(a, b, c, d, x9, 4, 0xd9d4d039)
    d = hh(d, a, b, c, x12, 11, 0xe6db99e5)
    c = hh(c, d, a, b, x15, 16, 0x1fa27cf8)
    b = hh(b, c, d, a, x2, 23, 0xc4ac5665)
    a = ii(a, b, c, d, x0, 6, 0xf4292244)
    d = ii(d, a, b, c, x7, 10, 0x432aff97)
    c = ii(c, d, a, b, x14, 15, 0xab9423a7)
    b = ii(b, c, d, a, x5, 21, 0xfc93a039)
    a = ii(a, b, c, d, x12, 6, 0x655b59c3)
    d = ii(d, a, b, c, x3, 10, 0x8f0ccc92)
    c = ii(c, d, a, b, x10, 15, 0xffeff47d)
    b = ii(b, c, d, a, x1, 21, 0x85845dd1)
    a = ii(a, b, c, d, x8, 6, 0x6fa87e4f)
    d = ii(d, a, b, c, x15, 10, 0xfe2ce6e0)
    c = ii(c, d, a, b, x6, 15, 0xa3014314)
    b = ii(b, c, d, a, x13, 21, 0x4e0811a1)
    a = ii(a, b, c, d, x4, 6, 0xf7537e82)
    d = ii(d, a, b, c, x11, 10, 0xbd3af235)
    c = ii(c, d, a, b, x2, 15, 0x2ad7d2bb)
    b = ii(b, c, d, a, x9, 21, 0xeb86d391)
    this.#a = (this.#a + a) | 0
    this.#b = (this.#b + b) | 0
    this.#c = (this.#c + c) | 0
    this.#d = (this.#d + d) | 0
  }
}

function put(out: Uint8Array, at: number, value: number): void {
  out[at] = value
  out[at + 1] = value >>> 8
  out[at + 2] = value >>> 16
  out[at + 3] = value >>> 24
}

/** MD5 over the parts in order. */
export function md5(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const hash = new Md5().start()
  for (const part of parts) hash.update(part)
  const digest = new Uint8Array(16)
  hash.finish(digest)
  return digest
}
