import { type HelperAnswer, type HelperCommand, HelperProcess } from './helper-process.ts'
import type { Field } from './helper-protocol.ts'

export interface HelperPoolOptions {
  readonly command: HelperCommand
  readonly processes: number
  /** For one question, its wait for a free process included. */
  readonly deadlineMilliseconds: number
  readonly monotonic: () => number
}

interface Question {
  readonly fields: readonly Field[]
  readonly resolve: (answer: HelperAnswer) => void
  readonly timer: NodeJS.Timeout
  helper: HelperProcess | undefined
}

/** Questions that may wait for each process: more would only be answered too late. */
const WAITING_PER_PROCESS = 64
/** A helper that ended without one answer is not started again at once. */
const FIRST_REST_MILLISECONDS = 100
const LONGEST_REST_MILLISECONDS = 5000
const CLOSED = 'its settings have changed'

/**
 * ntlm_auth processes that are kept alive. They start when they are needed; one that hangs is killed at the deadline, by
 * its own process id, and replaced; the number of questions that wait is bounded.
 */
export class HelperPool {
  readonly #options: HelperPoolOptions
  readonly #idle: HelperProcess[] = []
  readonly #busy = new Set<HelperProcess>()
  readonly #waiting = new Set<Question>()
  #restUntil = 0
  #deathsInARow = 0
  #lastDeath = 'no ntlm_auth could be started'
  #isClosed = false

  constructor(options: HelperPoolOptions) {
    this.#options = options
  }

  /** Their process ids. */
  get pids(): number[] {
    return [...this.#idle, ...this.#busy].flatMap(({ pid }) => pid ?? [])
  }

  get waiting(): number {
    return this.#waiting.size
  }

  ask(fields: readonly Field[]): Promise<HelperAnswer> {
    if (this.#isClosed) return refusal(CLOSED)
    const helper = this.#free()
    if (helper === undefined) {
      if (this.#busy.size === 0) return refusal(this.#lastDeath)
      if (this.#waiting.size >= WAITING_PER_PROCESS * this.#options.processes)
        return Promise.resolve({ kind: 'crowded', why: 'too many logins wait for ntlm_auth' })
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#late(question), this.#options.deadlineMilliseconds)
      const question: Question = { fields, resolve, timer, helper: undefined }
      if (helper === undefined) this.#waiting.add(question)
      else this.#put(question, helper)
    })
  }

  /** Answers those that wait: winbind has just been seen to answer nobody. */
  refuseWaiting(why: string): void {
    for (const question of this.#waiting) settle(question, { kind: 'unavailable', why })
    this.#waiting.clear()
  }

  close(): void {
    this.#isClosed = true
    this.refuseWaiting(CLOSED)
    for (const helper of [...this.#idle, ...this.#busy]) helper.kill(CLOSED)
  }

  #free(): HelperProcess | undefined {
    const idle = this.#idle.pop()
    if (idle !== undefined) return idle
    const { processes, monotonic, command } = this.#options
    if (this.#busy.size >= processes || monotonic() < this.#restUntil) return undefined
    return new HelperProcess(command, (helper, why) => this.#buried(helper, why))
  }

  #put(question: Question, helper: HelperProcess): void {
    question.helper = helper
    this.#busy.add(helper)
    void helper.ask(question.fields).then((answer) => {
      settle(question, answer)
      // A dead one has left already.
      if (!this.#busy.delete(helper)) return
      this.#deathsInARow = 0
      this.#idle.push(helper)
      this.#serveWaiting()
    })
  }

  #serveWaiting(): void {
    for (const question of this.#waiting) {
      const helper = this.#free()
      if (helper === undefined) return
      this.#waiting.delete(question)
      this.#put(question, helper)
    }
  }

  #late(question: Question): void {
    const { deadlineMilliseconds } = this.#options
    if (question.helper !== undefined) {
      question.helper.kill(`winbind did not answer within ${deadlineMilliseconds} ms`)
      return
    }
    this.#waiting.delete(question)
    const why = `all ntlm_auth processes were busy for ${deadlineMilliseconds} ms`
    settle(question, { kind: 'crowded', why })
  }

  #buried(helper: HelperProcess, why: string): void {
    this.#busy.delete(helper)
    const index = this.#idle.indexOf(helper)
    if (index >= 0) this.#idle.splice(index, 1)
    if (this.#isClosed) return
    this.#lastDeath = why
    if (helper.answers === 0) {
      const rest = FIRST_REST_MILLISECONDS * 2 ** this.#deathsInARow++
      this.#restUntil = this.#options.monotonic() + Math.min(rest, LONGEST_REST_MILLISECONDS)
    }
    this.#serveWaiting()
    // Nobody is left whose answer would serve them.
    if (this.#busy.size === 0) this.refuseWaiting(why)
  }
}

function settle(question: Question, answer: HelperAnswer): void {
  clearTimeout(question.timer)
  question.resolve(answer)
}

async function refusal(why: string): Promise<HelperAnswer> {
  return { kind: 'unavailable', why }
}
