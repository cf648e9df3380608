import { hash } from 'node:crypto'

/** Kerberos takes clocks that differ by five minutes, so a ticket's proof lives ten (RFC 4120 section 3.2.3). */
const LIFETIME = 10 * 60_000
const MOST = 50_000

/**
 * Proofs of tickets that were shown already. ntlm_auth keeps no replay cache (tried: it takes the same token twice), so who
 * got hold of a request could send its proof again.
 */
export class SeenTokens {
  readonly #monotonic: () => number
  readonly #most: number
  /** By digest; oldest first. */
  readonly #seen = new Map<string, number>()

  constructor(monotonic: () => number, most = MOST) {
    this.#monotonic = monotonic
    this.#most = most
  }

  /** True the first time. False as well where so many are under way that none could be remembered: nothing is let through unseen. */
  isNew(token: Uint8Array): boolean {
    const now = this.#monotonic()
    for (const [digest, at] of this.#seen) {
      if (now - at < LIFETIME) break
      this.#seen.delete(digest)
    }
    const digest = hash('sha256', token, 'base64')
    if (this.#seen.has(digest) || this.#seen.size >= this.#most) return false
    this.#seen.set(digest, now)
    return true
  }

  /** It proved nothing: strangers must not fill the memory, and with it keep everybody else out. */
  forget(token: Uint8Array): void {
    this.#seen.delete(hash('sha256', token, 'base64'))
  }
}
