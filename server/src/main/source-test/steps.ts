export const STEPS = [
  'dns',
  'tcp',
  'starttls',
  'tls',
  'bind',
  'base DN',
  'group DN',
  'rights',
  'user',
  'password',
  'account',
  'groups',
  'facts',
  'secret',
  'trust',
] as const

export type StepName = (typeof STEPS)[number]

/** One thing that was tried. `skipped`: it could not be, and `detail` says why. */
export interface Step {
  readonly step: StepName
  readonly server?: string
  readonly outcome: 'ok' | 'warning' | 'failed' | 'skipped'
  /** What was seen, or the cause. */
  readonly detail: string
  /** What an administrator does about it. */
  readonly cure?: string
}

/** What was tried so far, in its order. */
export class Steps {
  readonly #steps: Step[] = []
  readonly #server: string | undefined

  /** @param server about which all of them are */
  constructor(server?: string) {
    this.#server = server
  }

  get all(): readonly Step[] {
    return this.#steps
  }

  ok(step: StepName, detail: string): void {
    this.#add({ step, outcome: 'ok', detail })
  }

  warn(step: StepName, detail: string, cure: string): void {
    this.#add({ step, outcome: 'warning', detail, cure })
  }

  fail(step: StepName, detail: string, cure?: string): void {
    this.#add({ step, outcome: 'failed', detail, ...(cure === undefined ? {} : { cure }) })
  }

  skip(why: string, ...steps: readonly StepName[]): void {
    for (const step of steps) this.#add({ step, outcome: 'skipped', detail: why })
  }

  take(others: Steps): void {
    this.#steps.push(...others.all)
  }

  #add(step: Step): void {
    this.#steps.push(this.#server === undefined ? step : { ...step, server: this.#server })
  }
}
