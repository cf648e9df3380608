/** A read went past the end: where, how much was wanted and how much was left. */
export class Truncated extends Error {
  readonly offset: number
  readonly wanted: number
  readonly left: number

  constructor(offset: number, wanted: number, left: number) {
    super(`truncated at offset ${offset}: wanted ${wanted} octets, ${left} left`)
    this.name = 'Truncated'
    this.offset = offset
    this.wanted = wanted
    this.left = left
  }
}

/** A cursor over octets that it does not own. Sub-arrays it returns are views, not copies. */
export class Reader {
  readonly octets: Uint8Array
  #at = 0

  constructor(octets: Uint8Array) {
    this.octets = octets
  }

  get offset(): number {
    return this.#at
  }

  get left(): number {
    return this.octets.length - this.#at
  }

  u8(): number {
    return this.octets[this.#take(1)] as number
  }

  u16(): number {
    const at = this.#take(2)
    return ((this.octets[at] as number) << 8) | (this.octets[at + 1] as number)
  }

  u24(): number {
    const at = this.#take(3)
    const octets = this.octets
    return ((octets[at] as number) << 16) | ((octets[at + 1] as number) << 8) | (octets[at + 2] as number)
  }

  u32(): number {
    const at = this.#take(4)
    const octets = this.octets
    const low =
      ((octets[at + 1] as number) << 16) | ((octets[at + 2] as number) << 8) | (octets[at + 3] as number)
    return (octets[at] as number) * 0x100_0000 + low
  }

  u64(): bigint {
    const at = this.#take(8)
    const whole = new DataView(this.octets.buffer, this.octets.byteOffset + at, 8)
    return whole.getBigUint64(0)
  }

  /** The next `length` octets, as a view. */
  bytes(length: number): Uint8Array {
    const at = this.#take(length)
    return this.octets.subarray(at, at + length)
  }

  /** Everything that is left, as a view. */
  rest(): Uint8Array {
    return this.bytes(this.left)
  }

  #take(length: number): number {
    const at = this.#at
    if (length < 0 || at + length > this.octets.length) throw new Truncated(at, length, this.left)
    this.#at = at + length
    return at
  }
}
