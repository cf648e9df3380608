export const CHECK_ITEMS = [
  'client',
  'request',
  'login',
  'secret',
  'rotation',
  'message-authenticator',
  'accounting',
  'interim',
  'coa',
  'source',
  'nas-identifier',
  'nas-address',
  'port-type',
  'methods',
] as const
export type CheckItem = (typeof CHECK_ITEMS)[number]

/** One thing that was looked at. */
export interface CheckLine {
  readonly item: CheckItem
  readonly state: 'ok' | 'warning' | 'problem'
  readonly text: string
  /** Absent where nothing is to be done. */
  readonly nextStep?: string
}

export const ok = (item: CheckItem, text: string): CheckLine => ({ item, state: 'ok', text })

export function warning(item: CheckItem, text: string, nextStep: string): CheckLine {
  return { item, state: 'warning', text, nextStep }
}

export function problem(item: CheckItem, text: string, nextStep: string): CheckLine {
  return { item, state: 'problem', text, nextStep }
}

/** `3 minutes ago`: what people compare with the moment they tried something. */
export function ago(at: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - at) / 1000))
  for (const [unit, size] of UNITS) {
    const count = Math.floor(seconds / size)
    if (count >= 1) return `${String(count)} ${unit}${count === 1 ? '' : 's'} ago`
  }
  return 'just now'
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const

export function times(count: number): string {
  return count === 1 ? 'once' : `${String(count)} times`
}

export const latest = (times: readonly number[]): number => times.reduce((a, b) => Math.max(a, b), 0)
