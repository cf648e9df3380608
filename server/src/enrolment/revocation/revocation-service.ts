import {
  type Certificate,
  type Crl,
  checkRevocation,
  PkiError,
  parseCertificate,
  revocationPointers,
} from '@sallyport/pki'
import type { RevocationRules } from '../../config/schema.ts'
import type { Clock } from '../../kernel/clock.ts'
import { type CompiledAuthority, compileAuthority } from '../client-certificate-check.ts'
import type { ClientTrust } from '../trust.ts'
import type { CrlShelf, ShelvedCrl } from './crl-shelf.ts'
import type { Definite, OcspAnswered, OcspShelf, ResponderState } from './ocsp-shelf.ts'
import type {
  RevocationAnswer,
  RevocationEvidence,
  RevocationQuestion,
  RevocationUnknown,
} from './revocation-answer.ts'

interface Known {
  readonly authority: CompiledAuthority
  readonly rules: RevocationRules
}

/** One certificate of a path and who stands above it. */
interface Subject {
  readonly known: Known
  /** Counts from the leaf. */
  readonly index: number
  readonly certificate: Certificate
  /** Its issuer first, the anchor last. */
  readonly issuers: readonly Certificate[]
}

type Standing = RevocationAnswer | { readonly kind: 'nobody-to-ask' }

/** Below the three seconds a worker waits, so that the reason is ours and not its impatience. */
const DEADLINE_MILLISECONDS = 2500
const TICK_MILLISECONDS = 30_000
const HOUR = 3_600_000
/** An answer by grace is looked at again soon: the responder may be back. */
const GRACE_RECHECK_MILLISECONDS = 60_000
const RULES = { minimumRsaBits: 2048, allowSha1: false }
const SIGNATURE_TROUBLE = ['responder-untrusted', 'signature-invalid', 'nonce-mismatch']

export interface RevocationState {
  readonly lists: readonly ShelvedCrl[]
  readonly responders: readonly (ResponderState & { readonly isOpen: boolean })[]
}

/**
 * Finds out whether certificates were revoked: asks responders, fetches lists, keeps what they say, for all RADIUS
 * workers. Runs in the main thread; a worker asks once for a certificate and remembers the answer. Whatever cannot be
 * found out in time is `unknown`, never good.
 */
export class RevocationService {
  readonly #clock: Clock
  readonly #crls: CrlShelf
  readonly #ocsp: OcspShelf
  readonly #changed: () => void
  readonly #timer: NodeJS.Timeout
  #known: ReadonlyMap<string, Known> = new Map()

  constructor(parts: {
    readonly clock: Clock
    readonly crls: CrlShelf
    readonly ocsp: OcspShelf
    /** Called when workers should forget what they were told. */
    readonly changed: () => void
  }) {
    this.#changed = parts.changed
    this.#clock = parts.clock
    this.#crls = parts.crls
    this.#ocsp = parts.ocsp
    this.#timer = setInterval(() => void this.#tick(), TICK_MILLISECONDS)
    this.#timer.unref()
  }

  /** Takes new trust; lists the configuration names are fetched at once, in the background. */
  replaceTrust(trust: ClientTrust): void {
    const known = new Map<string, Known>()
    for (const authority of trust.authorities) {
      if (authority.revocation === undefined) continue
      known.set(authority.name, { authority: compileAuthority(authority), rules: authority.revocation })
    }
    this.#known = known
    this.#crls.keepOnly((url, name) => {
      const rules = known.get(name)?.rules
      return rules === undefined ? undefined : isTrustedHost(url, rules)
    })
    void this.#prefetch()
  }

  /** Exposed to the RADIUS workers. */
  async ask({ authority, path }: RevocationQuestion): Promise<RevocationAnswer> {
    const known = this.#known.get(authority)
    if (known === undefined) return unknown(0, 'unusable', 'the authority is no longer trusted')
    try {
      return await this.#judge(known, path.map(parseCertificate))
    } catch (error) {
      if (error instanceof PkiError) return unknown(0, 'unusable', error.message)
      throw error
    }
  }

  /** Every list that is known now; each is signed by a CA that may. */
  get lists(): readonly Crl[] {
    return this.#crls.list().flatMap(({ crl }) => crl ?? [])
  }

  state(authority: string): RevocationState {
    return {
      lists: this.#crls.list().filter(({ authorities }) => authorities.has(authority)),
      responders: this.#ocsp
        .responders()
        .filter((responder) => responder.authority === authority)
        .map((responder) => ({ ...responder, isOpen: this.#ocsp.isOpen(responder.host) })),
    }
  }

  /** Fetches the lists of an authority anew and forgets what responders said. */
  async refresh(authority: string): Promise<void> {
    this.#ocsp.forget()
    await this.#crls.refreshAll(authority)
    this.#changed()
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #tick(): Promise<void> {
    await this.#crls.refreshDue()
    await this.#prefetch()
  }

  async #prefetch(): Promise<void> {
    const wanted = [...this.#known.values()].flatMap(({ authority, rules }) =>
      rules.crlUrls.flatMap((url) => listOf(url, authority, rules, []) ?? []),
    )
    await Promise.all(wanted.map((list) => this.#crls.current(list)))
  }

  /** Every certificate below the anchor; the leaf first, because it is the one that says most. */
  async #judge(known: Known, path: readonly Certificate[]): Promise<RevocationAnswer> {
    const deadline = Promise.withResolvers<'late'>()
    const timer = setTimeout(() => deadline.resolve('late'), DEADLINE_MILLISECONDS)
    try {
      const subjects = path
        .slice(0, -1)
        .map((certificate, index) => ({ known, index, certificate, issuers: path.slice(index + 1) }))
      const asked = subjects.map((subject) => this.#ask(subject, deadline.promise))
      return combined(await Promise.all(asked), this.#clock.now())
    } finally {
      clearTimeout(timer)
    }
  }

  /** A responder where one is named, else, or where it gives no answer, lists. */
  async #ask(subject: Subject, deadline: Promise<'late'>): Promise<Standing> {
    const { rules } = subject.known
    if (rules.check === 'none') return { kind: 'nobody-to-ask' }
    const { ocspUrls, crlUrls, named } = placesOf(subject)
    let trouble: RevocationUnknown | undefined
    for (const url of ocspUrls.slice(0, 2)) {
      const answer = await this.#askResponder(subject, url, deadline)
      if (answer.kind !== 'unknown' || answer.why === 'ocsp-unknown') return answer
      trouble ??= answer
    }
    if (crlUrls.length === 0 && subject.known.authority.crls.length === 0) {
      if (trouble !== undefined) return trouble
      if (named && ocspUrls.length === 0) return unknown(subject.index, 'unreachable', NOT_HTTP)
      if (rules.check === 'auto') return { kind: 'nobody-to-ask' }
      return unknown(subject.index, 'unnamed', 'the certificate names neither a responder nor a list')
    }
    const byList = await this.#askLists(subject, crlUrls, deadline)
    return byList.kind === 'unknown' && trouble !== undefined && byList.why === 'unreachable'
      ? trouble
      : byList
  }

  async #askResponder(subject: Subject, url: string, deadline: Promise<'late'>): Promise<Standing> {
    const { known, index, certificate, issuers } = subject
    const [issuer] = issuers
    const host = hostOf(url)
    if (issuer === undefined) return unknown(index, 'unusable', 'it has no issuer')
    const trusted = isTrustedHost(url, known.rules)
    if (trusted === undefined)
      return unknown(index, 'unreachable', 'the host is not among those allowed', host)
    const isRevoked = (responder: Certificate): boolean =>
      known.authority.crls.some((crl) => crl.revoked.has(responder.serial))
    const asked = this.#ocsp.ask({ url, trusted, certificate, issuer, isRevoked }, known.authority.name)
    const answer = await Promise.race([asked, deadline])
    if (answer === 'late') return unknown(index, 'unreachable', LATE, host)
    if (answer.kind !== 'answered') return this.#withoutAnswer(subject, answer, host)
    if (isTooOld(answer.verdict.thisUpdate, known.rules, this.#clock.now())) {
      return unknown(index, 'stale', 'the answer is older than allowed', host, answer.verdict.until)
    }
    const { verdict, askAgainAt, fresh } = answer
    return spoken(index, verdict, askAgainAt, { by: 'ocsp', host, thisUpdate: verdict.thisUpdate, fresh })
  }

  /** The last answer counts until its next update, and by grace after it. */
  #withoutAnswer(
    subject: Subject,
    answer: Exclude<OcspAnswered, { kind: 'answered' }>,
    host: string,
  ): Standing {
    const { known, index } = subject
    const now = this.#clock.now()
    const { last } = answer
    if (last !== undefined && !isTooOld(last.thisUpdate, known.rules, now)) {
      const evidence = { host, thisUpdate: last.thisUpdate, fresh: false }
      const soon = now + GRACE_RECHECK_MILLISECONDS
      if (now <= last.until)
        return spoken(index, last, Math.min(last.until, soon), { by: 'ocsp', ...evidence })
      if (isWithinGrace(last.until, known.rules, now))
        return spoken(index, last, soon, { by: 'grace', ...evidence })
    }
    if (answer.kind === 'unreachable') return unknown(index, 'unreachable', answer.detail, host, last?.until)
    const why = SIGNATURE_TROUBLE.includes(answer.fault) ? 'untrusted' : 'unusable'
    return unknown(index, why, answer.detail, host)
  }

  async #askLists(subject: Subject, urls: readonly string[], deadline: Promise<'late'>): Promise<Standing> {
    const { known, index, issuers } = subject
    const fetched: ShelvedCrl[] = []
    let trouble: RevocationUnknown | undefined
    let wasFetched = false
    for (const url of urls.slice(0, 4)) {
      const wanted = listOf(url, known.authority, known.rules, issuers)
      if (wanted === undefined) {
        trouble ??= unknown(index, 'unreachable', 'the host is not among those allowed', hostOf(url))
        continue
      }
      const shelved = await Promise.race([this.#crls.current(wanted), deadline])
      if (shelved === 'late') trouble ??= unknown(index, 'unreachable', LATE, hostOf(url))
      else {
        fetched.push(shelved)
        wasFetched ||= shelved.wasFetched
        if (shelved.crl === undefined) {
          const detail = shelved.lastError?.detail ?? 'it is left alone for a while'
          trouble ??= unknown(
            index,
            detail.includes('signed') ? 'untrusted' : 'unreachable',
            detail,
            shelved.host,
          )
        }
      }
    }
    return this.#byLists(subject, fetched, wasFetched, trouble)
  }

  #byLists(
    subject: Subject,
    fetched: readonly ShelvedCrl[],
    fresh: boolean,
    trouble: RevocationUnknown | undefined,
  ): Standing {
    const { known, index, certificate, issuers } = subject
    const { authority, rules } = known
    const now = this.#clock.now()
    const pasted = authority.crls.map((crl) => ({ crl, host: 'the configuration' }))
    const lists = [...fetched, ...pasted].flatMap(({ crl, host }) =>
      crl === undefined || crl.issuer.key !== certificate.issuer.key ? [] : [{ crl, host }],
    )
    const usable = lists.filter(({ crl }) => !isTooOld(crl.thisUpdate, rules, now))
    const crls = usable.map(({ crl }) => crl)
    const check = (at: number, of: readonly Crl[]) =>
      checkRevocation(certificate, issuers, authority.intermediates, {
        crls: of,
        mode: 'required',
        at,
        rules: RULES,
      })
    const status = check(now, crls)
    const evidence = evidenceOf(usable, now, fresh)
    if (status.ok && evidence !== undefined) {
      return { kind: 'good', until: Math.min(status.validUntil, now + HOUR), evidence }
    }
    if (
      !status.ok &&
      status.reason === 'revoked' &&
      status.revocation !== undefined &&
      evidence !== undefined
    ) {
      const { revokedAt, reason } = status.revocation
      return { kind: 'revoked', certificate: index, revokedAt, reason, evidence }
    }
    const newest = lists.toSorted((a, b) => (b.crl.nextUpdate ?? 0) - (a.crl.nextUpdate ?? 0))[0]
    if (newest?.crl.nextUpdate === undefined) {
      if (trouble !== undefined) return trouble
      // The lists that are configured are for those who log in; a CA above that names none has none.
      const isCaWithout = index > 0 && rules.check === 'auto' && !revocationPointers(certificate).named
      if (isCaWithout) return { kind: 'nobody-to-ask' }
      return unknown(index, 'unreachable', 'there is no list of its issuer')
    }
    const { nextUpdate, thisUpdate } = newest.crl
    // What the newest list said while it was valid: revoked is revoked, good counts by grace alone.
    const then = check(Math.min(now, nextUpdate), [newest.crl])
    const { host } = newest
    if (!then.ok && then.revocation !== undefined) {
      const { revokedAt, reason } = then.revocation
      const old = { by: 'crl', host, thisUpdate, fresh: false } as const
      return { kind: 'revoked', certificate: index, revokedAt, reason, evidence: old }
    }
    const isOld = isTooOld(thisUpdate, rules, now)
    if (then.ok && now > nextUpdate && !isOld && isWithinGrace(nextUpdate, rules, now)) {
      const until = now + GRACE_RECHECK_MILLISECONDS
      return { kind: 'good', until, evidence: { by: 'grace', host, thisUpdate, fresh: false } }
    }
    if (then.ok) {
      const detail = trouble?.detail ?? 'no newer list came'
      return unknown(index, 'stale', detail, trouble?.host ?? host, nextUpdate)
    }
    const why = then.reason === 'crl-signature-invalid' ? 'untrusted' : 'unusable'
    return unknown(index, why, then.detail, host)
  }
}

const NOT_HTTP = 'the certificate names no http:// URL (ldap:// is not supported)'
const LATE = `no answer within ${DEADLINE_MILLISECONDS / 1000} s`

/** Worst first; good as long as the first part of it is. The evidence is the leaf's. */
function combined(standings: readonly Standing[], now: number): RevocationAnswer {
  for (const kind of ['revoked', 'unknown'] as const) {
    const found = standings.find((standing) => standing.kind === kind)
    if (found !== undefined && found.kind === kind) return found
  }
  const [leaf] = standings
  let until = now + HOUR
  for (const standing of standings) if (standing.kind === 'good') until = Math.min(until, standing.until)
  const evidence = leaf?.kind === 'good' ? leaf.evidence : undefined
  return { kind: 'good', until, ...(evidence && { evidence }) }
}

function spoken(
  index: number,
  verdict: Definite,
  until: number,
  evidence: RevocationEvidence,
): RevocationAnswer {
  switch (verdict.kind) {
    case 'good':
      return { kind: 'good', until, evidence }
    case 'revoked': {
      const { revokedAt, reason } = verdict
      return { kind: 'revoked', certificate: index, revokedAt, reason, evidence }
    }
    case 'unknown':
      return unknown(index, 'ocsp-unknown', 'the responder does not know the certificate', evidence.host)
  }
}

/** Whom to ask about a certificate. What is configured is for those who log in; the CAs above name their own. */
function placesOf({ known, index, certificate }: Subject) {
  const pointers = revocationPointers(certificate)
  const http = (urls: readonly string[]) => urls.filter((url) => URL.parse(url)?.protocol === 'http:')
  const { ocspUrl, crlUrls } = known.rules
  return {
    ocspUrls: index === 0 && ocspUrl !== undefined ? [ocspUrl] : http(pointers.ocspUrls),
    crlUrls: [...new Set([...crlUrls, ...http(pointers.crlUrls)])],
    named: pointers.named,
  }
}

function listOf(
  url: string,
  authority: CompiledAuthority,
  rules: RevocationRules,
  issuers: readonly Certificate[],
) {
  const trusted = isTrustedHost(url, rules)
  const signers = [...issuers, ...authority.anchors, ...authority.intermediates]
  return trusted === undefined ? undefined : { url, authority: authority.name, trusted, signers }
}

/** True: the administrator named the host. undefined: the administrator named others, and this is none of them. */
function isTrustedHost(url: string, { hosts, crlUrls, ocspUrl }: RevocationRules): boolean | undefined {
  if (crlUrls.includes(url) || ocspUrl === url) return true
  const { host, hostname } = URL.parse(url) ?? { host: '', hostname: '' }
  if (hosts.length === 0) return false
  return hosts.some((name) => name === host || name === hostname) ? true : undefined
}

function isTooOld(thisUpdate: number, { maximumAgeHours }: RevocationRules, now: number): boolean {
  return maximumAgeHours !== undefined && now - thisUpdate > maximumAgeHours * HOUR
}

function isWithinGrace(
  endedAt: number,
  { whenUnreachable, graceHours }: RevocationRules,
  now: number,
): boolean {
  return whenUnreachable === 'accept-within-grace' && now <= endedAt + graceHours * HOUR
}

/** The newest of the lists that are valid now. */
function evidenceOf(
  lists: readonly { readonly crl: Crl; readonly host: string }[],
  now: number,
  fresh: boolean,
): RevocationEvidence | undefined {
  const valid = lists.filter(({ crl }) => crl.nextUpdate !== undefined && now <= crl.nextUpdate)
  const [newest] = valid.toSorted((a, b) => b.crl.thisUpdate - a.crl.thisUpdate)
  if (newest === undefined) return undefined
  const { number, thisUpdate } = newest.crl
  return { by: 'crl', host: newest.host, thisUpdate, fresh, ...(number === undefined ? {} : { number }) }
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? url
}

function unknown(
  certificate: number,
  why: RevocationUnknown['why'],
  detail: string,
  host?: string,
  endedAt?: number,
): RevocationUnknown {
  return {
    ...{ kind: 'unknown', certificate, why, detail },
    ...(host === undefined ? {} : { host }),
    ...(endedAt === undefined ? {} : { endedAt }),
  } as RevocationUnknown
}
