import { hash } from 'node:crypto'
import { concat } from '@sallyport/bytes'

const MD5_LENGTH = 16

/** What goes into the pad beside the secret: the header of the packet as it is sent (RFC 8907 section 4.5). */
export interface PadSeed {
  /** Both halves, as in the header. */
  readonly version: number
  readonly sequence: number
  readonly sessionId: number
}

/**
 * RFC 8907 section 4.5: the body XOR a pad of MD5 hashes, each over session id, secret, version, sequence number and the
 * hash before. The same again undoes it. It hides; it protects nothing against change.
 */
export function obfuscate(body: Uint8Array, secret: Uint8Array, seed: PadSeed): Uint8Array {
  const seeded = concat(fourOctets(seed.sessionId), secret, Uint8Array.of(seed.version, seed.sequence))
  const out = new Uint8Array(body.length)
  let previous: Uint8Array = new Uint8Array(0)
  for (let at = 0; at < body.length; at += MD5_LENGTH) {
    previous = hash('md5', concat(seeded, previous), 'buffer')
    const end = Math.min(at + MD5_LENGTH, body.length)
    for (let index = at; index < end; index += 1) {
      out[index] = (body[index] as number) ^ (previous[index - at] as number) // both within their lengths
    }
  }
  return out
}

function fourOctets(value: number): Uint8Array {
  const octets = new Uint8Array(4)
  new DataView(octets.buffer).setUint32(0, value)
  return octets
}
