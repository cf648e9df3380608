import { concat } from '@sallyport/bytes'
import { LdapError, malformed } from './ldap-error.ts'
import { TAG } from './tags.ts'

/** Longest head: tag, length and message identifier (RFC 4511 section 4.1.1). */
const HEAD_OCTETS = 12

/** What is done about messages above the limit that are not above `most`: none of them is kept. */
export interface TooLong {
  readonly most: number
  /** May throw: then the stream ends there. */
  readonly passOver: (id: number, octets: number) => void
}

/**
 * Cuts a stream of octets into LDAP messages. A message that claims more than `limit` octets is refused by its head, before
 * anything of it is kept, or passed over; pieces are joined once, when the whole is there, however small they come.
 */
export class MessageFramer {
  readonly #limit: number
  readonly #tooLong: TooLong | undefined
  #pieces: Uint8Array[] = []
  #kept = 0
  /** Whole length of the message under way; 0: its head is not there yet. */
  #wanted = 0
  /** Still to come of a message that is passed over. */
  #passing = 0

  constructor(limit: number, tooLong?: TooLong) {
    this.#limit = limit
    this.#tooLong = tooLong
  }

  /** No part of a message waits for its rest. */
  get isEmpty(): boolean {
    return this.#kept === 0 && this.#passing === 0
  }

  /**
   * Messages that `chunk` completes. They may be views on it.
   * @throws LdapError `malformed`, `too-large`: nothing after it can be read
   */
  *push(chunk: Uint8Array): Generator<Uint8Array> {
    let rest = this.#pass(chunk)
    while (rest.length > 0) {
      if (this.#wanted === 0) {
        // Joining a head costs nothing.
        const head = this.#kept === 0 ? rest : concat(...this.#pieces, rest.subarray(0, HEAD_OCTETS))
        const length = this.#lengthOf(head)
        if (length > this.#limit && head.length >= HEAD_OCTETS) {
          this.#tooLong?.passOver(idOf(head), length)
          this.#passing = length - this.#kept
          this.#forget()
          rest = this.#pass(rest)
          continue
        }
        this.#wanted = length > this.#limit ? 0 : length
      }
      if (this.#wanted === 0 || this.#kept + rest.length < this.#wanted) {
        this.#keep(rest)
        return
      }
      const missing = this.#wanted - this.#kept
      const last = rest.subarray(0, missing)
      const whole = this.#kept === 0 ? last : concat(...this.#pieces, last)
      rest = rest.subarray(missing)
      this.#forget()
      yield whole
    }
  }

  #pass(octets: Uint8Array): Uint8Array {
    const passed = Math.min(this.#passing, octets.length)
    this.#passing -= passed
    return octets.subarray(passed)
  }

  #forget(): void {
    this.#pieces = []
    this.#kept = 0
    this.#wanted = 0
  }

  /** Copied: the socket reuses its buffer, and a view of three octets would hold all of it. */
  #keep(octets: Uint8Array): void {
    this.#pieces.push(octets.slice())
    this.#kept += octets.length
    // One octet at a time would make a piece of each.
    if (this.#pieces.length >= 64) this.#pieces = [concat(...this.#pieces)]
  }

  #lengthOf(head: Uint8Array): number {
    if (head[0] !== TAG.sequence) throw malformed(`a message begins with 0x${(head[0] ?? 0).toString(16)}`)
    const first = head[1]
    if (first === undefined) return 0
    let length = first
    let size = 2
    if (first >= 0x80) {
      const octets = first & 0x7f
      if (octets === 0 || octets > 4) throw malformed(`a message with a length of ${octets} octets`)
      if (head.length < 2 + octets) return 0
      length = 0
      for (let i = 0; i < octets; i++) length = length * 256 + (head[2 + i] as number)
      size += octets
    }
    if (size + length > Math.max(this.#limit, this.#tooLong?.most ?? 0))
      throw new LdapError('too-large', `a message of ${size + length} octets; ${this.#limit} are taken`)
    return size + length
  }
}

/** The message identifier, which is the first thing in every message. */
function idOf(head: Uint8Array): number {
  const first = head[1] as number
  const at = first < 0x80 ? 2 : 2 + (first & 0x7f)
  const size = head[at + 1] ?? 0
  if (head[at] !== TAG.integer || size < 1 || size > 4) throw malformed('a message without an identifier')
  return head.subarray(at + 2, at + 2 + size).reduce((id, octet) => (id << 8) | octet, 0)
}
