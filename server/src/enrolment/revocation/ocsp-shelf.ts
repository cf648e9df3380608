import { randomBytes } from 'node:crypto'
import { type Certificate, checkOcspResponse, createOcspRequest, type OcspVerdict } from '@sallyport/pki'
import type { Clock } from '../../kernel/clock.ts'
import type { Breakers } from './breaker.ts'
import { type Fetch, FetchError } from './http-fetch.ts'

export interface OcspWanted {
  readonly url: string
  readonly trusted: boolean
  readonly certificate: Certificate
  readonly issuer: Certificate
  /** A responder whose certificate must be checked, too. */
  readonly isRevoked: (responder: Certificate) => boolean
}

/** What a responder said, or why it said nothing that counts. */
export type OcspAnswered =
  | {
      readonly kind: 'answered'
      readonly verdict: Definite
      readonly askAgainAt: number
      readonly fresh: boolean
    }
  | { readonly kind: 'unusable'; readonly fault: string; readonly detail: string; readonly last?: Definite }
  | { readonly kind: 'unreachable'; readonly detail: string; readonly last?: Definite }

export type Definite = Exclude<OcspVerdict, { kind: 'unusable' }>

interface Kept {
  readonly verdict: Definite
  readonly askAgainAt: number
}

export interface ResponderState {
  readonly host: string
  readonly authority: string
  answeredAt: number | undefined
  lastError: { readonly at: number; readonly detail: string } | undefined
}

const MOST_ANSWERS = 20_000
const MOST_RESPONDERS = 256
const LARGEST = 65_536
const TIMEOUT_MILLISECONDS = 5000
/** A responder may promise days; a revocation shall be noticed within the hour. */
const BUSY: readonly string[] = ['try-later', 'internal-error']
const ASK_AGAIN_MILLISECONDS = 3_600_000

/** Answers of OCSP responders, one for each certificate; each question is asked by one request at a time. */
export class OcspShelf {
  readonly #clock: Clock
  readonly #fetch: Fetch
  readonly #breakers: Breakers
  readonly #kept = new Map<string, Kept>()
  readonly #underWay = new Map<string, Promise<OcspAnswered>>()
  readonly #responders = new Map<string, ResponderState>()

  constructor(parts: { readonly clock: Clock; readonly fetch: Fetch; readonly breakers: Breakers }) {
    this.#clock = parts.clock
    this.#fetch = parts.fetch
    this.#breakers = parts.breakers
  }

  responders(): readonly ResponderState[] {
    return [...this.#responders.values()]
  }

  isOpen(host: string): boolean {
    return this.#breakers.isOpen(host)
  }

  /** Never rejects. */
  ask(wanted: OcspWanted, authority: string): Promise<OcspAnswered> {
    const key = `${wanted.url} ${wanted.issuer.fingerprint} ${wanted.certificate.fingerprint}`
    const kept = this.#kept.get(key)
    if (kept !== undefined && this.#clock.now() < kept.askAgainAt) {
      return Promise.resolve({ kind: 'answered', ...kept, fresh: false })
    }
    const running = this.#underWay.get(key)
    if (running !== undefined) return running
    const asked = this.#ask(wanted, authority, key, kept).finally(() => this.#underWay.delete(key))
    this.#underWay.set(key, asked)
    return asked
  }

  /** Everything is asked for anew; what was said remains known, so that nothing older takes its place. */
  forget(): void {
    for (const [key, { verdict }] of this.#kept) this.#kept.set(key, { verdict, askAgainAt: 0 })
  }

  async #ask(
    wanted: OcspWanted,
    authority: string,
    key: string,
    kept: Kept | undefined,
  ): Promise<OcspAnswered> {
    const { url, certificate, issuer, trusted, isRevoked } = wanted
    const host = URL.parse(url)?.host ?? url
    const last = kept === undefined ? {} : { last: kept.verdict }
    if (!this.#breakers.allows(host)) {
      return { kind: 'unreachable', detail: 'it failed several times and is left alone for a while', ...last }
    }
    const state = this.#stateOf(host, authority)
    const nonce = randomBytes(16)
    try {
      const octets = await this.#fetch({
        url,
        body: { type: 'application/ocsp-request', octets: createOcspRequest({ certificate, issuer, nonce }) },
        accept: 'application/ocsp-response',
        maximumOctets: LARGEST,
        timeoutMilliseconds: TIMEOUT_MILLISECONDS,
        trusted,
      })
      const at = this.#clock.now()
      const verdict = checkOcspResponse(octets, { certificate, issuer, at, nonce, isRevoked })
      if (verdict.kind === 'unusable') {
        state.lastError = { at, detail: verdict.detail }
        // The breaker is for those that cost time: whoever answers, however badly, does not.
        if (BUSY.includes(verdict.fault)) this.#breakers.failed(host)
        else this.#breakers.succeeded(host)
        return { ...verdict, ...last }
      }
      this.#breakers.succeeded(host)
      // Signed and still valid, and all the same from before what is known: somebody plays it again (RFC 6960 section 5).
      if (kept !== undefined && verdict.thisUpdate < kept.verdict.thisUpdate) {
        const detail = 'an older answer came than the one that is known'
        state.lastError = { at, detail }
        return { kind: 'unusable', fault: 'older', detail, last: kept.verdict }
      }
      state.answeredAt = at
      state.lastError = undefined
      const askAgainAt = Math.min(verdict.until, at + ASK_AGAIN_MILLISECONDS)
      this.#keep(key, { verdict, askAgainAt })
      return { kind: 'answered', verdict, askAgainAt, fresh: true }
    } catch (error) {
      if (!(error instanceof FetchError)) throw error
      this.#breakers.failed(host)
      state.lastError = { at: this.#clock.now(), detail: error.detail }
      return { kind: 'unreachable', detail: error.detail, ...last }
    }
  }

  #keep(key: string, kept: Kept): void {
    this.#kept.delete(key)
    const oldest = this.#kept.keys().next()
    if (this.#kept.size >= MOST_ANSWERS && !oldest.done) this.#kept.delete(oldest.value)
    this.#kept.set(key, kept)
  }

  #stateOf(host: string, authority: string): ResponderState {
    const key = `${authority} ${host}`
    let state = this.#responders.get(key)
    if (state === undefined) {
      const oldest = this.#responders.keys().next()
      if (this.#responders.size >= MOST_RESPONDERS && !oldest.done) this.#responders.delete(oldest.value)
      state = { host, authority, answeredAt: undefined, lastError: undefined }
      this.#responders.set(key, state)
    }
    return state
  }
}
