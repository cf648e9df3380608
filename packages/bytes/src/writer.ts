/** The encoder computed one length and wrote another, or a value does not fit its field: always our own fault. */
export class Overflow extends RangeError {
  constructor(message: string) {
    super(message)
    this.name = 'Overflow'
  }
}

/**
 * Fills a buffer of a length computed before: compute the length, allocate once, fill. Octets are set by hand: making a
 * DataView costs more than all it would write.
 */
export class Writer {
  readonly octets: Uint8Array<ArrayBuffer>
  #at = 0

  constructor(length: number) {
    this.octets = new Uint8Array(length)
  }

  get offset(): number {
    return this.#at
  }

  u8(value: number): this {
    this.octets[this.#take(1, value, 0xff)] = value
    return this
  }

  u16(value: number): this {
    const at = this.#take(2, value, 0xffff)
    this.octets[at] = value >>> 8
    this.octets[at + 1] = value
    return this
  }

  u24(value: number): this {
    const at = this.#take(3, value, 0xffffff)
    this.octets[at] = value >>> 16
    this.octets[at + 1] = value >>> 8
    this.octets[at + 2] = value
    return this
  }

  u32(value: number): this {
    const at = this.#take(4, value, 0xffffffff)
    this.octets[at] = value >>> 24
    this.octets[at + 1] = value >>> 16
    this.octets[at + 2] = value >>> 8
    this.octets[at + 3] = value
    return this
  }

  u64(value: bigint): this {
    if (value < 0n || value > 0xffffffffffffffffn) throw new Overflow(`${value} does not fit 8 octets`)
    return this.u32(Number(value >> 32n)).u32(Number(value & 0xffffffffn))
  }

  bytes(octets: Uint8Array): this {
    const at = this.#take(octets.length, 0, 0)
    this.octets.set(octets, at)
    return this
  }

  /** The filled buffer; throws where fewer octets were written than announced. */
  finish(): Uint8Array<ArrayBuffer> {
    if (this.#at !== this.octets.length) {
      throw new Overflow(`wrote ${this.#at} of ${this.octets.length} announced octets`)
    }
    return this.octets
  }

  #take(length: number, value: number, most: number): number {
    if (!(value >= 0 && value <= most)) throw new Overflow(`${value} does not fit ${length} octets`)
    const at = this.#at
    if (at + length > this.octets.length) {
      throw new Overflow(`writing ${length} octets at ${at} passes the announced ${this.octets.length}`)
    }
    this.#at = at + length
    return at
  }
}
