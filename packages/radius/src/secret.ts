import { fromUtf8, wipe } from '@sallyport/bytes'
import { RadiusError } from './error.ts'
import { Md5, type Md5State } from './md5.ts'

/** Every hash of this package runs to its end without a pause, so all of them share one running hash. */
const hash = new Md5()
const inner = new Uint8Array(16)

/**
 * A shared secret with what is computed from it alone: the two padded states of HMAC-MD5 (RFC 2104). Make it once per
 * RADIUS client, not once per packet.
 */
export class Secret {
  readonly octets: Uint8Array
  readonly #innerState: Md5State
  readonly #outerState: Md5State

  /** Text is taken as UTF-8. Throws RadiusError `empty-secret` on a secret of no octets. */
  constructor(secret: string | Uint8Array) {
    const octets = typeof secret === 'string' ? fromUtf8(secret) : Uint8Array.from(secret)
    if (octets.length === 0) throw new RadiusError('empty-secret', 'a RADIUS shared secret must not be empty')
    this.octets = octets
    const pad = new Uint8Array(64)
    if (octets.length > 64) hash.start().update(octets).finish(pad)
    else pad.set(octets)
    for (let i = 0; i < 64; i++) pad[i] = (pad[i] as number) ^ 0x36
    this.#innerState = hash.start().update(pad).state()
    for (let i = 0; i < 64; i++) pad[i] = (pad[i] as number) ^ 0x36 ^ 0x5c
    this.#outerState = hash.start().update(pad).state()
    wipe(pad)
  }

  /** Starts HMAC-MD5 (RFC 2104); feed the message to the returned hash, then call `hmacFinish`. */
  hmacStart(): Md5 {
    return hash.start(this.#innerState)
  }

  hmacFinish(out: Uint8Array, at = 0): void {
    hash.finish(inner)
    hash.start(this.#outerState).update(inner).finish(out, at)
  }

  /** Starts MD5 without a key, for digests that carry the secret before or after their data. */
  md5Start(): Md5 {
    return hash.start()
  }

  /** A secret does not print itself. */
  toJSON(): string {
    return '[secret]'
  }
}
