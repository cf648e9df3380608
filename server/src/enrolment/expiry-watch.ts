import { type Certificate, nameText } from '@sallyport/pki'
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/logging.ts'
import { DAY } from './authority.ts'
import type { ServedServerCertificate } from './served-certificates.ts'
import { readChain } from './server-certificate-check.ts'
import type { ClientTrust } from './trust.ts'

/** A certificate whose end somebody has to see coming. */
export interface Ending {
  readonly kind: 'server certificate' | 'trusted CA' | 'own CA' | 'signing certificate'
  /** Of its entry in the configuration; of what has none, what it is for. */
  readonly name: string
  readonly subject: string
  readonly fingerprint: string
  /** Milliseconds since the epoch. */
  readonly notAfter: number
}

/** A line in the log each time this many days are left, and once it has ended. */
export const WARN_DAYS = [30, 14, 7, 1] as const

/** What the own CA signs with: its CAs, and certificates of the server whose renewal is overdue. */
export interface OwnCertificates {
  readonly authorities: readonly { readonly name: string; readonly certificate: Certificate }[]
  readonly signing: readonly { readonly name: string; readonly certificate: Certificate }[]
}

/** Every server certificate that is shown, with its intermediates, every CA that is trusted, and what the own CA signs with. */
export function endingsOf(
  served: readonly ServedServerCertificate[],
  trust: ClientTrust,
  own: OwnCertificates,
): Ending[] {
  const shown = served.flatMap(({ name, certificates }) =>
    certificates.flatMap(({ chain }) => endings('server certificate', name, readChain(chain))),
  )
  const trusted = trust.authorities.flatMap(({ name, anchors, intermediates }) =>
    endings('trusted CA', name, [...anchors, ...intermediates].flatMap(readChain)),
  )
  // The own CA is most often trusted, too: it is said once.
  const known = new Set(trusted.map(({ fingerprint }) => fingerprint))
  const authorities = own.authorities.flatMap(({ name, certificate }) =>
    endings('own CA', name, [certificate]),
  )
  const signing = own.signing.flatMap(({ name, certificate }) =>
    endings('signing certificate', name, [certificate]),
  )
  return [
    ...shown,
    ...trusted,
    ...authorities.filter(({ fingerprint }) => !known.has(fingerprint)),
    ...signing,
  ]
}

function endings(kind: Ending['kind'], name: string, certificates: readonly Certificate[]): Ending[] {
  return certificates.map(({ subject, fingerprint, notAfter }) => ({
    ...{ kind, name, fingerprint, notAfter },
    subject: nameText(subject),
  }))
}

/**
 * Says in the log that a certificate ends, once for each step of `WARN_DAYS`, and tells health and metrics. The own CA
 * renews its certificates six weeks before their end: a warning about one means that the renewal fails.
 */
export class ExpiryWatch {
  readonly #clock: Clock
  readonly #log: Logger
  /** By fingerprint: the step that was said last; a certificate that is no longer used is forgotten. */
  #said = new Map<string, number>()
  #watched: readonly Ending[] = []

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock
    this.#log = log
  }

  get watched(): readonly Ending[] {
    return this.#watched
  }

  /** To be called with every change, and daily: what ends is said when its next step is reached. */
  watch(endings: readonly Ending[]): void {
    this.#watched = endings
    const said = new Map<string, number>()
    for (const ending of endings) {
      const step = this.#step(ending)
      if (step === undefined) continue
      const key = `${ending.kind} ${ending.name} ${ending.fingerprint}`
      if (step < (this.#said.get(key) ?? Number.POSITIVE_INFINITY)) this.#say(ending)
      said.set(key, step)
    }
    this.#said = said
  }

  /** What ends within the longest step, or has ended. */
  get ending(): readonly Ending[] {
    return this.#watched.filter((ending) => this.#step(ending) !== undefined)
  }

  /** The same for people. */
  warnings(): string[] {
    return this.ending.map((ending) => sentence(ending, this.#clock.now()))
  }

  /** The least step that is not behind; 0 once it has ended; undefined while there is time. */
  #step({ notAfter }: Ending): number | undefined {
    const left = notAfter - this.#clock.now()
    return left <= 0 ? 0 : WARN_DAYS.findLast((days) => left <= days * DAY)
  }

  #say(ending: Ending): void {
    const { kind, name, subject, fingerprint, notAfter } = ending
    const level = notAfter - this.#clock.now() <= 7 * DAY ? 'error' : 'warn'
    const line = { kind, name, subject, fingerprint, notAfter: new Date(notAfter).toISOString() }
    this.#log[level](line, sentence(ending, this.#clock.now()))
  }
}

function sentence({ kind, name: entry, subject, notAfter }: Ending, now: number): string {
  const date = new Date(notAfter).toISOString()
  const days = Math.floor((notAfter - now) / DAY)
  const name = `The ${kind} "${entry}" (${subject})`
  if (notAfter <= now) return `${name} ended ${date}: logins that need it fail.`
  return `${name} ends ${date}, in ${days === 0 ? 'less than a day' : days === 1 ? 'one day' : `${days} days`}.`
}
