const HOUR = 60 * 60 * 1000
const HOURS_OF_WEEK = 7 * 24
/** The epoch was a Thursday; the bits begin on Sunday 00:00 UTC. */
const THURSDAY = 4 * 24
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/**
 * logonHours: 21 octets, one bit for each hour of the week in UTC, low bit first, Sunday first (MS-SAMR section
 * 2.2.6.5). Absent means always; octets of another length never do.
 */
export function withinLogonHours(hours: Uint8Array | undefined, now: number): boolean {
  if (hours === undefined) return true
  return hours.length === HOURS_OF_WEEK / 8 && isSet(hours, hourOfWeek(now))
}

/** When the answer of `withinLogonHours` changes next; undefined: never. */
export function nextLogonHoursEdge(hours: Uint8Array | undefined, now: number): number | undefined {
  if (hours === undefined || hours.length !== HOURS_OF_WEEK / 8) return undefined
  const first = hourOfWeek(now)
  const isIn = isSet(hours, first)
  for (let ahead = 1; ahead < HOURS_OF_WEEK; ahead++) {
    if (isSet(hours, (first + ahead) % HOURS_OF_WEEK) !== isIn) return (Math.floor(now / HOUR) + ahead) * HOUR
  }
  return undefined
}

/** `Sat 22:54 UTC`, for people. */
export function utcText(now: number): string {
  const date = new Date(now)
  return `${DAYS[date.getUTCDay()] ?? ''} ${date.toISOString().slice(11, 16)} UTC`
}

function hourOfWeek(now: number): number {
  return (Math.floor(now / HOUR) + THURSDAY) % HOURS_OF_WEEK
}

function isSet(hours: Uint8Array, hour: number): boolean {
  return (((hours[hour >> 3] ?? 0) >> (hour & 7)) & 1) === 1
}
