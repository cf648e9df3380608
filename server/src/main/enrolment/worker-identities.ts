import { GuessLimit } from '../../enrolment/registration/guess-limit.ts'
import type { EnrolmentIdentities, IdentityAnswer } from '../../enrolment/registration/requester.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logging.ts'
import { type Reason, reason, render } from '../../reasons/index.ts'
import type { AccountQuestion } from '../../threads/enrolment-accounts.ts'
import type { RadiusServices } from '../../threads/radius-services.ts'

export interface WorkerIdentitiesParts {
  /** One of the RADIUS workers, which check passwords. */
  readonly worker: Pick<RadiusServices, 'enrolmentAccount'>
  readonly clock: Clock
  readonly log: Logger
}

/** Passwords under check at once: logins wait for the same threads, and go before. */
const MOST_CHECKS = 4
/** Requests that wait for one of them; more are told to come again. */
const MOST_WAITING = 64

/** Who people and computers are, asked of a RADIUS worker: main itself checks no passwords. */
export class WorkerIdentities implements EnrolmentIdentities {
  readonly #parts: WorkerIdentitiesParts
  readonly #guesses: GuessLimit
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(parts: WorkerIdentitiesParts) {
    this.#parts = parts
    this.#guesses = new GuessLimit(() => parts.clock.monotonic())
  }

  async authenticate(wholeName: string, password: Uint8Array, from: string): Promise<IdentityAnswer> {
    const refused = (): IdentityAnswer | undefined => {
      const wait = this.#guesses.waitOf(from)
      if (wait === 0) return undefined
      const seconds = Math.ceil(wait / 1000)
      const why = reason('enrolment-guessing', { user: wholeName, address: from, seconds })
      return this.#told({ kind: 'refused', reason: why }, from)
    }
    const held = refused()
    if (held !== undefined) return held
    if (!(await this.#enter())) return this.#told(BUSY(wholeName), from)
    try {
      // Others of the same address may have failed while this one waited.
      const heldNow = refused()
      if (heldNow !== undefined) return heldNow
      const answer = await this.#ask({ by: 'password', wholeName, password, from })
      if (answer.kind === 'refused') this.#guesses.failed(from)
      return this.#told(answer, from)
    } finally {
      this.#leave()
    }
  }

  async find(wholeName: string): Promise<IdentityAnswer> {
    return this.#told(await this.#ask({ by: 'name', wholeName }))
  }

  async byId(id: string, name: string): Promise<IdentityAnswer> {
    return this.#told(await this.#ask({ by: 'id', id, name }))
  }

  async #ask(question: AccountQuestion): Promise<IdentityAnswer> {
    try {
      return await this.#parts.worker.enrolmentAccount(question)
    } catch (error) {
      this.#parts.log.error({ err: error }, 'An account could not be looked up for a certificate.')
      const user = 'wholeName' in question ? question.wholeName : question.name
      const why = 'the identity sources could not be asked'
      return { kind: 'unavailable', reason: reason('source-unavailable', { user, why }) }
    }
  }

  /** The peer is told the same whatever stood against it; who keeps the server reads here what it was. */
  #told(answer: IdentityAnswer, address?: string): IdentityAnswer {
    if (answer.kind === 'known') return answer
    const why: Reason = answer.reason
    this.#parts.log.info({ code: why.code, ...(address && { address }) }, render(why).sentence)
    return answer
  }

  async #enter(): Promise<boolean> {
    if (this.#running < MOST_CHECKS) {
      this.#running++
      return true
    }
    if (this.#waiting.length >= MOST_WAITING) return false
    await new Promise<void>((resolve) => this.#waiting.push(resolve))
    return true
  }

  /** Hands the place over to who waits longest. */
  #leave(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#running--
    else next()
  }
}

const BUSY = (user: string): IdentityAnswer => ({
  kind: 'unavailable',
  reason: reason('source-unavailable', {
    user,
    why: 'too many passwords are being checked for certificates',
  }),
})
