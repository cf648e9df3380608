import { type Certificate, checkRevocation, revocationPointers, serialText } from '@sallyport/pki'
import type { Clock } from '../../kernel/clock.ts'
import { type CompiledAuthority, mustBeRecorded } from '../client-certificate-check.ts'
import type { IssuedCertificates } from '../issued/issued-certificates.ts'
import type { RevocationAnswer, RevocationEvidence, RevocationQuestion } from './revocation-answer.ts'
import type { RevokedSerials } from './revoked-serials.ts'

interface Remembered {
  readonly answer: RevocationAnswer
  readonly until: number
}

const MOST_REMEMBERED = 10_000
/** Logins that may wait at a time; a slow responder must not gather all that come meanwhile. */
const MOST_WAITING = 512
/** A RADIUS client asks again after some three seconds, and another server after some more. */
const DEADLINE_MILLISECONDS = 3000
const RULES = { minimumRsaBits: 2048, allowSha1: false }

/**
 * Revocation as a RADIUS worker sees it: what is known is answered at once, anything else is asked of the main thread,
 * with a deadline. Good answers are remembered until they have to be asked for again, or until a list changes.
 */
export class RevocationGate {
  readonly #ask: (question: RevocationQuestion) => Promise<RevocationAnswer>
  readonly #changes: () => number
  readonly #own: RevokedSerials
  readonly #issued: IssuedCertificates
  readonly #askRecords: (fingerprint: string) => Promise<boolean>
  readonly #clock: Clock
  readonly #remembered = new Map<string, Remembered>()
  readonly #waiting = new Map<string, Promise<RevocationAnswer>>()
  #seen: number

  /** @param changes grows whenever an answer given before may no longer be right */
  constructor(parts: {
    readonly ask: (question: RevocationQuestion) => Promise<RevocationAnswer>
    readonly changes: () => number
    /** What our own CA revoked. */
    readonly own: RevokedSerials
    /** What our own CA issued, as far as it is known here. */
    readonly issued: IssuedCertificates
    /** Asks the records themselves. Rejects where they cannot be asked. */
    readonly askRecords: (fingerprint: string) => Promise<boolean>
    readonly clock: Clock
  }) {
    this.#ask = parts.ask
    this.#changes = parts.changes
    this.#own = parts.own
    this.#issued = parts.issued
    this.#askRecords = parts.askRecords
    this.#clock = parts.clock
    this.#seen = parts.changes()
  }

  /** Rules or CAs changed: nothing that was answered before counts. */
  forget(): void {
    this.#remembered.clear()
    this.#waiting.clear()
  }

  /** `path`: leaf first, anchor last, as validated. */
  check(
    authority: CompiledAuthority,
    path: readonly Certificate[],
    now: number,
  ): RevocationAnswer | Promise<RevocationAnswer> {
    if (authority.isOwn === true) return this.#byRows(authority, path)
    if (!mustAsk(authority, path)) return byListsAtHand(authority, path, now)
    if (this.#seen !== this.#changes()) {
      this.#seen = this.#changes()
      this.forget()
    }
    const key = `${authority.name} ${path.map(({ fingerprint }) => fingerprint).join(' ')}`
    const known = this.#remembered.get(key)
    if (known !== undefined && now < known.until) return known.answer
    const question = { authority: authority.name, path: path.map(({ der }) => der) }
    return this.#askOnce(key, () => this.#ask(question), late)
  }

  /** Every login looks: a row is there before anybody is told that the certificate is revoked. */
  #byRows(
    authority: CompiledAuthority,
    path: readonly Certificate[],
  ): RevocationAnswer | Promise<RevocationAnswer> {
    try {
      for (const [index, certificate] of path.slice(0, -1).entries()) {
        const row = this.#own.find(serialText(certificate.serial))
        if (row === undefined) continue
        const { revokedAt, reason } = row
        return { kind: 'revoked', certificate: index, revokedAt, reason, evidence: OWN_ROWS }
      }
      const [leaf] = path
      if (leaf !== undefined && mustBeRecorded(authority, path) && !this.#issued.has(leaf.fingerprint)) {
        return this.#byRecords(leaf)
      }
      return { kind: 'good', until: 0, evidence: OWN_ROWS }
    } catch (error) {
      const detail = `the own records cannot be read: ${error instanceof Error ? error.message : String(error)}`
      return { kind: 'unknown', certificate: 0, why: 'unusable', detail }
    }
  }

  /** Issued a moment ago, by another node maybe: before anybody is refused the records themselves are asked. */
  #byRecords({ fingerprint, serial }: Certificate): RevocationAnswer | Promise<RevocationAnswer> {
    const ask = async (): Promise<RevocationAnswer> =>
      (await this.#askRecords(fingerprint))
        ? { kind: 'good', until: 0, evidence: OWN_ROWS }
        : { kind: 'unknown', certificate: 0, why: 'unrecorded', detail: serialText(serial) }
    return this.#askOnce(`record ${fingerprint}`, ask, unavailable)
  }

  /** Logins by the same certificate wait for the same answer. */
  #askOnce(
    key: string,
    ask: () => Promise<RevocationAnswer>,
    failed: (detail: string) => RevocationAnswer,
  ): RevocationAnswer | Promise<RevocationAnswer> {
    const waiting = this.#waiting.get(key)
    if (waiting !== undefined) return waiting
    if (this.#waiting.size >= MOST_WAITING) return failed('too many logins wait for an answer')
    const asked = this.#askInTime(key, ask, failed)
    this.#waiting.set(key, asked)
    return asked
  }

  async #askInTime(
    key: string,
    ask: () => Promise<RevocationAnswer>,
    failed: (detail: string) => RevocationAnswer,
  ): Promise<RevocationAnswer> {
    const timeout = Promise.withResolvers<RevocationAnswer>()
    const timer = setTimeout(() => timeout.resolve(failed('no answer in time')), DEADLINE_MILLISECONDS)
    const seen = this.#changes()
    try {
      const answer = await Promise.race([ask(), timeout.promise])
      // Only what is good: the rest is asked again, where it is known or refused at once.
      if (answer.kind === 'good' && seen === this.#changes()) this.#remember(key, answer)
      return answer
    } catch {
      return failed('the thread that asks failed')
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(key)
    }
  }

  #remember(key: string, answer: Extract<RevocationAnswer, { kind: 'good' }>): void {
    if (answer.until <= this.#clock.now()) return
    this.#remembered.delete(key)
    const oldest = this.#remembered.keys().next()
    if (this.#remembered.size >= MOST_REMEMBERED && !oldest.done) this.#remembered.delete(oldest.value)
    const { evidence, ...rest } = answer
    const cached = evidence === undefined ? answer : { ...rest, evidence: { ...evidence, fresh: false } }
    this.#remembered.set(key, { answer: cached, until: answer.until })
  }
}

/** Whether there is anybody to ask; where there is not, the lists of the configuration are all that can be known. */
function mustAsk({ rules }: CompiledAuthority, path: readonly Certificate[]): boolean {
  if (rules === undefined || rules.check === 'none') return false
  if (rules.check === 'required' || rules.ocspUrl !== undefined || rules.crlUrls.length > 0) return true
  return path.slice(0, -1).some((certificate) => revocationPointers(certificate).named)
}

function byListsAtHand(
  { crls, intermediates }: CompiledAuthority,
  path: readonly Certificate[],
  now: number,
): RevocationAnswer {
  let until = Number.POSITIVE_INFINITY
  let thisUpdate: number | undefined
  for (const [index, certificate] of path.slice(0, -1).entries()) {
    const issuers = path.slice(index + 1)
    const inputs = { crls, mode: 'available', at: now, rules: RULES } as const
    const status = checkRevocation(certificate, issuers, intermediates, inputs)
    const list = crls.find((crl) => crl.issuer.key === certificate.issuer.key)
    if (status.ok) {
      until = Math.min(until, status.validUntil)
      if (index === 0) thisUpdate = list?.thisUpdate
      continue
    }
    const evidence = { by: 'crl', host: AT_HAND, thisUpdate: list?.thisUpdate ?? now, fresh: false } as const
    if (status.revocation !== undefined) {
      const { revokedAt, reason } = status.revocation
      return { kind: 'revoked', certificate: index, revokedAt, reason, evidence }
    }
    const why = status.reason === 'crl-expired' ? 'stale' : 'unusable'
    return { kind: 'unknown', certificate: index, why, host: AT_HAND, detail: status.detail }
  }
  if (thisUpdate === undefined) return { kind: 'good', until }
  return { kind: 'good', until, evidence: { by: 'crl', host: AT_HAND, thisUpdate, fresh: false } }
}

const AT_HAND = 'the configuration'
const OWN_ROWS: RevocationEvidence = { by: 'record', host: 'the own CA', thisUpdate: 0, fresh: true }

function late(detail: string): RevocationAnswer {
  return { kind: 'unknown', certificate: 0, why: 'unreachable', detail }
}

function unavailable(detail: string): RevocationAnswer {
  return { kind: 'unknown', certificate: 0, why: 'records-unavailable', detail }
}
