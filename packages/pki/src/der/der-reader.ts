import { Reader, Truncated } from '@sallyport/bytes'
import { malformed } from '../pki-error.ts'

/** One tag-length-value. Both arrays are views on the octets that were read. */
export interface Element {
  readonly tag: number
  readonly content: Uint8Array
  /** Identifier, length and content: what a signature covers. */
  readonly encoded: Uint8Array
}

/**
 * Reads DER (X.690 section 10): definite lengths in their shortest form, low tag numbers. Anything else throws
 * `PkiError` `malformed`. The cursor never recurses, so depth of nesting costs nothing.
 */
export class DerReader {
  readonly #reader: Reader

  constructor(octets: Uint8Array) {
    this.#reader = new Reader(octets)
  }

  get done(): boolean {
    return this.#reader.left === 0
  }

  /** The next identifier octet, or -1 at the end. */
  get nextTag(): number {
    return this.#reader.octets[this.#reader.offset] ?? -1
  }

  any(): Element {
    const start = this.#reader.offset
    try {
      const tag = this.#reader.u8()
      if ((tag & 0x1f) === 0x1f) throw malformed(`tag number above 30 at offset ${start}`)
      const content = this.#reader.bytes(this.#length(start))
      return { tag, content, encoded: this.#reader.octets.subarray(start, this.#reader.offset) }
    } catch (error) {
      if (error instanceof Truncated) throw malformed(`DER ${error.message}`)
      throw error
    }
  }

  expect(tag: number, what: string): Element {
    if (this.nextTag !== tag) {
      const found = this.done ? 'the end' : `0x${this.nextTag.toString(16)}`
      throw malformed(`${what}: wanted tag 0x${tag.toString(16)}, found ${found}`)
    }
    return this.any()
  }

  optional(tag: number): Element | undefined {
    return this.nextTag === tag ? this.any() : undefined
  }

  /** A reader over the content of the next element, which must have this tag. */
  enter(tag: number, what: string): DerReader {
    return new DerReader(this.expect(tag, what).content)
  }

  finish(what: string): void {
    if (!this.done) throw malformed(`${what}: ${this.#reader.left} octets too many`)
  }

  #length(start: number): number {
    const first = this.#reader.u8()
    if (first < 0x80) return first
    const octets = first & 0x7f
    if (octets === 0 || octets > 4) throw malformed(`length of ${octets} octets at offset ${start}`)
    let length = 0
    for (let i = 0; i < octets; i++) length = length * 256 + this.#reader.u8()
    if (length < 0x80 || length < 256 ** (octets - 1)) {
      throw malformed(`length not in its shortest form at offset ${start}`)
    }
    return length
  }
}

/** The one element that `octets` consists of. */
export function onlyElement(octets: Uint8Array, tag: number, what: string): Element {
  const reader = new DerReader(octets)
  const element = reader.expect(tag, what)
  reader.finish(what)
  return element
}
