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
  readonly #view: DataView
  #at = 0

  constructor(octets: Uint8Array) {
    this.octets = octets
    this.#view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength)
  }

  get offset(): number {
    return this.#at
  }

  get left(): number {
    return this.octets.length - this.#at
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1))
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2))
  }

  u24(): number {
    const at = this.#take(3)
    return (this.#view.getUint8(at) << 16) | this.#view.getUint16(at + 1)
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4))
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8))
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
