/** Minutes of the week, Monday 00:00 = 0; `to` is exclusive. */
interface Span {
  readonly from: number
  readonly to: number
}

export type LogonHours = readonly Span[]

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const DAY = 24 * 60
const WEEK = 7 * DAY
const ENTRY = /^(?:([a-z]{3}(?:-[a-z]{3})?(?:,[a-z]{3}(?:-[a-z]{3})?)*) +)?(\d\d):(\d\d)-(\d\d):(\d\d)$/

/**
 * Reads `Mon-Fri 07:00-19:00`, `Sat,Sun 10:00-14:00` or `22:00-06:00` (every day). A span that ends at or before its
 * start reaches into the next day; `24:00` is the end of a day. Returns the entry that cannot be read as `fault`.
 */
export function parseLogonHours(
  entries: readonly string[],
): { readonly ok: true; readonly hours: LogonHours } | { readonly ok: false; readonly fault: string } {
  const hours: Span[] = []
  for (const entry of entries) {
    const spans = spansOf(entry)
    if (spans === undefined) return { ok: false, fault: entry }
    hours.push(...spans)
  }
  return { ok: true, hours }
}

function spansOf(entry: string): Span[] | undefined {
  const [, dayText, h1, m1, h2, m2] = ENTRY.exec(entry.trim().toLowerCase()) ?? []
  const from = minuteOfDay(h1, m1)
  const to = minuteOfDay(h2, m2)
  const days = dayText === undefined ? DAYS.map((_, day) => day) : daysOf(dayText)
  if (from === undefined || from === DAY || to === undefined || days === undefined) return undefined
  const length = to > from ? to - from : to - from + DAY
  return days.map((day) => ({ from: day * DAY + from, to: day * DAY + from + length }))
}

function minuteOfDay(hour: string | undefined, minute: string | undefined): number | undefined {
  if (hour === undefined || minute === undefined || Number(minute) > 59) return undefined
  const total = Number(hour) * 60 + Number(minute)
  return total > DAY ? undefined : total
}

function daysOf(text: string): number[] | undefined {
  const days: number[] = []
  for (const part of text.split(',')) {
    const [first, last = first] = part.split('-').map((name) => DAYS.indexOf(name))
    if (first === undefined || last === undefined || first < 0 || last < 0) return undefined
    for (let day = first; ; day = (day + 1) % 7) {
      days.push(day)
      if (day === last) break
    }
  }
  return days
}

/** Whether a minute of the week lies in the hours. No hours at all: never. */
export function allowsLogon(hours: LogonHours, minuteOfWeek: number): boolean {
  return hours.some(({ from, to }) => {
    // A span that began on Sunday evening reaches past the end of the week.
    return (minuteOfWeek >= from && minuteOfWeek < to) || minuteOfWeek + WEEK < to
  })
}

/** Minute of the week in one time zone; remembers the last minute, because asking Intl is the dear part. */
export class LocalWeek {
  readonly #format: Intl.DateTimeFormat
  #minute = -1
  #answer = 0

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
  }

  /** `now`: milliseconds since the epoch. */
  minuteOfWeek(now: number): number {
    const minute = Math.floor(now / 60_000)
    if (minute !== this.#minute) {
      const parts = new Map(this.#format.formatToParts(now).map(({ type, value }) => [type, value]))
      const day = DAYS.indexOf((parts.get('weekday') ?? '').toLowerCase())
      this.#answer = day * DAY + Number(parts.get('hour')) * 60 + Number(parts.get('minute'))
      this.#minute = minute
    }
    return this.#answer
  }

  /** `Sat 22:54`, for people. */
  text(now: number): string {
    const minute = this.minuteOfWeek(now)
    const day = DAYS[Math.floor(minute / DAY)] ?? ''
    const [hours, minutes] = [Math.floor((minute % DAY) / 60), minute % 60]
    return `${day.charAt(0).toUpperCase()}${day.slice(1)} ${twoDigits(hours)}:${twoDigits(minutes)}`
  }
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
