import type { EnrolmentConfiguration } from '../../config/schema.ts'
import type { CertificateAuthority } from '../../enrolment/authority.ts'
import { CertificateStore } from '../../enrolment/certificate-store.ts'
import { caKeyId } from '../../enrolment/publication-paths.ts'
import type { SpecialCertificates } from '../../enrolment/special-certificates.ts'
import { CertificateStatusStore } from '../../enrolment/status/certificate-status-store.ts'
import { CrlPublisher } from '../../enrolment/status/crl-publisher.ts'
import { CrlStore } from '../../enrolment/status/crl-store.ts'
import { type OcspAuthority, OcspResponder } from '../../enrolment/status/ocsp-responder.ts'
import { PublishedCrls } from '../../enrolment/status/published-crls.ts'
import { signingKeyIn } from '../../enrolment/status/signing-key.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logging.ts'
import type { Metrics } from '../../kernel/metrics.ts'
import type { PublicationService } from '../../listeners/enrolment/publication-routes.ts'
import type { Database } from '../../store/database.ts'
import type { RemoteStores } from '../store-thread.ts'

export interface PublicationParts {
  readonly authority: CertificateAuthority
  readonly specialCertificates: SpecialCertificates
  readonly reader: Database
  readonly stores: Pick<RemoteStores, 'crls'>
  readonly settings: () => EnrolmentConfiguration
  readonly clock: Clock
  readonly metrics: Metrics
  readonly log: Logger
}

/** How often it is looked whether a list is due, and OCSP signers are renewed. */
const INTERVAL_MILLISECONDS = 60_000
const HOUR = 3_600_000
/** Changes told to the responder one by one; with more of them everything is signed anew. */
const MOST_CHANGES = 1000

/** What is published about the own CA's certificates: CRLs on their schedule, OCSP, CA certificates. */
export class Publication implements PublicationService {
  readonly crls: CrlPublisher
  readonly lists: PublishedCrls
  readonly #parts: PublicationParts
  readonly #status: CertificateStatusStore
  readonly #responder: OcspResponder
  readonly #timer: NodeJS.Timeout
  readonly #replies: (outcome: string) => void
  #authorities: readonly OcspAuthority[] = []
  #seen = 0

  private constructor(parts: PublicationParts) {
    const { authority, reader, stores, settings, clock, metrics, log } = parts
    this.#parts = parts
    this.#status = new CertificateStatusStore(reader)
    const read = new CrlStore(reader)
    this.lists = new PublishedCrls(read, clock)
    this.crls = new CrlPublisher({
      issuers: () => authority.signers.filter(({ certificate }) => certificate.notAfter > clock.now()),
      ...{ read, store: stores.crls, settings, clock, log },
      revision: () => this.#status.revision(),
      published: () => this.lists.refresh(),
    })
    const certificates = new CertificateStore(reader.kysely)
    this.#responder = new OcspResponder({
      authorities: () => this.#authorities,
      find: async (serial) => {
        const row = await certificates.find(serial)
        // CAs, and what was issued before the column was there.
        if (row?.issuer_key !== null) return row
        return { ...row, issuer_key: signingKeyIn(row.pem) ?? null }
      },
      validMilliseconds: () => settings().revocation.ocspValidHours * HOUR,
      ...{ clock, log },
    })
    this.#timer = setInterval(() => void this.upkeep(), INTERVAL_MILLISECONDS).unref()
    const counter = metrics.counter('ocsp_replies_total', 'OCSP answers by what they say', ['outcome'])
    const counters = new Map<string, { inc(): void }>()
    this.#replies = (outcome) => {
      const known = counters.get(outcome) ?? counter.labels({ outcome })
      counters.set(outcome, known)
      known.inc()
    }
    metrics.gauges(
      'crl_next_update_seconds',
      'When a published CRL ends, in seconds since 1970',
      ['issuer_key', 'kind'],
      () =>
        [...this.lists.all()].map(([key, { nextUpdate }]) => {
          const [issuer_key = '', kind = ''] = key.split(' ')
          return [{ issuer_key, kind }, nextUpdate / 1000]
        }),
    )
    metrics.gauge(
      'crl_publishing_failures',
      'CAs whose CRL could not be made at the last try',
      () => this.crls.failures.length,
    )
  }

  static async open(parts: PublicationParts): Promise<Publication> {
    const publication = new Publication(parts)
    publication.#seen = await publication.#status.revision()
    await publication.lists.refresh()
    await publication.upkeep()
    return publication
  }

  close(): void {
    clearInterval(this.#timer)
  }

  /** Lists or certificates changed, here or on another node: what is served from memory is brought up to date. */
  async refresh(): Promise<void> {
    const changes = await this.#status.since(this.#seen, MOST_CHANGES)
    for (const { serial, revision } of changes) {
      this.#responder.forget(serial)
      this.#seen = Math.max(this.#seen, revision)
    }
    if (changes.length === MOST_CHANGES) {
      this.#responder.forgetAll()
      this.#seen = await this.#status.revision()
    }
    await this.lists.refresh()
  }

  caCertificate(keyId: string): Uint8Array | undefined {
    return this.#parts.authority.signers.find(({ certificate }) => caKeyId(certificate) === keyId)
      ?.certificate.der
  }

  crl(keyId: string, kind: 'full' | 'delta') {
    return this.lists.find(keyId, kind)
  }

  readonly ocsp = (request: Uint8Array) => {
    const reply = this.#responder.answer(request)
    if (!(reply instanceof Promise)) {
      this.#replies(reply.outcome)
      return reply
    }
    return reply.then((answer) => {
      this.#replies(answer.outcome)
      return answer
    })
  }

  /** For health: what an administrator has to know. */
  warnings(): string[] {
    const now = this.#parts.clock.now()
    return [
      ...this.crls.failures.map(({ issuer, why }) => `The CRL of ${issuer} could not be published: ${why}.`),
      ...[...this.lists.all()].flatMap(([key, { nextUpdate }]) =>
        nextUpdate > now
          ? []
          : [`The CRL ${key} ended ${new Date(nextUpdate).toISOString()} and is not served.`],
      ),
    ]
  }

  /** Makes what is due; also after the configuration changed. Never rejects. */
  async upkeep(): Promise<void> {
    await this.crls.publish('due')
    const { authority, specialCertificates, clock, log } = this.#parts
    const authorities: OcspAuthority[] = []
    for (const issuer of authority.issuers) {
      if (issuer.certificate.notAfter <= clock.now()) continue
      try {
        const signer = await specialCertificates.ocspSigner(issuer)
        authorities.push({ issuer: issuer.certificate, signer })
      } catch (error) {
        log.error({ err: error }, 'The certificate of the OCSP responder could not be made or read.')
      }
    }
    // Roots answer for the issuing CAs themselves: a responder of theirs would be one more key to keep.
    for (const root of authority.signers) {
      if (authority.issuers.includes(root)) continue
      authorities.push({ issuer: root.certificate, signer: root })
    }
    const isSame = (one: OcspAuthority, at: number) =>
      one.signer.certificate.fingerprint === this.#authorities[at]?.signer.certificate.fingerprint
    if (authorities.length !== this.#authorities.length || !authorities.every(isSame)) {
      this.#authorities = authorities
      this.#responder.forgetAll()
    }
  }
}
