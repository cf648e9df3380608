import type { StoredSource } from './client-observation-store.ts'
import { listed } from './secret-rotation.ts'

/** What must have been seen before a client counts as ready for strict mode. */
export interface ReadinessRules {
  /** Access-Requests with Message-Authenticator since the last one without. */
  readonly requests: number
  /** Days without one that lacked it. */
  readonly days: number
}

/** How a client stands to Message-Authenticator (CVE-2024-3596). Milliseconds since the epoch. */
export interface BoardRow {
  readonly state: 'strict' | 'ready' | 'not-ready' | 'unseen'
  readonly signed: number
  readonly unsigned: number
  readonly lastUnsignedAt?: number
  /** Since when every Access-Request carried it. */
  readonly signedSince?: number
  /** What keeps the client from being ready, in plain words. */
  readonly obstacles: readonly string[]
  readonly addresses: readonly BoardAddress[]
}

export interface BoardAddress {
  readonly address: string
  readonly signed: number
  readonly unsigned: number
  readonly lastUnsignedAt?: number
  readonly firstSeenAt: number
  readonly lastSeenAt: number
}

const DAY = 86_400_000

export function boardRow(
  isStrict: boolean,
  sources: readonly StoredSource[],
  rules: ReadinessRules,
  now: number,
): BoardRow {
  // Accounting alone says nothing: its packets need no Message-Authenticator.
  const asking = sources.filter(({ signed, unsigned }) => signed + unsigned > 0)
  const sum = (value: (source: StoredSource) => number): number =>
    asking.reduce((total, source) => total + value(source), 0)
  const lastUnsignedAt = Math.max(0, ...asking.map(({ last_unsigned_at }) => last_unsigned_at ?? 0))
  const firstSeenAt = Math.min(...asking.map(({ first_seen_at }) => first_seen_at))
  const since = lastUnsignedAt === 0 ? firstSeenAt : lastUnsignedAt
  const run = sum(({ signed_run }) => signed_run)
  const obstacles: string[] = []
  if (asking.length === 0) obstacles.push('No Access-Request was seen yet.')
  else {
    const without = asking.filter(({ signed_run }) => signed_run === 0).map(({ address }) => address)
    if (without.length > 0) obstacles.push(`The last request came without: ${listed(without)}.`)
    if (run < rules.requests)
      obstacles.push(`${run} of ${rules.requests} requests with it since the last without.`)
    if (now - since < rules.days * DAY) obstacles.push(`Watched for less than ${rules.days} days since then.`)
  }
  return {
    state: isStrict
      ? 'strict'
      : asking.length === 0
        ? 'unseen'
        : obstacles.length === 0
          ? 'ready'
          : 'not-ready',
    signed: sum(({ signed }) => signed),
    unsigned: sum(({ unsigned }) => unsigned),
    ...(lastUnsignedAt === 0 ? {} : { lastUnsignedAt }),
    ...(run === 0 ? {} : { signedSince: since }),
    obstacles: isStrict ? [] : obstacles,
    addresses: asking.map((source) => ({
      address: source.address,
      signed: source.signed,
      unsigned: source.unsigned,
      firstSeenAt: source.first_seen_at,
      lastSeenAt: source.last_seen_at,
      ...(source.last_unsigned_at === null ? {} : { lastUnsignedAt: source.last_unsigned_at }),
    })),
  }
}
