import type { Metrics } from '../../kernel/metrics.ts'
import type { Reason } from '../../reasons/index.ts'

/** What was seen of one RADIUS client since the start. */
export interface ClientSeen {
  requests: number
  accepts: number
  rejects: number
  dropped: number
  /** Milliseconds since the epoch. */
  lastSeenAt: number
  /** The last packet that was dropped, and why. */
  lastDrop?: { at: number; code: string }
  /** Requests signed with the second secret: the device has been changed over. */
  withNewSecret: number
  /** Access-Requests without Message-Authenticator. */
  withoutMessageAuthenticator: number
  /** By reason code, so never more than there are codes. */
  readonly drops: Map<string, DropSeen>
}

/** Packets of one client that were dropped for one reason. */
export interface DropSeen {
  packets: number
  firstSeenAt: number
  lastSeenAt: number
  /** Of the last one: its sender, and the reason with the values seen. */
  address: string
  reason: Reason
}

export interface UnknownSeen {
  packets: number
  firstSeenAt: number
  lastSeenAt: number
}

/** Strangers remembered; a flood of them replaces the longest silent ones. */
const MOST_STRANGERS = 1000

/** Counts by client and remembers strangers, both bounded: nothing here grows with what a stranger sends. */
export class ClientMonitor {
  readonly #clients = new Map<string, ClientSeen>()
  readonly #strangers = new Map<string, UnknownSeen>()
  readonly #drops

  constructor(metrics: Metrics) {
    this.#drops = metrics.counter('radius_dropped_total', 'Packets left without an answer, by reason', [
      'reason',
    ])
  }

  /** The counters of a known client; clients are few and come from the configuration. */
  of(client: string): ClientSeen {
    let seen = this.#clients.get(client)
    if (seen === undefined) {
      seen = {
        requests: 0,
        accepts: 0,
        rejects: 0,
        dropped: 0,
        lastSeenAt: 0,
        withNewSecret: 0,
        withoutMessageAuthenticator: 0,
        drops: new Map(),
      }
      this.#clients.set(client, seen)
    }
    return seen
  }

  /** `client`: undefined for a stranger, who is remembered by `stranger` alone. */
  dropped(client: string | undefined, address: string, why: Reason, now: number): void {
    this.#drops.inc({ reason: why.code })
    if (client === undefined) return
    const seen = this.of(client)
    seen.dropped++
    seen.lastDrop = { at: now, code: why.code }
    const drop = seen.drops.get(why.code)
    if (drop === undefined) {
      seen.drops.set(why.code, { packets: 1, firstSeenAt: now, lastSeenAt: now, address, reason: why })
      return
    }
    drop.packets++
    drop.lastSeenAt = now
    drop.address = address
    drop.reason = why
  }

  stranger(address: string, now: number): void {
    const known = this.#strangers.get(address)
    this.#strangers.delete(address)
    if (known === undefined && this.#strangers.size >= MOST_STRANGERS) {
      const longestSilent = this.#strangers.keys().next()
      if (!longestSilent.done) this.#strangers.delete(longestSilent.value)
    }
    const seen = known ?? { packets: 0, firstSeenAt: now, lastSeenAt: now }
    seen.packets++
    seen.lastSeenAt = now
    this.#strangers.set(address, seen)
  }

  /** Forgets clients that are no longer configured. */
  keepOnly(clients: ReadonlySet<string>): void {
    for (const name of this.#clients.keys()) if (!clients.has(name)) this.#clients.delete(name)
  }

  snapshot(): { clients: [string, ClientSeen][]; strangers: [string, UnknownSeen][] } {
    return { clients: [...this.#clients], strangers: [...this.#strangers].reverse() }
  }
}
