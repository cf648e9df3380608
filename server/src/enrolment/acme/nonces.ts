import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** Nonces in flight; an older one is refused as used, and its client takes a new one by itself. */
const WINDOW = 2 ** 18
const COUNTER_OCTETS = 8
const MAC_OCTETS = 16

/**
 * Replay nonces (RFC 8555 section 6.5): numbers that only this process can have written, each good for one request. One bit
 * of a ring stands for each of the last numbers, so that strangers who fetch nonces cost no memory. A restart or another
 * node makes all of them bad, which clients answer by trying again.
 */
export class Nonces {
  readonly #key = randomBytes(32)
  readonly #used: Uint8Array
  readonly #window: number
  #latest = 0

  /** @param window a multiple of eight */
  constructor(window = WINDOW) {
    this.#window = window
    this.#used = new Uint8Array(window / 8)
  }

  issue(): string {
    this.#latest++
    const { index, bit } = this.#place(this.#latest)
    this.#used[index] = (this.#used[index] ?? 0) & ~bit
    const octets = Buffer.alloc(COUNTER_OCTETS)
    octets.writeBigUInt64BE(BigInt(this.#latest))
    return Buffer.concat([octets, this.#mac(octets)]).toString('base64url')
  }

  /** True once for each nonce of ours. */
  use(nonce: string): boolean {
    const octets = Buffer.from(nonce.slice(0, 64), 'base64url')
    if (octets.length !== COUNTER_OCTETS + MAC_OCTETS || octets.toString('base64url') !== nonce) return false
    const counter = octets.subarray(0, COUNTER_OCTETS)
    if (!timingSafeEqual(this.#mac(counter), octets.subarray(COUNTER_OCTETS))) return false
    const number = Number(counter.readBigUInt64BE())
    if (number <= this.#latest - this.#window) return false
    const { index, bit } = this.#place(number)
    const bits = this.#used[index] ?? 0
    if ((bits & bit) !== 0) return false
    this.#used[index] = bits | bit
    return true
  }

  #place(number: number): { index: number; bit: number } {
    const slot = number % this.#window
    return { index: slot >> 3, bit: 1 << (slot & 7) }
  }

  #mac(counter: Buffer): Buffer {
    return createHmac('sha256', this.#key).update(counter).digest().subarray(0, MAC_OCTETS)
  }
}
