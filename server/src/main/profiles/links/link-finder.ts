import type { Clock } from '../../../kernel/clock.ts'
import type { Logger } from '../../../kernel/logging.ts'
import type { Sealer } from '../../../kernel/seal.ts'
import type { NoFile, ShownSecret } from '../../../profiles/links/link-answers.ts'
import { readCode, tokenHash } from '../../../profiles/links/link-secrets.ts'
import type { LinkRecord, LinkSecret, ProfileLinkStore } from '../../../profiles/links/profile-link-store.ts'
import { type Reason, reason, render } from '../../../reasons/index.ts'
import { CodeGuesses } from './code-guesses.ts'
import type { LinkTrail } from './link-audit.ts'

export interface LinkFinderParts {
  readonly read: Pick<ProfileLinkStore, 'find'>
  readonly sealer: Pick<Sealer, 'mark'>
  readonly clock: Clock
  readonly log: Logger
}

export type FoundLink =
  | { readonly kind: 'link'; readonly link: LinkRecord }
  | Extract<NoFile, { kind: 'gone' | 'wait' }>

/** The link somebody showed the secret of, if it can be used still. Whoever cannot use it learns nothing of it. */
export class LinkFinder {
  readonly #parts: LinkFinderParts
  readonly #codes: CodeGuesses
  readonly #trail: LinkTrail

  constructor(parts: LinkFinderParts, trail: LinkTrail) {
    this.#parts = parts
    this.#trail = trail
    this.#codes = new CodeGuesses(() => parts.clock.monotonic())
  }

  /** @param purpose only who wants the file of a link that is over is written into the audit trail */
  async find(secret: ShownSecret, from: string, purpose: 'look' | 'use'): Promise<FoundLink> {
    const isCode = 'code' in secret
    const wait = isCode ? this.#codes.waitOf(from) : 0
    if (wait > 0) {
      const seconds = Math.ceil(wait / 1000)
      this.#tell(reason('profile-code-guessing', { from, seconds }))
      return { kind: 'wait', seconds }
    }
    const right = isCode ? this.#codes.begin(from) : undefined
    const key = this.#keyOf(secret)
    const link = key === undefined ? undefined : await this.#parts.read.find(key)
    const fault = this.#fault(link, from)
    if (link !== undefined && fault === undefined) {
      right?.()
      return { kind: 'link', link }
    }
    if (fault !== undefined) this.#tell(fault)
    if (link !== undefined && fault !== undefined && purpose === 'use') {
      await this.#trail.record(link, { from, outcome: 'refused', details: { reason: fault.code } })
    }
    return { kind: 'gone' }
  }

  #fault(link: LinkRecord | undefined, from: string): Reason | undefined {
    if (link === undefined) return reason('profile-link-unknown', { from })
    const { id, user_name: user, used_at: usedAt, used_from: usedFrom, expires_at: end } = link
    if (usedAt !== null) {
      const use = { usedAt: new Date(usedAt).toISOString(), usedFrom: usedFrom ?? '' }
      return reason('profile-link-used', { id, user, from, ...use })
    }
    if (end > this.#parts.clock.now()) return undefined
    return reason('profile-link-expired', { id, user, from, expiredAt: new Date(end).toISOString() })
  }

  #keyOf(secret: ShownSecret): LinkSecret | undefined {
    if ('token' in secret) {
      const hash = tokenHash(secret.token)
      return hash === undefined ? undefined : { tokenHash: hash }
    }
    const code = readCode(secret.code)
    return code === undefined ? undefined : { codeMark: codeMark(code, this.#parts.sealer) }
  }

  #tell(why: Reason): void {
    this.#parts.log.warn({ reason: why.code }, render(why).sentence)
  }
}

/** So few bits would be found from a plain hash: what is stored is worth nothing without the key file. */
export function codeMark(code: string, sealer: Pick<Sealer, 'mark'>): string {
  return sealer.mark(Buffer.from(code), 'profile-links/code')
}
