import type { AccountingRecord } from './accounting-record.ts'

/** Without a clock of the NAS, the time on the wire and whole seconds of Acct-Delay-Time blur one event. */
const JITTER_SECONDS = 2

type Event = Pick<AccountingRecord, 'eventKey' | 'eventSeconds' | 'isTimed' | 'eventAt'>

/** Under which an event is stored. The time comes first: what is written together then lies together in the index. */
export function ownKey({ eventKey, eventSeconds }: Event): string {
  return `${eventSeconds}:${eventKey}`
}

/** Keys under which the same event may be stored. */
export function candidates(event: Event): string[] {
  const { eventKey, eventSeconds } = event
  const keys = [ownKey(event)]
  for (let off = 1; off <= jitterOf(event); off++) {
    keys.push(`${eventSeconds - off}:${eventKey}`, `${eventSeconds + off}:${eventKey}`)
  }
  return keys
}

function jitterOf({ isTimed }: Event): number {
  return isTimed ? 0 : JITTER_SECONDS
}

interface Times {
  /** As in the key it is stored under. */
  readonly seconds: number
  /** When it happened, where that was asked for. */
  readonly at: number | undefined
}

/** Events that are stored, or about to be. By `eventKey`: most are new, which one look tells. */
export class KnownEvents {
  readonly #times = new Map<string, Times[]>()

  add({ eventKey, eventSeconds, eventAt }: Event): void {
    this.#add(eventKey, { seconds: eventSeconds, at: eventAt })
  }

  /** @param key as `ownKey` made it */
  addStored(key: string, at?: number): void {
    const colon = key.indexOf(':')
    this.#add(key.slice(colon + 1), { seconds: Number(key.slice(0, colon)), at })
  }

  /** The same event as one that is known: its key is, or its Event-Timestamp while only Acct-Delay-Time grew. */
  has(event: Event): boolean {
    const known = this.#times.get(event.eventKey)
    if (known === undefined) return false
    const jitter = jitterOf(event)
    return known.some(
      ({ seconds, at }) =>
        Math.abs(seconds - event.eventSeconds) <= jitter || (event.isTimed && at === event.eventAt),
    )
  }

  #add(eventKey: string, times: Times): void {
    const known = this.#times.get(eventKey)
    if (known === undefined) this.#times.set(eventKey, [times])
    else known.push(times)
  }
}
