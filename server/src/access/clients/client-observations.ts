import type { Secret } from '@sallyport/radius'

/** What was seen of one RADIUS client at one address since the last time it was handed over. Structured-cloneable. */
export interface SourceObservation {
  readonly client: string
  readonly address: string
  readonly firstSeenAt: number
  readonly lastSeenAt: number
  /** Access-Requests with and without Message-Authenticator; `signedRun`: with it, since the last one without. */
  readonly signed: number
  readonly unsigned: number
  readonly signedRun: number
  readonly lastUnsignedAt: number | null
  readonly uses: readonly SecretUse[]
}

/** Requests whose authenticator proved one secret. */
export interface SecretUse {
  /** Tells secrets apart and gives none away; empty: the requests prove no secret. */
  readonly mark: string
  readonly requests: number
  readonly firstUsedAt: number
  readonly lastUsedAt: number
}

interface Source {
  readonly client: string
  readonly address: string
  readonly firstSeenAt: number
  lastSeenAt: number
  signed: number
  unsigned: number
  signedRun: number
  lastUnsignedAt: number | null
  readonly uses: Use[]
}

interface Use {
  readonly secret: Secret | undefined
  requests: number
  readonly firstUsedAt: number
  lastUsedAt: number
}

/** Context of the marks of client secrets (`Sealer.mark`): all who make or read them say the same. */
export const CLIENT_SECRET_MARK = 'client secret'

/** Sources between two hand-overs; what is more than that is seen the next time. */
const MOST_SOURCES = 5000

/**
 * Counts, for each address a RADIUS client sends from, what an administrator must know to end a secret change or to demand
 * Message-Authenticator. Handed to the store every few seconds; so it is bounded and survives a restart.
 */
export class ClientObservations {
  #clients = new Map<string, Map<string, Source>>()
  #size = 0
  #last: Source | undefined
  readonly #mark: (secret: Secret) => string

  /** @param mark the same for the same secret, and telling nothing of it */
  constructor(mark: (secret: Secret) => string) {
    this.#mark = mark
  }

  /** `secret`: the one the request proves, undefined where it proves none. On the path of every packet: makes nothing new. */
  note(
    client: string,
    address: string,
    secret: Secret | undefined,
    isAccess: boolean,
    isSigned: boolean,
    now: number,
  ): void {
    let source = this.#last
    if (source === undefined || source.address !== address || source.client !== client) {
      source = this.#find(client, address, now)
      if (source === undefined) return
      this.#last = source
    }
    source.lastSeenAt = now
    if (isAccess && isSigned) {
      source.signed++
      source.signedRun++
    } else if (isAccess) {
      source.unsigned++
      source.signedRun = 0
      source.lastUnsignedAt = now
    }
    let use: Use | undefined
    for (const each of source.uses) if (each.secret === secret) use = each
    if (use === undefined) {
      use = { secret, requests: 0, firstUsedAt: now, lastUsedAt: now }
      source.uses.push(use)
    }
    use.requests++
    use.lastUsedAt = now
  }

  /** What was seen since the last call. */
  take(): SourceObservation[] {
    const sources = [...this.#clients.values()].flatMap((byAddress) => [...byAddress.values()])
    this.#clients = new Map()
    this.#size = 0
    this.#last = undefined
    return sources.map((source) => ({
      ...source,
      uses: source.uses.map(({ secret, ...use }) => ({
        ...use,
        mark: secret === undefined ? '' : this.#mark(secret),
      })),
    }))
  }

  #find(client: string, address: string, now: number): Source | undefined {
    let byAddress = this.#clients.get(client)
    if (byAddress === undefined) {
      byAddress = new Map()
      this.#clients.set(client, byAddress)
    }
    const known = byAddress.get(address)
    if (known !== undefined || this.#size >= MOST_SOURCES) return known
    this.#size++
    const source: Source = {
      ...{ client, address, firstSeenAt: now, lastSeenAt: now, signed: 0, unsigned: 0, signedRun: 0 },
      ...{ lastUnsignedAt: null, uses: [] },
    }
    byAddress.set(address, source)
    return source
  }
}
