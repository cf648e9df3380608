import { createHash } from 'node:crypto'

/** Random numbers that a seed names (sfc32): the same seed and case give the same numbers on every machine. */
export class Random {
  readonly #state = new Uint32Array(4)

  constructor(...seed: readonly (string | number)[]) {
    const digest = createHash('sha256').update(JSON.stringify(seed)).digest()
    for (let word = 0; word < 4; word++) this.#state[word] = digest.readUInt32LE(4 * word)
  }

  /** A whole number below `end`. */
  below(end: number): number {
    return Math.floor((this.#next() / 0x1_0000_0000) * end)
  }

  /** A whole number from `start` to `end`, both included. */
  between(start: number, end: number): number {
    return start + this.below(end - start + 1)
  }

  /** True once in `n`. */
  oneIn(n: number): boolean {
    return this.below(n) === 0
  }

  pick<T>(from: readonly T[]): T {
    const picked = from[this.below(from.length)]
    if (picked === undefined) throw new RangeError('nothing to pick from')
    return picked
  }

  octets(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256))
  }

  #next(): number {
    const s = this.#state
    const [a = 0, b = 0, c = 0, counter = 0] = s
    const result = (a + b + counter) >>> 0
    s[3] = counter + 1
    s[0] = b ^ (b >>> 9)
    s[1] = c + (c << 3)
    s[2] = ((c << 21) | (c >>> 11)) + result
    return result
  }
}
