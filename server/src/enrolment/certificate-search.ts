import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { Schema } from '../store/schema.ts'
import type { CertificateRecord } from './certificate-store.ts'

export interface CertificateFilter {
  /**
   * Beginning of a serial, of a SHA-256 fingerprint, or of a name: common name, UPN, DNS name, e-mail address, holder,
   * device. In any case.
   */
  readonly search?: string | undefined
  readonly kind?: string | undefined
  readonly template?: string | undefined
  readonly status?: CertificateRecord['status'] | undefined
  /** Still good now, and ending before this; the first to end comes first. Milliseconds since the epoch. */
  readonly expiringBefore?: number | undefined
  readonly limit: number
  /** `next` of the page before. */
  readonly cursor?: string | undefined
}

/** May be shorter than the limit, and empty, while `next` says that there is more to look through. */
export interface CertificatePage {
  readonly rows: readonly CertificateRecord[]
  readonly next?: string
}

/** What an index offers, in its order, and where to go on after it. */
interface Candidate {
  readonly serial: string
  readonly cursor: string
}

/** Index entries looked at for one page where a second condition leaves rows out: some milliseconds at any size. */
const MOST_LOOKED_AT = 1000
const LOADED_AT_ONCE = 100

/**
 * One page. The narrowest index gives the order and the candidates; what else is asked for is looked up among them, so that
 * a page costs the same at a million certificates. Names come in their order and of one name the latest first, ends by
 * the earliest, everything else by the latest.
 */
export async function searchCertificates(
  db: Kysely<Schema>,
  filter: CertificateFilter,
  now: number,
): Promise<CertificatePage> {
  const search =
    filter.search
      ?.trim()
      .replaceAll(/:(?=[0-9a-fA-F]{2})/g, '')
      .toLowerCase() ?? ''
  const many = hasMore(filter, search) ? MOST_LOOKED_AT : filter.limit + 1
  const candidates =
    search === '' ? await inOrder(db, filter, now, many) : await bySearch(db, search, filter.cursor, many)
  const rows = await load(db, filter, candidates, now)
  const shown = rows.slice(0, filter.limit)
  const last = shown.at(-1)
  if (rows.length > filter.limit && last !== undefined) {
    return { rows: shown, next: candidates.find(({ serial }) => serial === last.serial)?.cursor ?? '' }
  }
  const end = candidates.length < many ? undefined : candidates.at(-1)
  return end === undefined ? { rows: shown } : { rows: shown, next: end.cursor }
}

/** Whether a condition is left that the index does not answer. */
function hasMore({ kind, template, status, expiringBefore }: CertificateFilter, search: string): boolean {
  const others = [kind, template, status, expiringBefore].filter((one) => one !== undefined).length
  return search === '' ? others > 1 || (expiringBefore !== undefined && others > 0) : others > 0
}

/** The candidates that fit, in their order, some at a time: most pages are full long before the last candidate. */
async function load(
  db: Kysely<Schema>,
  filter: CertificateFilter,
  candidates: readonly Candidate[],
  now: number,
): Promise<readonly CertificateRecord[]> {
  const serials = [...new Set(candidates.map(({ serial }) => serial))]
  const rows: CertificateRecord[] = []
  for (let start = 0; start < serials.length && rows.length <= filter.limit; start += LOADED_AT_ONCE) {
    const some = serials.slice(start, start + LOADED_AT_ONCE)
    // By their keys alone: with another condition in the query SQLite walks through the index of that one instead.
    const loaded = await db.selectFrom('certificates').selectAll().where('serial', 'in', some).execute()
    const found = new Map(loaded.map((row) => [row.serial, row]))
    rows.push(...some.flatMap((serial) => found.get(serial) ?? []).filter((row) => fits(row, filter, now)))
  }
  return rows
}

function fits(
  row: CertificateRecord,
  { kind, template, status, expiringBefore }: CertificateFilter,
  now: number,
): boolean {
  if (kind !== undefined && row.kind !== kind) return false
  if (template !== undefined && row.template !== template) return false
  if (status !== undefined && row.status !== status) return false
  if (expiringBefore === undefined) return true
  if (row.not_after < now || row.not_after >= expiringBefore) return false
  // Renewed, or not to be: nobody has to do anything about it.
  return status !== undefined || (row.status === 'issued' && row.superseded_by === null)
}

async function inOrder(
  db: Kysely<Schema>,
  { kind, template, status, expiringBefore, cursor }: CertificateFilter,
  now: number,
  many: number,
): Promise<readonly Candidate[]> {
  const [, at, serial = ''] = /^(\d+)\.([0-9a-f]+)$/.exec(cursor ?? '') ?? []
  if (expiringBefore !== undefined) {
    let query = db
      .selectFrom('certificates')
      .select(['serial', 'not_after as at'])
      .where('not_after', '>=', now)
      .where('not_after', '<', expiringBefore)
    if (at !== undefined) query = query.where(sql<boolean>`(not_after, serial) > (${Number(at)}, ${serial})`)
    return placed(await query.orderBy('not_after').orderBy('serial').limit(many).execute())
  }
  let query = db.selectFrom('certificates').select(['serial', 'created_at as at'])
  // The one that leaves the fewest.
  if (template !== undefined) query = query.where('template', '=', template)
  else if (status !== undefined) query = query.where('status', '=', status)
  else if (kind !== undefined) query = query.where('kind', '=', kind)
  if (at !== undefined) query = query.where(sql<boolean>`(created_at, serial) < (${Number(at)}, ${serial})`)
  return placed(await query.orderBy('created_at', 'desc').orderBy('serial', 'desc').limit(many).execute())
}

function placed(rows: readonly { readonly serial: string; readonly at: number }[]): Candidate[] {
  return rows.map(({ serial, at }) => ({ serial, cursor: `${at}.${serial}` }))
}

const STAGES = ['s', 'f', 'n'] as const

/** Serials first, then fingerprints, then names; the cursor begins with the letter of its stage. */
async function bySearch(
  db: Kysely<Schema>,
  search: string,
  cursor: string | undefined,
  many: number,
): Promise<readonly Candidate[]> {
  const begin = STAGES.findIndex((stage) => stage === (cursor?.[0] ?? 's'))
  const found: Candidate[] = []
  for (const [index, stage] of STAGES.entries()) {
    if (index < begin || found.length >= many) continue
    const after = index === begin ? cursor?.slice(1) : undefined
    const rest = many - found.length
    if (stage === 'n') found.push(...(await byName(db, search, after, rest)))
    else if (isHex(search, stage)) found.push(...(await byHex(db, stage, search, after, rest)))
  }
  return found
}

/** Words such as `ada` are hexadecimal, too: a fingerprint is not typed in by its first letters. */
function isHex(search: string, stage: 's' | 'f'): boolean {
  return /^[0-9a-f]{2,64}$/.test(search) && (stage === 's' || search.length >= 8)
}

const HEX_COLUMN = { s: 'serial', f: 'fingerprint' } as const

async function byHex(
  db: Kysely<Schema>,
  stage: 's' | 'f',
  search: string,
  after: string | undefined,
  many: number,
): Promise<Candidate[]> {
  const column = HEX_COLUMN[stage]
  let query: SelectQueryBuilder<Schema, 'certificates', { serial: string; at: string | null }> = db
    .selectFrom('certificates')
    .select(['serial', `${column} as at`])
    .where(column, '>=', after ?? search)
    // The next letter after those of hex, in every collation.
    .where(column, '<', `${search}g`)
  if (after !== undefined) query = query.where(column, '>', after)
  if (stage === 'f') query = query.where((where) => where.not(startsWith(search)))
  const rows = await query.orderBy(column).limit(many).execute()
  return rows.map(({ serial, at }) => ({ serial, cursor: stage + at }))
}

/** Compared by its octets, so that a beginning is a range of the index; each certificate by its first name alone. */
async function byName(
  db: Kysely<Schema>,
  search: string,
  after: string | undefined,
  many: number,
): Promise<Candidate[]> {
  const above = nextText(search)
  const [, newest, serial, name] = /^(-?\d+)\.([0-9a-f]+)\.(.*)$/s.exec(after ?? '') ?? []
  let query = db
    .selectFrom('certificate_names as n')
    .select(['n.serial', 'n.name', 'n.newest'])
    .where('n.name', '>=', name ?? search)
    .where('n.name', '<', above)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('certificate_names as o')
            .select('o.serial')
            .whereRef('o.serial', '=', 'n.serial')
            .where('o.name', '>=', search)
            .whereRef('o.name', '<', 'n.name'),
        ),
      ),
    )
  if (name !== undefined)
    query = query.where(sql<boolean>`(n.name, n.newest, n.serial) > (${name}, ${Number(newest)}, ${serial})`)
  // Those were shown before.
  if (isHex(search, 's')) query = query.where((where) => where.not(startsWith(search, 'n.serial')))
  const rows = await query.orderBy('n.name').orderBy('n.newest').orderBy('n.serial').limit(many).execute()
  return rows.map((row) => ({ serial: row.serial, cursor: `n${row.newest}.${row.serial}.${row.name}` }))
}

function startsWith(search: string, column = 'serial') {
  return sql<boolean>`(${sql.ref(column)} >= ${search} and ${sql.ref(column)} < ${`${search}g`})`
}

/** The first text that does not begin with `text`: U+10FFFF stands in no name. */
function nextText(text: string): string {
  return `${text}\u{10ffff}`
}
