import { createHash } from 'node:crypto'
import { toHex } from '@sallyport/bytes'
import {
  type CertIdHash,
  type Certificate,
  type CertificateIssuer,
  type CrlReason,
  createOcspError,
  createOcspResponse,
  issuerHashes,
  LARGEST_OCSP_REQUEST,
  type OcspErrorStatus,
  type OcspRequest,
  type OcspRequestedId,
  type OcspStatus,
  PkiError,
  parseOcspRequest,
} from '@sallyport/pki'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logging.ts'
import { caKeyId } from '../publication-paths.ts'
import { WorkShare } from '../work-share.ts'

/** Who signs what is said about the certificates of a CA key. */
export interface OcspAuthority {
  readonly issuer: Certificate
  /** The issuer itself, or a responder it certified. */
  readonly signer: CertificateIssuer
}

/** What the responder has to know about a serial. */
export interface CertificateStatus {
  readonly status: 'recorded' | 'issued' | 'held' | 'revoked'
  readonly revoked_at: number | null
  readonly revocation_reason: string | null
  readonly issuer_key: string | null
}

/** An answer as it is served. */
export interface OcspReply {
  readonly der: Buffer
  readonly outcome: 'good' | 'revoked' | 'unknown' | OcspErrorStatus
  /** Absent: nobody may keep it (an error, or an echoed nonce). */
  readonly keep?: { readonly etag: string; readonly thisUpdate: number; readonly nextUpdate: number }
}

export interface OcspResponderParts {
  readonly authorities: () => readonly OcspAuthority[]
  readonly find: (serial: string) => Promise<CertificateStatus | undefined>
  readonly validMilliseconds: () => number
  readonly clock: Clock
  readonly log: Logger
}

interface Kept {
  readonly reply: OcspReply
  readonly serials: readonly string[]
  /** Until then it is given out; a new one is signed while clients still hold the former. */
  readonly until: number
}

interface Known extends OcspAuthority {
  readonly key: string
}

/** Some 30 MB. Only what is about certificates that exist is kept, so strangers cannot fill it with anything else. */
const MOST_KEPT = 20_000
/** Of each second: signatures over nonces and unknown serials, which nobody can prepare. */
const UNKEPT_MILLISECONDS = 200
/** The same for answers that are kept: a request is easily written in another way, and is signed anew then. */
const KEPT_MILLISECONDS = 300
const HASHES: readonly CertIdHash[] = ['sha1', 'sha256']
/** RFC 6960 section 2.2: what was never issued is answered so, and never with `good`. */
const NEVER_ISSUED: OcspStatus = { kind: 'revoked', revokedAt: 0, reason: 'certificateHold' }

/**
 * Answers OCSP requests (RFC 6960, RFC 9919). An answer without a nonce is signed when it is first asked for and given out
 * until shortly before it ends; the status of a certificate changes: it is signed anew.
 */
export class OcspResponder {
  readonly #parts: OcspResponderParts
  /** By the octets of the request: the same question comes in the same octets. */
  readonly #kept = new Map<string, Kept>()
  readonly #bySerial = new Map<string, Set<string>>()
  /** Grows with every change: an answer that was begun before one is not kept. */
  #changes = 0
  #known: ReadonlyMap<string, Known> = new Map()
  #knownOf: readonly OcspAuthority[] = []
  readonly #shares: { readonly kept: WorkShare; readonly unkept: WorkShare }

  constructor(parts: OcspResponderParts) {
    this.#parts = parts
    const monotonic = () => parts.clock.monotonic()
    this.#shares = {
      kept: new WorkShare(monotonic, KEPT_MILLISECONDS),
      unkept: new WorkShare(monotonic, UNKEPT_MILLISECONDS),
    }
  }

  /** Never rejects for what a client can send. */
  answer(octets: Uint8Array): OcspReply | Promise<OcspReply> {
    if (octets.length > LARGEST_OCSP_REQUEST) return failed('malformed-request')
    const key = Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1')
    const kept = this.#kept.get(key)
    if (kept !== undefined) {
      if (this.#parts.clock.now() < kept.until) return kept.reply
      this.#drop(key, kept)
    }
    return this.#answer(key, octets)
  }

  /** The status of this certificate changed. */
  forget(serial: string): void {
    this.#changes++
    for (const key of this.#bySerial.get(serial) ?? []) {
      const kept = this.#kept.get(key)
      if (kept !== undefined) this.#drop(key, kept)
    }
  }

  /** So much changed that it is not told one by one. */
  forgetAll(): void {
    this.#changes++
    this.#kept.clear()
    this.#bySerial.clear()
  }

  get kept(): number {
    return this.#kept.size
  }

  async #answer(key: string, octets: Uint8Array): Promise<OcspReply> {
    let request: OcspRequest
    try {
      request = parseOcspRequest(octets)
    } catch (error) {
      if (error instanceof PkiError) return failed('malformed-request')
      throw error
    }
    try {
      return await this.#sign(key, request)
    } catch (error) {
      this.#parts.log.error({ err: error }, 'An OCSP request could not be answered.')
      return failed('internal-error')
    }
  }

  async #sign(key: string, { questions, nonce }: OcspRequest): Promise<OcspReply> {
    const changes = this.#changes
    const authority = this.#authorityOf(questions)
    // RFC 9919 section 2.2.3: not ours to speak about. One signature speaks for one issuer.
    if (authority === undefined) return failed('unauthorized')
    // Before the store is asked: what is not answered anyway costs no look-up.
    const { kept, unkept } = this.#shares
    if ((nonce === undefined ? kept : unkept).isSpent) return failed('try-later')
    const serials = questions.map(({ serial }) => serialHex(serial))
    const rows = await Promise.all(serials.map((serial) => this.#parts.find(serial)))
    const statuses = rows.map((row) => statusOf(row, authority.key))
    const isKept = nonce === undefined && !statuses.includes(NEVER_ISSUED)
    const share = isKept ? kept : unkept
    // Others were answered while the store was asked.
    if (share.isSpent) return failed('try-later')
    const now = Math.floor(this.#parts.clock.now() / 1000) * 1000
    const valid = this.#parts.validMilliseconds()
    const nextUpdate = Math.min(now + valid, authority.signer.certificate.notAfter)
    const signed = share.run(() =>
      createOcspResponse({
        signer: authority.signer,
        answers: questions.map(({ encoded }, index) => ({
          id: encoded,
          status: statuses[index] ?? { kind: 'unknown' },
          ...{ thisUpdate: now, nextUpdate },
        })),
        producedAt: now,
        ...(nonce !== undefined && { nonce }),
        extendedRevoke: statuses.includes(NEVER_ISSUED),
        certificates: authority.signer.certificate === authority.issuer ? [] : [authority.signer.certificate],
      }),
    )
    const der = Buffer.from(signed)
    const outcome = statuses.find(({ kind }) => kind !== 'good')?.kind ?? 'good'
    if (!isKept) return { der, outcome }
    const etag = `"${createHash('sha1').update(der).digest('hex')}"`
    const reply = { der, outcome, keep: { etag, thisUpdate: now, nextUpdate } }
    if (changes === this.#changes) this.#keep(key, { reply, serials, until: nextUpdate - valid / 10 })
    return reply
  }

  #keep(key: string, kept: Kept): void {
    const [oldest] = this.#kept
    if (this.#kept.size >= MOST_KEPT && oldest !== undefined) this.#drop(...oldest)
    this.#kept.set(key, kept)
    for (const serial of kept.serials) {
      const keys = this.#bySerial.get(serial) ?? new Set()
      this.#bySerial.set(serial, keys.add(key))
    }
  }

  #drop(key: string, { serials }: Kept): void {
    this.#kept.delete(key)
    for (const serial of serials) {
      const keys = this.#bySerial.get(serial)
      keys?.delete(key)
      if (keys?.size === 0) this.#bySerial.delete(serial)
    }
  }

  #authorityOf(questions: readonly OcspRequestedId[]): Known | undefined {
    const authorities = this.#parts.authorities()
    if (authorities !== this.#knownOf) {
      this.#knownOf = authorities
      this.#known = indexed(authorities)
    }
    const [first, ...others] = questions.map((id) => this.#known.get(idKey(id)))
    return others.every((other) => other?.key === first?.key) ? first : undefined
  }
}

/** By every form a question about one of their certificates can have. */
function indexed(authorities: readonly OcspAuthority[]): ReadonlyMap<string, Known> {
  const known = new Map<string, Known>()
  for (const authority of authorities) {
    const key = caKeyId(authority.issuer)
    for (const hash of HASHES) {
      known.set(idKey({ hash, ...issuerHashes(authority.issuer, hash) }), { ...authority, key })
    }
  }
  return known
}

function idKey({
  hash,
  issuerNameHash,
  issuerKeyHash,
}: Pick<OcspRequestedId, 'hash' | 'issuerNameHash' | 'issuerKeyHash'>): string {
  return `${hash} ${toHex(issuerNameHash)} ${toHex(issuerKeyHash)}`
}

function statusOf(row: CertificateStatus | undefined, issuerKey: string): OcspStatus {
  // Its serial was never given to a certificate of this very key: whoever shows one has not got it from us.
  if (row === undefined || row.status === 'recorded' || row.issuer_key !== issuerKey) return NEVER_ISSUED
  if (row.status === 'issued') return { kind: 'good' }
  const reason = (row.revocation_reason ?? 'unspecified') as CrlReason // written by the status change alone
  return { kind: 'revoked', revokedAt: row.revoked_at ?? 0, reason }
}

/** Content octets of the INTEGER to the hex serials are stored by. */
function serialHex(content: Uint8Array): string {
  return toHex(content.length > 1 && content[0] === 0 ? content.subarray(1) : content)
}

function failed(status: OcspErrorStatus): OcspReply {
  return { der: ERRORS[status], outcome: status }
}

const ERRORS = Object.fromEntries(
  (['malformed-request', 'internal-error', 'try-later', 'signature-required', 'unauthorized'] as const).map(
    (status) => [status, Buffer.from(createOcspError(status))],
  ),
) as Readonly<Record<OcspErrorStatus, Buffer>> // one for each status
