import type { Kysely } from 'kysely'
import type { Schema } from '../store/schema.ts'
import { DAY } from './authority.ts'
import type { CertificateRecord } from './certificate-store.ts'
import { WARN_DAYS } from './expiry-watch.ts'

/** An issued certificate that ends soon and was not renewed. */
export type IssuedEnding = Pick<
  CertificateRecord,
  'serial' | 'subject' | 'template' | 'holder_name' | 'not_before' | 'not_after'
>

export interface IssuedEndings {
  /** By step of `WARN_DAYS`: how many end within so many days; a step includes the shorter ones. */
  readonly within: ReadonlyMap<number, number>
  /** The first to end first. */
  readonly first: readonly IssuedEnding[]
  /** How many came to a step after `since`. */
  readonly crossed: number
  /** There were more than are looked at: the numbers are the least there can be. */
  readonly isCut: boolean
}

export const NAMES_SHOWN = 20
/** A page keeps the thread for some milliseconds; between two of them others have their turn. */
const PAGE = 2000
const MOST_LOOKED_AT = 200_000

/**
 * What a step means to a certificate. One that lives for less than two of the step is always that near to its end: nothing
 * to warn of.
 */
export function isWithin(step: number, { not_before, not_after }: IssuedEnding, now: number): boolean {
  return not_after - now <= step * DAY && not_after - not_before >= 2 * step * DAY
}

/** Reads the index over ends, as far as the longest step; a million certificates that last longer cost nothing. */
export async function readIssuedEndings(
  db: Kysely<Schema>,
  now: number,
  {
    mostLookedAt = MOST_LOOKED_AT,
    since = now,
  }: { readonly mostLookedAt?: number; readonly since?: number } = {},
): Promise<IssuedEndings> {
  let crossed = 0
  const within = new Map<number, number>(WARN_DAYS.map((step) => [step, 0]))
  const first: IssuedEnding[] = []
  let after = { end: now, serial: '' }
  for (let lookedAt = 0; lookedAt < mostLookedAt; ) {
    const rows = await page(db, now, after, Math.min(PAGE, mostLookedAt - lookedAt))
    for (const row of rows) {
      if (!isWatched(row)) continue
      const nearest = WARN_DAYS.findLast((step) => isWithin(step, row, now))
      if (nearest === undefined) continue
      if (!isWithin(nearest, row, since)) crossed++
      for (const step of WARN_DAYS) if (step >= nearest) within.set(step, (within.get(step) ?? 0) + 1)
      if (first.length < NAMES_SHOWN) first.push(row)
    }
    const last = rows.at(-1)
    if (last === undefined) return { within, first, crossed, isCut: false }
    after = { end: last.not_after, serial: last.serial }
    lookedAt += rows.length
  }
  return { within, first, crossed, isCut: true }
}

async function page(db: Kysely<Schema>, now: number, after: { end: number; serial: string }, many: number) {
  return await db
    .selectFrom('certificates')
    .select(['serial', 'subject', 'template', 'holder_name', 'not_before', 'not_after'])
    .select(['kind', 'status', 'superseded_by'])
    .where((where) => where(where.refTuple('not_after', 'serial'), '>', where.tuple(after.end, after.serial)))
    .where('not_after', '<=', now + WARN_DAYS[0] * DAY)
    .orderBy('not_after')
    .orderBy('serial')
    .limit(many)
    .execute()
}

/** Good, not renewed, and somebody's: those the server uses itself have another watch. */
function isWatched(row: Pick<CertificateRecord, 'kind' | 'template' | 'status' | 'superseded_by'>): boolean {
  const isIssued = row.template !== null || row.kind === 'client'
  return isIssued && row.status === 'issued' && row.superseded_by === null
}
