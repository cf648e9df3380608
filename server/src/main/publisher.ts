import { encodePem } from '@sallyport/pki'
import type { Snapshot } from '../config/snapshot.ts'
import type { CertificateAuthority } from '../enrolment/authority.ts'
import { type ExpiryWatch, endingsOf } from '../enrolment/expiry-watch.ts'
import { servedCertificates } from '../enrolment/served-certificates.ts'
import type { ServerCertificates, ServerCredentials } from '../enrolment/server-certificates.ts'
import type { SpecialCertificates } from '../enrolment/special-certificates.ts'
import { type ClientTrust, resolveTrust } from '../enrolment/trust.ts'
import type { Logger } from '../kernel/logging.ts'
import type { RadiusState } from '../threads/radius-services.ts'

const DAY_MILLISECONDS = 86_400_000

export interface PublisherParts {
  readonly authority: CertificateAuthority
  readonly certificates: ServerCertificates
  readonly specialCertificates: Pick<SpecialCertificates, 'overdue'>
  /** Names in the HTTPS certificate. */
  readonly httpsNames: readonly string[]
  readonly expiry: ExpiryWatch
  /** Told what clients are to trust, PEM, whenever it changes. */
  readonly anchored: (anchors: string) => void
  /** Told of new trust before the workers are. */
  readonly trusted: (trust: ClientTrust) => void
  readonly log: Logger
}

/**
 * Brings configuration, server certificates and trust together and hands them to those who serve from them: at every new
 * snapshot, after a revocation, and daily, because certificates and CRLs end.
 */
export class Publisher {
  readonly #parts: PublisherParts
  readonly #timer: NodeJS.Timeout
  #configure: (state: RadiusState) => Promise<unknown> = async () => {}
  #replaceHttps: (credentials: ServerCredentials['https']) => void = () => {}
  #snapshot: Snapshot | undefined
  #httpsFingerprint: string | undefined
  #servedVersion = 0
  #served: RadiusState['certificates'] = []
  #trust: ClientTrust = { version: 0, authorities: [] }
  #anchors = ''
  #work: Promise<boolean> = Promise.resolve(true)

  constructor(parts: PublisherParts) {
    this.#parts = parts
    this.#timer = setInterval(() => void this.refresh(), DAY_MILLISECONDS)
    this.#timer.unref()
  }

  /** Those who serve; called after they have started. */
  serveBy(
    configure: (state: RadiusState) => Promise<unknown>,
    replaceHttps: (https: ServerCredentials['https']) => void,
  ): void {
    this.#configure = configure
    this.#replaceHttps = replaceHttps
  }

  /** The configuration version that was last handed over in full. */
  get servedVersion(): number {
    return this.#servedVersion
  }

  /** What logins that begin now are shown. */
  get serverCertificates(): RadiusState['certificates'] {
    return this.#served
  }

  /** What client certificates are checked against. */
  get trust(): ClientTrust {
    return this.#trust
  }

  /** Never rejects: where something fails, what was published before keeps serving, and the log says why. */
  async publish(snapshot: Snapshot): Promise<void> {
    this.#snapshot = snapshot
    await this.refresh()
  }

  /** Resolves once everything that was handed in so far was served or refused. Never rejects. */
  async settled(): Promise<void> {
    await this.#work
  }

  /** Resolves once all serve from what is stored now; false where they could not be brought to it. Never rejects. */
  refresh(): Promise<boolean> {
    // One after the other, so that an older state cannot overtake a newer one.
    this.#work = this.#work.then(() => this.#refresh())
    return this.#work
  }

  /** What a worker needs; also what the first worker is started with. */
  async state(snapshot: Snapshot): Promise<{ state: RadiusState; credentials: ServerCredentials }> {
    const { authority, certificates, httpsNames } = this.#parts
    const { settings, trust, serverCertificates, enrolment } = snapshot.configuration
    authority.publishAt(enrolment.httpUrl)
    await authority.upkeep()
    this.#anchored()
    // A node has one HTTPS certificate, for administrators and for those who enrol.
    const enrolmentName = enrolment.httpsUrl === undefined ? [] : [hostOf(enrolment.httpsUrl)]
    const credentials = await certificates.ensure({
      radius: settings.serverName,
      https: [...new Set([...httpsNames, ...enrolmentName])],
    })
    return {
      state: {
        snapshot,
        certificates: await servedCertificates(serverCertificates, credentials.radius, certificates),
        trust: resolveTrust(trust, await authority.trust(), snapshot.revision),
      },
      credentials,
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#work
  }

  #anchored(): void {
    const { authority, anchored } = this.#parts
    const anchors = authority.anchors.map(({ der }) => encodePem('CERTIFICATE', der)).join('')
    if (anchors !== this.#anchors) anchored(anchors)
    this.#anchors = anchors
  }

  #took({ snapshot, certificates, trust }: RadiusState): void {
    this.#servedVersion = snapshot.version
    this.#served = certificates
    this.#trust = trust
    const { authority, specialCertificates, expiry } = this.#parts
    const authorities = authority.signers.map((ca) => ({ name: `${ca.state} ${ca.role} CA`, ...ca }))
    expiry.watch(endingsOf(certificates, trust, { authorities, signing: specialCertificates.overdue() }))
  }

  async #refresh(): Promise<boolean> {
    const snapshot = this.#snapshot
    if (snapshot === undefined) return true
    try {
      const { state, credentials } = await this.state(snapshot)
      this.#parts.trusted(state.trust)
      await this.#configure(state)
      this.#took(state)
      if (this.#httpsFingerprint !== undefined && this.#httpsFingerprint !== credentials.https.fingerprint) {
        this.#replaceHttps(credentials.https)
      }
      this.#httpsFingerprint = credentials.https.fingerprint
      this.#parts.log.info(
        { configVersion: snapshot.version },
        `Serving configuration version ${snapshot.version}.`,
      )
      return true
    } catch (error) {
      this.#parts.log.error(
        { err: error, configVersion: snapshot.version },
        `Configuration version ${snapshot.version} could not be served; the one before still is.`,
      )
      return false
    }
  }
}

function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '')
}
