import { hash } from 'node:crypto'

interface Told {
  readonly digest: string
  readonly since: number
}

const MOST = 10_000
/** A client says by its own clock when it last asked; Kerberos wants clocks within five minutes. */
const CLOCKS_DIFFER = 10 * 60_000

/**
 * Since when each caller's policies are as they are, so that a client that has them need not get them again. Forgotten at a
 * restart, and where it overflows the one not seen for longest: they get them once more.
 */
export class PolicyMemory {
  /** The one not seen for longest first. */
  readonly #told = new Map<string, Told>()

  /** @param lastUpdate when the client says it got them */
  isUnchanged(caller: string, content: string, lastUpdate: number | undefined, now: number): boolean {
    const digest = hash('sha256', content, 'hex')
    const known = this.#told.get(caller)
    const since = known?.digest === digest ? known.since : now
    this.#told.delete(caller)
    if (this.#told.size >= MOST) for (const oldest of this.#told.keys()) if (this.#told.delete(oldest)) break
    this.#told.set(caller, { digest, since })
    // A time to come is that of a clock that is wrong.
    return lastUpdate !== undefined && lastUpdate <= now && lastUpdate >= since + CLOCKS_DIFFER
  }

  get size(): number {
    return this.#told.size
  }
}
