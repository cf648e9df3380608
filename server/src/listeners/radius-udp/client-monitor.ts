import { PacketCode } from '@sallyport/radius'
import type { Metrics } from '../../kernel/metrics.ts'
import { type Seen, SeenTable } from '../../kernel/seen-table.ts'
import type { Reason } from '../../reasons/index.ts'
import { nasIdentifierHint } from './nas-identifier-hint.ts'

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

/** An address that belongs to no RADIUS client. What it says of itself is not proved. */
export interface UnknownSeen extends Seen {
  /** Access-Requests, Accounting-Requests, and anything else. */
  access: number
  accounting: number
  other: number
  nasIdentifier?: string
}

/** Strangers remembered, on each of two shelves: who came back is not pushed out by who did not. */
const MOST_STRANGERS = 500

/** Counts by client and remembers strangers, both bounded: nothing here grows with what a stranger sends. */
export class ClientMonitor {
  readonly #clients = new Map<string, ClientSeen>()
  readonly #strangers = new SeenTable<UnknownSeen>(MOST_STRANGERS)
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

  stranger(address: string, datagram: Uint8Array, now: number): void {
    const seen = this.#strangers.note(address, now, () => ({
      count: 0,
      firstSeenAt: now,
      lastSeenAt: now,
      access: 0,
      accounting: 0,
      other: 0,
    }))
    if (seen === undefined) return
    if (datagram[0] === PacketCode.AccessRequest) seen.access++
    else if (datagram[0] === PacketCode.AccountingRequest) seen.accounting++
    else seen.other++
    if (seen.nasIdentifier !== undefined) return
    const hint = nasIdentifierHint(datagram)
    if (hint !== undefined) seen.nasIdentifier = hint
  }

  /** An address that is a client's now. */
  forgetStranger(address: string): void {
    this.#strangers.forget(address)
  }

  /** Forgets clients that are no longer configured. */
  keepOnly(clients: ReadonlySet<string>): void {
    for (const name of this.#clients.keys()) if (!clients.has(name)) this.#clients.delete(name)
  }

  snapshot(): { clients: [string, ClientSeen][]; strangers: [string, UnknownSeen][] } {
    return { clients: [...this.#clients], strangers: this.#strangers.entries() }
  }
}
