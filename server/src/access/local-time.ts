import type { TimeFacts } from '../policy/facts.ts'

/** Hour and weekday in the configured time zone. Formatting a date is slow, so the answer is kept for its minute. */
export class LocalTime {
  readonly #format: Intl.DateTimeFormat
  #minute = Number.NaN
  #hour = 0
  #weekday = 1
  #latestAt = Number.NaN
  #latest: TimeFacts | undefined

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hour: '2-digit',
      hourCycle: 'h23',
      weekday: 'short',
    })
  }

  /** The facts of an instant; many logins share a millisecond. */
  facts(now: number): TimeFacts {
    if (this.#latest === undefined || now !== this.#latestAt) {
      this.#latestAt = now
      this.#latest = { now: new Date(now).toISOString(), ...this.at(now) }
    }
    return this.#latest
  }

  /** `hour`: 0-23. `weekday`: Monday = 1 ... Sunday = 7. `now`: milliseconds since the epoch. */
  at(now: number): { readonly hour: number; readonly weekday: number } {
    const minute = Math.floor(now / 60_000)
    if (minute !== this.#minute) {
      const parts = this.#format.formatToParts(minute * 60_000)
      const part = (type: string): string => parts.find((candidate) => candidate.type === type)?.value ?? ''
      this.#hour = Number(part('hour'))
      this.#weekday = WEEKDAYS.indexOf(part('weekday')) + 1
      this.#minute = minute
    }
    return { hour: this.#hour, weekday: this.#weekday }
  }
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
