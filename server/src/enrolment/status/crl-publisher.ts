import { setImmediate } from 'node:timers/promises'
import { fromHex } from '@sallyport/bytes'
import {
  type CertificateIssuer,
  type CrlEntry,
  type CrlReason,
  encodeCrlEntries,
  nameText,
  signCrl,
} from '@sallyport/pki'
import type { EnrolmentConfiguration } from '../../config/schema.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logging.ts'
import type { Remote } from '../../kernel/rpc.ts'
import { caKeyId, deltaCrlPath } from '../publication-paths.ts'
import type { CrlStore, ListedCertificate, StoredCrl } from './crl-store.ts'

export interface CrlPublisherParts {
  /** Every CA key that can sign and has not ended. */
  readonly issuers: () => readonly CertificateIssuer[]
  readonly read: CrlStore
  readonly store: Remote<CrlStore>
  /** Of the newest change of a certificate's status. */
  readonly revision: () => Promise<number>
  readonly settings: () => EnrolmentConfiguration
  /** Lists were published, by this node or another one. */
  readonly published: () => Promise<void>
  readonly clock: Clock
  readonly log: Logger
}

/** due: what its schedule asks for; changes: what a revocation changed; full: everything anew. */
export type PublishOrder = 'due' | 'changes' | 'full'

export interface PublishedList {
  readonly issuerKey: string
  readonly issuer: string
  readonly kind: StoredCrl['kind']
  readonly number: number
  readonly entries: number
  readonly nextUpdate: number
}

export interface PublishOutcome {
  readonly lists: readonly PublishedList[]
  /** Issuers whose list could not be made, and why; the former list serves on. */
  readonly failures: readonly { readonly issuer: string; readonly why: string }[]
}

const HOUR = 3_600_000
/** A client's clock may be behind ours. */
const BACKDATE = 10 * 60_000
/** Rows read and encoded in one go: some milliseconds of the thread, after which others have their turn. */
const PAGE = 1000
/** With more changes than this a full list takes the place of the delta: deltas are fetched often. */
const LARGEST_DELTA = 2000
/** Another node makes a list of the same issuer: its claim ends after a minute at the latest. */
const CLAIM_TRIES = 50
const CLAIM_WAIT_MILLISECONDS = 200

/**
 * Makes the CRLs: full ones and deltas on their schedule, a delta after every revocation. One list at a time; orders that
 * come meanwhile share the next run.
 */
export class CrlPublisher {
  readonly #parts: CrlPublisherParts
  #running: Promise<unknown> = Promise.resolve()
  readonly #waiting = new Map<PublishOrder, Promise<PublishOutcome>>()
  #failures: PublishOutcome['failures'] = []

  constructor(parts: CrlPublisherParts) {
    this.#parts = parts
  }

  /** Of the last run. */
  get failures(): PublishOutcome['failures'] {
    return this.#failures
  }

  /** Resolves once the lists are published. Never rejects: what failed is in the outcome and in the log. */
  publish(order: PublishOrder): Promise<PublishOutcome> {
    const waiting = this.#waiting.get(order)
    if (waiting !== undefined) return waiting
    const run = this.#running.then(() => {
      this.#waiting.delete(order)
      return this.#run(order)
    })
    this.#waiting.set(order, run)
    this.#running = run
    return run
  }

  async #run(order: PublishOrder): Promise<PublishOutcome> {
    const lists: PublishedList[] = []
    const failures: { issuer: string; why: string }[] = []
    for (const issuer of this.#parts.issuers()) {
      try {
        lists.push(...(await this.#publishFor(issuer, order)))
      } catch (error) {
        const name = nameText(issuer.certificate.subject)
        failures.push({ issuer: name, why: error instanceof Error ? error.message : String(error) })
        this.#parts.log.error({ err: error, issuer: name }, `The CRL of ${name} could not be published.`)
      }
    }
    this.#failures = failures
    try {
      await this.#parts.published()
    } catch (error) {
      this.#parts.log.error({ err: error }, 'Published CRLs could not be read back.')
    }
    return { lists, failures }
  }

  async #publishFor(issuer: CertificateIssuer, order: PublishOrder): Promise<readonly PublishedList[]> {
    const issuerKey = caKeyId(issuer.certificate)
    for (let tries = 0; tries < CLAIM_TRIES; tries++) {
      const kind = await this.#wanted(issuerKey, order)
      if (kind === undefined) return []
      const number = await this.#parts.store.claim(issuerKey, this.#parts.clock.now())
      if (number === undefined) {
        await new Promise((resolve) => setTimeout(resolve, CLAIM_WAIT_MILLISECONDS))
        continue
      }
      try {
        return await this.#make(issuer, issuerKey, kind, number)
      } catch (error) {
        await this.#parts.store.release(issuerKey)
        throw error
      }
    }
    throw new Error('another node has been making a list for too long')
  }

  async #wanted(issuerKey: string, order: PublishOrder): Promise<StoredCrl['kind'] | undefined> {
    const { read, clock, settings } = this.#parts
    const { crlEveryHours, deltaCrlEveryHours } = settings().revocation
    const heads = await read.heads()
    const [full, delta] = (['full', 'delta'] as const).map((kind) =>
      heads.find((head) => head.issuer_key === issuerKey && head.kind === kind),
    )
    const age = (list: { readonly this_update: number }) => clock.now() - list.this_update - BACKDATE
    if (full === undefined || delta === undefined || order === 'full') return 'full'
    if (age(full) >= crlEveryHours * HOUR || full.delta_url !== this.#deltaUrl(issuerKey)) return 'full'
    const changed = await read.changedSince(issuerKey, delta.revision, 1)
    if (changed.length === 0 && (order === 'changes' || age(delta) < deltaCrlEveryHours * HOUR))
      return undefined
    const sinceBase = await read.changedSince(issuerKey, full.revision, LARGEST_DELTA + 1)
    return sinceBase.length > LARGEST_DELTA ? 'full' : 'delta'
  }

  async #make(
    issuer: CertificateIssuer,
    issuerKey: string,
    kind: StoredCrl['kind'],
    number: number,
  ): Promise<readonly PublishedList[]> {
    const { read, store, clock, settings, revision } = this.#parts
    const { revocation } = settings()
    // Read first: a change that comes while the list is made is in the next delta, and perhaps in both.
    const until = await revision()
    const former = await read.find(issuerKey, 'full')
    const now = Math.floor(clock.now() / 1000) * 1000
    const thisUpdate = now - BACKDATE
    const head = { issuer, number, thisUpdate }
    const ends = (hours: number) => Math.min(now + hours * HOUR, issuer.certificate.notAfter)
    const row = { issuer_key: issuerKey, number, this_update: thisUpdate, revision: until }
    const lists: StoredCrl[] = []
    if (kind === 'full') {
      // RFC 5280 section 3.3: an entry stays until it was on a list that is later than the certificate's end.
      const { pieces, count } = await this.#entries(issuerKey, former?.this_update ?? now)
      const nextUpdate = ends(revocation.crlValidHours)
      const deltaUrl = this.#deltaUrl(issuerKey)
      const deltaUris = deltaUrl === null ? [] : [deltaUrl]
      const der = signCrl({ ...head, nextUpdate, deltaUris }, ...pieces)
      const what = { delta_url: deltaUrl, base_number: null, next_update: nextUpdate, entries: count, der }
      lists.push({ ...row, kind: 'full', ...what })
    }
    const base = lists[0] ?? former
    if (base === undefined) throw new Error('a delta CRL without a full one')
    // Both of one moment carry one number (section 5.2.4): the delta of a new full list is empty.
    const changed = kind === 'full' ? [] : await read.changedSince(issuerKey, base.revision, LARGEST_DELTA)
    const nextUpdate = ends(revocation.deltaCrlValidHours)
    const entries = encodeCrlEntries(changed.map(entryOf))
    const der = signCrl({ ...head, nextUpdate, baseNumber: base.number }, entries)
    const what = {
      delta_url: null,
      base_number: base.number,
      next_update: nextUpdate,
      entries: changed.length,
      der,
    }
    lists.push({ ...row, kind: 'delta', ...what })
    await store.publish(issuerKey, lists)
    const name = nameText(issuer.certificate.subject)
    return lists.map((list) => ({
      ...{ issuerKey, issuer: name, kind: list.kind, number, entries: list.entries },
      nextUpdate: list.next_update,
    }))
  }

  #deltaUrl(issuerKey: string): string | null {
    const { httpUrl } = this.#parts.settings()
    return httpUrl === undefined ? null : httpUrl + deltaCrlPath(issuerKey)
  }

  async #entries(issuerKey: string, endedBefore: number) {
    const pieces: Uint8Array[] = []
    let count = 0
    let after = ''
    for (;;) {
      const rows = await this.#parts.read.listed(issuerKey, { endedBefore, after, limit: PAGE })
      pieces.push(encodeCrlEntries(rows.map(entryOf)))
      count += rows.length
      const last = rows.at(-1)
      if (last === undefined || rows.length < PAGE) return { pieces, count }
      after = last.serial
      await setImmediate()
    }
  }
}

function entryOf({ serial, status, revoked_at, reason, invalidity_date }: ListedCertificate): CrlEntry {
  return {
    serial: fromHex(serial),
    revokedAt: Math.floor(revoked_at / 1000) * 1000,
    reason: status === 'released' ? 'removeFromCRL' : (reason as CrlReason), // written by the status change alone
    ...(invalidity_date !== null && { invalidityDate: invalidity_date }),
  }
}
