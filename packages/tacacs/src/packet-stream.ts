import { concat } from '@sallyport/bytes'
import { type Decoded, refused } from './fault.ts'
import { decodeHeader, HEADER_LENGTH } from './header.ts'

/**
 * Cuts the octets of a connection into whole packets, still obfuscated. Holds at most one packet of the allowed length: a
 * longer one is refused by its header, before any of it is kept. After a fault nothing more is taken.
 */
export class PacketStream {
  readonly #mostOctets: number
  #held: Uint8Array = new Uint8Array(0)
  #isBroken = false

  /** @param mostOctets of a body; RFC 8907 section 4.1 leaves the limit to us */
  constructor(mostOctets: number) {
    this.#mostOctets = mostOctets
  }

  /** Packets that are complete now, then the fault that ended the stream, if one did. */
  push(chunk: Uint8Array): readonly Decoded<Uint8Array>[] {
    if (this.#isBroken) return []
    let octets = this.#held.length === 0 ? chunk : concat(this.#held, chunk)
    const found: Decoded<Uint8Array>[] = []
    while (octets.length >= HEADER_LENGTH) {
      const header = decodeHeader(octets)
      if (!header.ok || header.value.length > this.#mostOctets) {
        this.#isBroken = true
        this.#held = new Uint8Array(0)
        found.push(header.ok ? refused('too-long') : header)
        return found
      }
      const end = HEADER_LENGTH + header.value.length
      if (octets.length < end) break
      found.push({ ok: true, value: octets.slice(0, end) })
      octets = octets.subarray(end)
    }
    this.#held = octets.slice()
    return found
  }
}
