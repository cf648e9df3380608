import { Reader, Truncated } from '@sallyport/bytes'
import { malformed } from './ldap-error.ts'
import { TAG } from './tags.ts'

/**
 * Reads BER as RFC 4511 section 5.1 limits it: definite lengths (also longer than they need be: Active Directory writes
 * four octets always), low tag numbers. Anything else throws `LdapError` `malformed`. It descends only where it is told
 * to, so depth of nesting costs nothing.
 */
export class BerReader {
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

  /** Content of the next element, which must have this tag: a view. */
  content(tag: number, what: string): Uint8Array {
    if (this.nextTag !== tag) {
      const found = this.done ? 'the end' : `0x${this.nextTag.toString(16)}`
      throw malformed(`${what}: wanted tag 0x${tag.toString(16)}, found ${found}`)
    }
    return this.#take(what)
  }

  /** Content of the next element where it has this tag. */
  optional(tag: number, what: string): Uint8Array | undefined {
    return this.nextTag === tag ? this.#take(what) : undefined
  }

  enter(tag: number, what: string): BerReader {
    return new BerReader(this.content(tag, what))
  }

  skip(what: string): void {
    if (!this.done) this.#take(what)
  }

  integer(what: string, tag: number = TAG.integer): number {
    const octets = this.content(tag, what)
    if (octets.length === 0 || octets.length > 4)
      throw malformed(`${what}: an INTEGER of ${octets.length} octets`)
    let value = (octets[0] as number) >= 0x80 ? -1 : 0
    for (const octet of octets) value = (value << 8) | octet
    return value
  }

  /** LDAPString. What is no UTF-8 becomes U+FFFD: it is shown to people, and equals no name. */
  text(what: string, tag: number = TAG.octetString): string {
    return decodeLossy(this.content(tag, what))
  }

  #take(what: string): Uint8Array {
    try {
      const tag = this.#reader.u8()
      if ((tag & 0x1f) === 0x1f) throw malformed(`${what}: tag number above 30`)
      return this.#reader.bytes(this.#length(what))
    } catch (error) {
      if (error instanceof Truncated) throw malformed(`${what}: ${error.message}`)
      throw error
    }
  }

  #length(what: string): number {
    const first = this.#reader.u8()
    if (first < 0x80) return first
    const octets = first & 0x7f
    if (octets === 0 || octets > 4) throw malformed(`${what}: a length of ${octets} octets`)
    let length = 0
    for (let i = 0; i < octets; i++) length = length * 256 + this.#reader.u8()
    return length
  }
}

const lossy = new TextDecoder('utf-8', { ignoreBOM: true })

function decodeLossy(octets: Uint8Array): string {
  return lossy.decode(octets)
}
