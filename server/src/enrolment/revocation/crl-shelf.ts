import {
  type Certificate,
  type Crl,
  derOrPem,
  PkiError,
  parseCrl,
  serialText,
  verifyCrlSignature,
} from '@sallyport/pki'
import type { Clock } from '../../kernel/clock.ts'
import type { Breakers } from './breaker.ts'
import type { CrlFiles } from './crl-files.ts'
import { type Fetch, FetchError } from './http-fetch.ts'

/** A list as it is kept. */
export interface ShelvedCrl {
  readonly url: string
  readonly host: string
  /** Entries of `trust:` that use it. */
  readonly authorities: ReadonlySet<string>
  readonly crl: Crl | undefined
  /** Milliseconds since the epoch. */
  readonly fetchedAt: number | undefined
  readonly lastError: { readonly at: number; readonly detail: string } | undefined
}

export interface CrlWanted {
  readonly url: string
  readonly authority: string
  /** The administrator wrote the URL, or its host, down. */
  readonly trusted: boolean
  /** Certificates of which one must have signed the list. */
  readonly signers: readonly Certificate[]
}

interface Entry {
  readonly url: string
  readonly host: string
  readonly authorities: Set<string>
  trusted: boolean
  signers: readonly Certificate[]
  crl: Crl | undefined
  fetchedAt: number | undefined
  lastError: { readonly at: number; readonly detail: string } | undefined
  triedAt: number
  underWay: Promise<void> | undefined
}

/** URLs in certificates are few; a CA gone mad must not fill the memory. */
const MOST_LISTS = 256
/** Some 800,000 revoked certificates. */
const LARGEST = 32 * 1024 * 1024
/** Of serials that are new on a list; who is told takes more than 200 for `all`. */
const MOST_TOLD = 1000
/** What is kept in memory, of all lists together. */
const MOST_OCTETS = 256 * 1024 * 1024
const TIMEOUT_MILLISECONDS = 30_000
/** A revocation is noticed within this time, however far away the next update is. */
const REFRESH_MILLISECONDS = 3_600_000
/** A list that is still too old after a fetch is not fetched for every login. */
const RETRY_MILLISECONDS = 2000
const SOONEST_REFRESH_MILLISECONDS = 60_000

/**
 * The CRLs that were fetched, by URL. Each is fetched by one request at a time, again before its next update, and kept
 * over a restart. What is put on the shelf is signed by a CA that may; an older list never takes the place of a newer one.
 */
export class CrlShelf {
  readonly #clock: Clock
  readonly #fetch: Fetch
  readonly #breakers: Breakers
  readonly #files: CrlFiles
  readonly #changed: (newlyRevoked: readonly string[]) => void
  readonly #entries = new Map<string, Entry>()

  constructor(parts: {
    readonly clock: Clock
    readonly fetch: Fetch
    readonly breakers: Breakers
    readonly files: CrlFiles
    /** Called when a list took the place of another one, with the serials (`serialText`) that one did not have. */
    readonly changed: (newlyRevoked: readonly string[]) => void
  }) {
    this.#clock = parts.clock
    this.#fetch = parts.fetch
    this.#breakers = parts.breakers
    this.#files = parts.files
    this.#changed = parts.changed
  }

  list(): readonly ShelvedCrl[] {
    return [...this.#entries.values()]
  }

  /** The list as it is known; resolves once it is current, or cannot be made so. */
  async current(wanted: CrlWanted): Promise<ShelvedCrl & { readonly wasFetched: boolean }> {
    const entry = this.#entryOf(wanted)
    const justTried = entry.underWay === undefined && this.#clock.now() - entry.triedAt < RETRY_MILLISECONDS
    if (this.#isCurrent(entry) || justTried) return { ...entry, wasFetched: false }
    await this.#refresh(entry)
    return { ...entry, wasFetched: true }
  }

  /** Fetches what is due; called by a timer. */
  async refreshDue(): Promise<void> {
    const due = [...this.#entries.values()].filter((entry) => this.#isDue(entry))
    await Promise.all(due.map((entry) => this.#refresh(entry)))
  }

  /** Fetches all lists of an authority now, breaker or not. */
  async refreshAll(authority: string): Promise<void> {
    const entries = [...this.#entries.values()].filter(({ authorities }) => authorities.has(authority))
    await Promise.all(
      entries.map((entry) => {
        this.#breakers.succeeded(entry.host)
        return this.#refresh(entry)
      }),
    )
  }

  /**
   * The rules changed: forgets the lists no authority uses.
   *
   * @param trusted whether the host of a URL may be any for an authority; undefined: the authority does not use it
   */
  keepOnly(trusted: (url: string, authority: string) => boolean | undefined): void {
    for (const entry of this.#entries.values()) {
      entry.trusted = false
      for (const name of entry.authorities) {
        const isTrusted = trusted(entry.url, name)
        if (isTrusted === undefined) entry.authorities.delete(name)
        else entry.trusted ||= isTrusted
      }
      if (entry.authorities.size === 0) {
        this.#entries.delete(entry.url)
        this.#files.remove(entry.url)
      }
    }
  }

  #entryOf({ url, authority, trusted, signers }: CrlWanted): Entry {
    let entry = this.#entries.get(url)
    if (entry === undefined) {
      const oldest = this.#entries.values().next()
      if (this.#entries.size >= MOST_LISTS && !oldest.done) this.#entries.delete(oldest.value.url)
      const stored = this.#files.read(url)
      const crl = stored === undefined ? undefined : parsed(stored.octets, signers)
      entry = {
        ...{
          url,
          trusted,
          signers,
          authorities: new Set(),
          lastError: undefined,
          triedAt: 0,
          underWay: undefined,
        },
        host: URL.parse(url)?.host ?? url,
        crl,
        fetchedAt: crl === undefined ? undefined : stored?.fetchedAt,
      }
    } else this.#entries.delete(url)
    // Put at the end: the one that was not asked for the longest makes room.
    this.#entries.set(url, entry)
    entry.authorities.add(authority)
    entry.trusted = trusted
    entry.signers = signers
    return entry
  }

  #isCurrent({ crl }: Entry): boolean {
    return crl?.nextUpdate !== undefined && this.#clock.now() <= crl.nextUpdate
  }

  /** An hour after it was fetched, or when a tenth of its time is left; what failed is tried every minute. */
  #isDue({ crl, fetchedAt, lastError }: Entry): boolean {
    const now = this.#clock.now()
    const last = Math.max(fetchedAt ?? 0, lastError?.at ?? 0)
    if (now - last < SOONEST_REFRESH_MILLISECONDS) return false
    if (crl === undefined || fetchedAt === undefined || crl.nextUpdate === undefined) return true
    const tenth = (crl.nextUpdate - crl.thisUpdate) / 10
    return now >= Math.min(fetchedAt + REFRESH_MILLISECONDS, crl.nextUpdate - tenth)
  }

  /** One request for each list at a time. Never rejects. */
  #refresh(entry: Entry): Promise<void> {
    entry.underWay ??= this.#fetchInto(entry).finally(() => {
      entry.underWay = undefined
    })
    return entry.underWay
  }

  #octetsBeside(entry: Entry): number {
    let octets = 0
    for (const other of this.#entries.values()) if (other !== entry) octets += other.crl?.der.length ?? 0
    return octets
  }

  async #fetchInto(entry: Entry): Promise<void> {
    const { url, host } = entry
    if (!this.#breakers.allows(host)) return
    entry.triedAt = this.#clock.now()
    try {
      const octets = await this.#fetch({
        url,
        accept: 'application/pkix-crl',
        maximumOctets: LARGEST,
        timeoutMilliseconds: TIMEOUT_MILLISECONDS,
        trusted: entry.trusted,
      })
      this.#breakers.succeeded(host)
      this.#take(entry, octets)
    } catch (error) {
      if (!(error instanceof FetchError)) throw error
      this.#breakers.failed(host)
      entry.lastError = { at: this.#clock.now(), detail: error.detail }
    }
  }

  #take(entry: Entry, octets: Uint8Array): void {
    const at = this.#clock.now()
    if (entry.crl !== undefined && Buffer.compare(entry.crl.der, octets) === 0) {
      entry.fetchedAt = at
      entry.lastError = undefined
      return
    }
    if (this.#octetsBeside(entry) + octets.length > MOST_OCTETS) {
      entry.lastError = { at, detail: `all lists together take more than ${MOST_OCTETS} octets` }
      return
    }
    const crl = parsed(octets, entry.signers)
    if (crl === undefined) {
      entry.lastError = { at, detail: 'what came is no CRL signed by the CA' }
      return
    }
    if (entry.crl !== undefined && crl.thisUpdate < entry.crl.thisUpdate) {
      entry.lastError = { at, detail: 'an older CRL came than the one that is known' }
      return
    }
    entry.fetchedAt = at
    entry.lastError = undefined
    const before = entry.crl?.revoked
    entry.crl = crl
    this.#files.write(entry.url, crl.der, at)
    // No more than can be looked at one by one: a CA that is new here may have revoked half a million.
    const added = crl.revoked.addedSince(before).take(MOST_TOLD)
    this.#changed([...added].map(serialText))
  }
}

/** A CRL, DER or PEM, that one of the certificates has signed under its own name. */
function parsed(octets: Uint8Array, signers: readonly Certificate[]): Crl | undefined {
  try {
    const crl = parseCrl(derOrPem('X509 CRL', octets))
    const isSigned = signers.some(
      ({ subject, publicKey }) =>
        subject.key === crl.issuer.key && publicKey !== undefined && verifyCrlSignature(crl, publicKey),
    )
    return isSigned ? crl : undefined
  } catch (error) {
    if (error instanceof PkiError) return undefined
    throw error
  }
}
