import { setTimeout as pause } from 'node:timers/promises'
import type { EnrolmentConfiguration } from '../../config/schema.ts'
import type { CertificateAuthority } from '../../enrolment/authority.ts'
import { caKeyId } from '../../enrolment/publication-paths.ts'
import type {
  CertificateCursor,
  CertificateUpkeepStore,
  Step,
} from '../../enrolment/upkeep/certificate-upkeep-store.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logging.ts'
import type { Remote } from '../../kernel/rpc.ts'

const INTERVAL_MILLISECONDS = 3_600_000
/** Between two steps, so that logins that came meanwhile go first. */
const PAUSE_MILLISECONDS = 20
const DAY = 86_400_000

export interface CertificateUpkeepParts {
  readonly store: Remote<CertificateUpkeepStore>
  readonly settings: () => Pick<EnrolmentConfiguration, 'keepDays' | 'requestDays'>
  readonly authority: Pick<CertificateAuthority, 'signers' | 'anchors'>
  readonly clock: Clock
  readonly log: Logger
}

/** Deletes certificates and requests that were over long ago, every hour, a little at a time. */
export class CertificateUpkeep {
  readonly #parts: CertificateUpkeepParts
  readonly #timer: NodeJS.Timeout
  #running = false
  #closed = false
  #seen: number

  constructor(parts: CertificateUpkeepParts) {
    this.#parts = parts
    this.#seen = parts.clock.now() - DAY - INTERVAL_MILLISECONDS
    this.#timer = setInterval(() => void this.run(), INTERVAL_MILLISECONDS).unref()
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#timer)
  }

  /** Never rejects. */
  async run(): Promise<void> {
    if (this.#running) return
    this.#running = true
    try {
      await this.#clean()
    } catch (error) {
      this.#parts.log.error({ err: error }, 'Old certificates could not be deleted; trying again in an hour.')
    } finally {
      this.#running = false
    }
  }

  async #clean(): Promise<void> {
    const { store, settings, authority, clock, log } = this.#parts
    const now = clock.now()
    const { keepDays, requestDays } = settings()
    const before = now - keepDays * DAY
    const issuers = authority.signers.map(({ certificate }) => caKeyId(certificate))
    const anchors = authority.anchors.map(({ fingerprint }) => fingerprint)
    const expired = await this.#steps<number>((from) =>
      store.expireRequests(now - requestDays * DAY, now, from),
    )
    const requests = await this.#steps<number>((from) => store.deleteRequests(before, now, from))
    const certificates = await this.#steps<CertificateCursor>((from) =>
      store.deleteCertificates(before, issuers, from),
    )
    const others = [
      () => store.deleteTransactions(before),
      () => store.deleteAnchorHolders(anchors, before),
      () => store.deleteAcmeAccounts(before),
    ]
    for (const step of others) await this.#untilNone(step)
    if (expired + requests + certificates > 0) {
      const what = `${certificates} certificates and ${requests} requests deleted, ${expired} requests expired`
      log.info({ certificates, requests, expired }, `Old ones cleaned up: ${what}.`)
    }
    await this.#tellRecorded(now - DAY)
  }

  /** Once for each: what is a day old and was not signed, or nobody can tell whether it was. */
  async #tellRecorded(until: number): Promise<void> {
    const { store, log } = this.#parts
    const serials = await store.recorded(this.#seen, until)
    this.#seen = until
    if (serials.length === 0) return
    log.warn(
      { serials },
      `${serials.length} certificates were begun a day ago and never finished: the server stopped meanwhile. If nobody has them, nothing is to be done; they can be revoked like others.`,
    )
  }

  async #steps<Cursor>(step: (from: Cursor | undefined) => Promise<Step<Cursor>>): Promise<number> {
    let total = 0
    let from: Cursor | undefined
    while (!this.#closed) {
      const { changed, next } = await step(from)
      total += changed
      if (next === undefined) break
      from = next
      await pause(PAUSE_MILLISECONDS)
    }
    return total
  }

  async #untilNone(step: () => Promise<number>): Promise<void> {
    while (!this.#closed && (await step()) > 0) await pause(PAUSE_MILLISECONDS)
  }
}
