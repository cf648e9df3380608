import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/logging.ts'
import type { Remote } from '../kernel/rpc.ts'
import type { GrantStore } from './grant-store.ts'
import type { Intake } from './intake.ts'
import type { Outbox } from './outbox.ts'

export interface GrantsParts {
  readonly intake: Pick<Intake, 'some' | 'all' | 'stop'>
  readonly outbox: Pick<Outbox, 'due' | 'send' | 'settled'>
  readonly store: Remote<Pick<GrantStore, 'releaseClaims' | 'retain'>>
  readonly clock: Clock
  readonly log: Logger
  readonly settings: () => { readonly sweepSeconds: number; readonly keepDays: number }
}

/** How soon a change is noticed. */
const TICK_MILLISECONDS = 500
/** Between two steps of sending. */
const STEP_MILLISECONDS = 40
/** A look at every grant takes the thread for a while: this many times as long it is left to others. */
const REST = 3
const LONGEST_REST_MILLISECONDS = 30_000
/** What is under way gets so long to be written down. */
const CLOSE_MILLISECONDS = 500
const MOST_KEPT = 100_000
const DAY = 86_400_000
const RETAIN_MILLISECONDS = 60_000
const FAILURES_A_LINE = 120

/**
 * Decides grants again when the facts they rest on change, and carries out what comes of it. Three loops: what changed
 * about one user -> entries of the outbox; what changed for all, and time -> entries; entries -> actions. None waits for
 * another, and all survive the end of the process.
 */
export class Grants {
  readonly #parts: GrantsParts
  readonly #timer: NodeJS.Timeout
  readonly #loops: readonly Loop[]
  #closed = false
  #restUntil = Number.NEGATIVE_INFINITY
  #lookedAt: number
  #retainedAt = Number.NEGATIVE_INFINITY

  static async start(parts: GrantsParts): Promise<Grants> {
    await parts.store.releaseClaims()
    return new Grants(parts)
  }

  private constructor(parts: GrantsParts) {
    const { intake, clock, log } = parts
    this.#parts = parts
    this.#lookedAt = clock.monotonic()
    this.#loops = [() => intake.some(), () => this.#lookAtAll(), () => this.#send()].map(
      (work) => new Loop(work, log),
    )
    this.#timer = setInterval(() => {
      for (const loop of this.#loops) loop.tick()
    }, TICK_MILLISECONDS).unref()
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    this.#parts.intake.stop()
    for (const loop of this.#loops) await loop.close()
    // A device may be silent for long. What is under way is tried again after the next start.
    await Promise.race([this.#parts.outbox.settled(), delay(CLOSE_MILLISECONDS, undefined, { ref: false })])
  }

  /** In small steps, so that a high rate is a steady one. */
  async #send(): Promise<void> {
    const { outbox, clock } = this.#parts
    const until = clock.monotonic() + TICK_MILLISECONDS
    const due = await outbox.due()
    while ((await outbox.send(due)) > 0 && clock.monotonic() < until && !this.#closed) {
      await delay(STEP_MILLISECONDS)
    }
  }

  async #lookAtAll(): Promise<void> {
    const { intake, clock, settings } = this.#parts
    const startedAt = clock.monotonic()
    if (startedAt < this.#restUntil) return
    const isSweep = startedAt - this.#lookedAt >= settings().sweepSeconds * 1000
    const looked = await intake.all(isSweep)
    if (looked === 'nothing') return
    this.#lookedAt = clock.monotonic()
    // A flood of changes must not keep the thread busy; a sweep has its own pace, and makes way.
    const rest = looked === 'changes' ? REST * (this.#lookedAt - startedAt) : 0
    this.#restUntil = this.#lookedAt + Math.min(LONGEST_REST_MILLISECONDS, rest)
    await this.#retain()
  }

  /** Now and then, a little at a time. */
  async #retain(): Promise<void> {
    const { store, clock, settings } = this.#parts
    if (clock.monotonic() - this.#retainedAt < RETAIN_MILLISECONDS) return
    this.#retainedAt = clock.monotonic()
    await store.retain({ before: clock.now() - settings().keepDays * DAY, most: MOST_KEPT })
  }
}

/** Runs its work at most once at a time. A database that is away: tried again at the next tick, told now and then. */
class Loop {
  readonly #work: () => Promise<unknown>
  readonly #log: Logger
  #running: Promise<void> | undefined
  #closed = false
  #failures = 0

  constructor(work: () => Promise<unknown>, log: Logger) {
    this.#work = work
    this.#log = log
  }

  tick(): void {
    if (this.#closed) return
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#running
  }

  async #run(): Promise<void> {
    try {
      await this.#work()
      this.#failures = 0
    } catch (error) {
      if (this.#closed || this.#failures++ % FAILURES_A_LINE !== 0) return
      this.#log.error({ err: error }, 'Grants could not be decided again; trying again.')
    }
  }
}
