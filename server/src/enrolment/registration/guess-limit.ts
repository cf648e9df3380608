/** Wrong passwords one address may send before it waits, and how fast that wears off. */
const FAILURES = 10
const FORGET_MILLISECONDS = 30_000
/** Addresses remembered; beyond them the one that failed longest ago is forgotten. */
const ADDRESSES = 4096

interface Failures {
  count: number
  at: number
}

/**
 * Slows down who tries passwords at the enrolment port. The lock-out of an account counts what is tried at that account; this
 * counts what an address tries at all of them.
 */
export class GuessLimit {
  readonly #monotonic: () => number
  /** The one that failed longest ago first. */
  readonly #failures = new Map<string, Failures>()

  /** @param monotonic milliseconds */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic
  }

  /** Milliseconds the address has to wait; 0: it may try. */
  waitOf(address: string): number {
    const { count, at } = this.#now(networkOf(address))
    return count < FAILURES ? 0 : Math.max(1, at + FORGET_MILLISECONDS - this.#monotonic())
  }

  failed(address: string): void {
    const network = networkOf(address)
    const { count } = this.#now(network)
    this.#failures.delete(network)
    if (this.#failures.size >= ADDRESSES)
      for (const oldest of this.#failures.keys()) if (this.#failures.delete(oldest)) break
    this.#failures.set(network, { count: count + 1, at: this.#monotonic() })
  }

  /** One that was counted beforehand was none. */
  forget(address: string): void {
    const known = this.#failures.get(networkOf(address))
    if (known !== undefined) known.count = Math.max(0, known.count - 1)
  }

  get size(): number {
    return this.#failures.size
  }

  /** One failure is forgotten each half minute. */
  #now(network: string): Failures {
    const now = this.#monotonic()
    const known = this.#failures.get(network)
    if (known === undefined) return { count: 0, at: now }
    const forgotten = Math.floor((now - known.at) / FORGET_MILLISECONDS)
    known.count = Math.max(0, known.count - forgotten)
    known.at += forgotten * FORGET_MILLISECONDS
    return known
  }
}

/** A host has all of an IPv6 /64 to itself. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped !== null) return mapped[1] as string
  if (!address.includes(':')) return address
  const [head = '', tail] = (address.split('%')[0] as string).split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length
  const groups = [...before, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...after]
  return `${groups.slice(0, 4).join(':')}::/64`
}
