import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setImmediate as turn } from 'node:timers/promises'
import { Random } from './random.ts'
import type { FuzzTarget, OpenTarget } from './target.ts'

export interface FuzzOptions {
  readonly targets: readonly FuzzTarget[]
  /** Cases of the target of share 1; the others have theirs in proportion. */
  readonly packets: number
  readonly seed: number
  /** The one case to try, of every target. */
  readonly only?: number | undefined
  readonly print: (line: string) => void
}

export interface FuzzResult {
  readonly passed: number
  readonly failed: number
}

/** Thread time in milliseconds that no input may cost; D4 of the test plan asks for less than 50. */
const SLOW = 50
const FEWEST_CASES = 20
/** Then it is one fault found many times. */
const MOST_FINDINGS = 5

export async function fuzz({ targets, packets, seed, only, print }: FuzzOptions): Promise<FuzzResult> {
  let passed = 0
  let failed = 0
  for (const target of targets) {
    const cases = only === undefined ? Math.max(FEWEST_CASES, Math.round(packets * target.share)) : 1
    const result = await new TargetRun(target, seed, print).run(only ?? 0, cases)
    passed += result.passed
    failed += result.failed
  }
  return { passed, failed }
}

/** One target, case after case. What no case catches - an exception in a callback, a rejection nobody awaits - counts. */
class TargetRun {
  readonly #target: FuzzTarget
  readonly #seed: number
  readonly #print: (line: string) => void
  readonly #tally = new Map<string, number>()
  #input: Uint8Array = new Uint8Array(0)
  #stray: unknown
  #failed = 0
  /** Thread time of the costliest case, in milliseconds. */
  #costliest = 0

  constructor(target: FuzzTarget, seed: number, print: (line: string) => void) {
    this.#target = target
    this.#seed = seed
    this.#print = print
  }

  async run(first: number, cases: number): Promise<FuzzResult> {
    const stray = (error: unknown): void => {
      this.#stray = error
    }
    process.on('uncaughtException', stray)
    process.on('unhandledRejection', stray)
    const delay = monitorEventLoopDelay({ resolution: 1 })
    const startedAt = performance.now()
    try {
      const open = await this.#target.open()
      delay.enable()
      let index = first
      for (; index < first + cases && this.#failed < MOST_FINDINGS; index++) await this.#case(open, index)
      delay.disable()
      await this.#close(open, index)
      const seconds = (performance.now() - startedAt) / 1000
      const answers = [...this.#tally].sort().map(([answer, count]) => `${answer} ${count}`)
      this.#print(
        `${this.#target.name}: ${index - first} cases in ${seconds.toFixed(1)} s, costliest ${this.#costliest.toFixed(0)} ms, longest delay of the event loop ` +
          `${(delay.max / 1e6).toFixed(0)} ms; ${answers.join(', ')}`,
      )
      return { passed: index - first - this.#failed, failed: this.#failed }
    } finally {
      process.off('uncaughtException', stray)
      process.off('unhandledRejection', stray)
    }
  }

  async #case(open: OpenTarget, index: number): Promise<void> {
    try {
      let spent = await this.#attempt(open, index)
      // A pause of the garbage collector is no finding: only what is slow each time.
      for (let again = 0; again < 2 && spent > SLOW; again++)
        spent = Math.min(spent, await this.#attempt(open, index))
      this.#costliest = Math.max(this.#costliest, spent)
      if (spent > SLOW) throw new Error(`${spent.toFixed(0)} ms of thread time`)
    } catch (error) {
      this.#report(index, error)
    }
  }

  /** Thread time in milliseconds. */
  async #attempt(open: OpenTarget, index: number): Promise<number> {
    const random = new Random(this.#seed, this.#target.name, index)
    const before = process.threadCpuUsage()
    const answer = await open.attempt(random, (input) => {
      this.#input = input
    })
    const { user, system } = process.threadCpuUsage(before)
    this.#tally.set(answer, (this.#tally.get(answer) ?? 0) + 1)
    // A turn of the loop lets timers, strays and the delay monitor have their say.
    await turn()
    if (this.#stray !== undefined) {
      const error = this.#stray
      this.#stray = undefined
      throw error
    }
    return (user + system) / 1000
  }

  async #close(open: OpenTarget, index: number): Promise<void> {
    try {
      await open.close()
    } catch (error) {
      this.#report(index, error)
    }
  }

  #report(index: number, error: unknown): void {
    this.#failed++
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    this.#print(
      `FINDING ${this.#target.name} case ${index} seed ${this.#seed}: ${text}\n  input ${Buffer.from(this.#input).toString('hex')}`,
    )
  }
}
