/** An identity source as one thread sees it. Times: milliseconds since the epoch. */
export interface SourceSeen {
  readonly source: string
  /** `unused`: nobody was asked yet. */
  readonly state: 'unused' | 'up' | 'down'
  readonly since?: number
  /** Last answer, or last time none came. */
  readonly heardAt?: number
  readonly answers: number
  readonly unanswered: number
  readonly lastError?: { readonly why: string; readonly at: number; readonly servers: readonly string[] }
  readonly servers: readonly ServerSeen[]
  /** While it is down; else of the last time it was. */
  readonly outage: OutageSeen
}

export interface ServerSeen {
  readonly server: string
  /** `open`: not asked, for the time of its circuit breaker. */
  readonly breaker: 'closed' | 'open' | 'half-open'
  readonly lastError?: string
}

/** What an outage did to logins. */
export interface OutageSeen {
  /** Logins that got no answer because of it. */
  readonly silences: number
  /** Logins decided on what the source had said before. */
  readonly offline: number
  /** RADIUS clients that got no answer, and may turn to another server. */
  readonly clients: readonly { readonly client: string; readonly silences: number; readonly lastAt: number }[]
}

/** One lost answer may be the network's; two in a row are the source's. */
const DOWN_AFTER = 2

/** The state of one source in this thread, from what its servers answer: nothing is asked only to know it. */
export class SourceRecord {
  readonly #source: string
  readonly #now: () => number
  /** Of the pool behind the source, where there is one. */
  servers: () => readonly ServerSeen[] = () => []
  #state: SourceSeen['state'] = 'unused'
  #since: number | undefined
  #heardAt: number | undefined
  #answeredAt = Number.NEGATIVE_INFINITY
  #inARow = 0
  #firstOfRow = 0
  #answers = 0
  #unanswered = 0
  #lastError: SourceSeen['lastError']
  #silences = 0
  #offline = 0
  #clients = new Map<string, { silences: number; lastAt: number }>()

  constructor(source: string, now: () => number) {
    this.#source = source
    this.#now = now
  }

  answered(): void {
    this.#answers++
    this.#heardAt = this.#answeredAt = this.#now()
    this.#inARow = 0
    this.#turn('up', this.#heardAt)
  }

  /** @param askedAt when the question was put: an answer since then outweighs that this one was lost */
  unanswered(askedAt: number, why: string, servers: readonly string[] = []): void {
    const now = this.#now()
    this.#unanswered++
    this.#lastError = { why, at: now, servers }
    if (askedAt < this.#answeredAt) return
    this.#heardAt = now
    if (this.#inARow++ === 0) {
      this.#firstOfRow = now
      if (this.#state !== 'down') this.#beginOutage()
    }
    if (this.#inARow >= DOWN_AFTER) this.#turn('down', this.#firstOfRow)
  }

  /** A login through this RADIUS client got no answer because of the source. */
  silenced(client: string): void {
    this.#silences++
    const seen = this.#clients.get(client)
    // Clients come from the configuration: never more than there are.
    if (seen === undefined) this.#clients.set(client, { silences: 1, lastAt: this.#now() })
    else {
      seen.silences++
      seen.lastAt = this.#now()
    }
  }

  servedOffline(): void {
    this.#offline++
  }

  get seen(): SourceSeen {
    const clients = [...this.#clients].map(([client, of]) => ({ client, ...of }))
    return {
      ...{ source: this.#source, state: this.#state, answers: this.#answers, unanswered: this.#unanswered },
      ...(this.#since !== undefined && { since: this.#since }),
      ...(this.#heardAt !== undefined && { heardAt: this.#heardAt }),
      ...(this.#lastError !== undefined && { lastError: this.#lastError }),
      servers: this.servers(),
      outage: { silences: this.#silences, offline: this.#offline, clients },
    }
  }

  #turn(state: 'up' | 'down', since: number): void {
    if (this.#state === state) return
    this.#state = state
    this.#since = since
  }

  #beginOutage(): void {
    this.#silences = 0
    this.#offline = 0
    this.#clients = new Map()
  }
}
