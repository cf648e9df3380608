import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { fromHex } from '@sallyport/bytes'
import { sql } from 'kysely'
import type { Clock } from '../../kernel/clock.ts'
import type { Database } from '../../store/database.ts'
import { ProjectionMark, type ProjectionMarks } from '../../store/projection-mark.ts'
import { connectSqliteWriter } from '../../store/sqlite-connection.ts'
import type { IssuedRow } from './issued-records.ts'

/** Rows copied in one go: some milliseconds of the thread. */
const PAGE = 1_000
/** Clocks of nodes differ, and rows are dated before they are committed: so much is read again each time. */
const OVERLAP_MILLISECONDS = 60_000
/** Of those who logged in and were not copied; others are asked about again. */
const MOST_REMEMBERED = 10_000
const DAY = 86_400_000
/** Another one makes all files anew. */
const FORMAT = 2

const TABLES = `
create table issued (fingerprint blob primary key, not_after integer not null) strict, without rowid;
create table copied (newest integer not null) strict;
insert into copied values (0);
`

interface Found extends IssuedRow {
  readonly createdAt: number
  readonly serial: string
}

/**
 * The fingerprints of what our own CA issued, in a local SQLite file, so that RADIUS workers tell without a database what
 * is recorded; 40 octets each. It is allowed to lack some (whoever does not find one asks the records), never to hold what
 * the records do not: they go back in time where a backup is restored (`ProjectionMark`). It holds nothing of its own: delete
 * it and it is made again.
 */
export class IssuedProjection {
  readonly #source: Database
  readonly #mark: ProjectionMark
  readonly #local: DatabaseSync
  readonly #clock: Clock
  readonly #wentBack: () => void
  readonly #known: StatementSync
  readonly #remembered = new Map<string, IssuedRow>()
  #running: Promise<void> | undefined
  #slice = 0
  #isClosed = false

  /** Opens (or makes) the file; `check` must have resolved before anybody reads it. */
  constructor(parts: {
    readonly source: Database
    readonly marks: ProjectionMarks
    readonly file: string
    readonly clock: Clock
    /** Told where the database went back in time. */
    readonly wentBack: () => void
  }) {
    this.#source = parts.source
    this.#clock = parts.clock
    this.#wentBack = parts.wentBack
    this.#local = openFile(parts.file)
    this.#mark = new ProjectionMark(this.#local, parts.marks, parts.clock)
    this.#known = this.#local.prepare('select 1 from issued where fingerprint = ?')
  }

  /** Throws everything away that the database may not hold. */
  async check(): Promise<void> {
    if ((await this.#mark.standing(this.#source.kysely)) !== 'gone') return
    this.#local.exec('begin; delete from issued; update copied set newest = 0')
    const before = this.#mark.renew()
    this.#local.exec('commit')
    this.#wentBack()
    await this.#mark.forget(before)
  }

  /** Copies what was issued since the last time. Calls that come while one runs share it. */
  refresh(): Promise<void> {
    this.#running ??= this.#copy().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** Recorded, but not copied: it comes along with the next refresh. */
  remember(row: IssuedRow): void {
    if (this.#remembered.size < MOST_REMEMBERED) this.#remembered.set(row.fingerprint, row)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#running?.catch(() => {})
    this.#local.close()
  }

  /** When what was copied last was begun to be issued. */
  get #newest(): number {
    return Number(this.#local.prepare('select newest from copied').get()?.newest)
  }

  async #copy(): Promise<void> {
    await this.check()
    const remembered = [...this.#remembered.values()]
    await this.#keep(remembered, this.#newest)
    for (const { fingerprint } of remembered) this.#remembered.delete(fingerprint)
    let after = { createdAt: this.#newest - OVERLAP_MILLISECONDS, serial: '' }
    while (!this.#isClosed) {
      const rows = await this.#page(after)
      // A clock that is ahead must not hide what others issue in the meantime.
      const newest = Math.min(rows.at(-1)?.createdAt ?? 0, this.#clock.now())
      await this.#keep(rows, Math.max(newest, this.#newest))
      after = rows.at(-1) ?? after
      if (rows.length < PAGE) break
    }
    this.#deleteEnded()
  }

  async #page({ createdAt, serial }: Pick<Found, 'createdAt' | 'serial'>): Promise<readonly Found[]> {
    const rows = await this.#source.kysely
      .selectFrom('certificates')
      .select(['serial', 'fingerprint', 'created_at', 'not_after'])
      // The index `certificates_in_order_of_created` from a place on, for both databases.
      .where(sql<boolean>`(created_at, serial) > (${createdAt}, ${serial})`)
      .orderBy('created_at')
      .orderBy('serial')
      .limit(PAGE)
      .execute()
    return rows.map((row) => ({
      serial: row.serial,
      // Empty: its signature is still to come. It is met again within the overlap, or asked for.
      fingerprint: row.fingerprint ?? '',
      createdAt: Number(row.created_at),
      notAfter: Number(row.not_after),
    }))
  }

  /** First the mark in the database, then the rows. */
  async #keep(rows: readonly IssuedRow[], newest: number): Promise<void> {
    const fresh = rows.flatMap(({ fingerprint, notAfter }) => {
      const octets = fromHex(fingerprint)
      return octets.length === 0 || this.#known.get(octets) !== undefined ? [] : [{ octets, notAfter }]
    })
    if (fresh.length === 0) return
    const mark = this.#mark.propose()
    await this.#mark.write(mark)
    const insert = this.#local.prepare('insert or replace into issued values (?, ?)')
    this.#local.exec('begin')
    for (const { octets, notAfter } of fresh) insert.run(octets, notAfter)
    this.#local.prepare('update copied set newest = ?').run(newest)
    this.#mark.keep(mark)
    this.#local.exec('commit')
  }

  /** What ended logs nobody in. A 256th of the file at a time. */
  #deleteEnded(): void {
    const to = this.#slice === 255 ? new Uint8Array(33).fill(255) : Uint8Array.of(this.#slice + 1)
    this.#local
      .prepare('delete from issued where fingerprint >= ? and fingerprint < ? and not_after < ?')
      .run(Uint8Array.of(this.#slice), to, this.#clock.now() - DAY)
    this.#slice = (this.#slice + 1) % 256
  }
}

function openFile(file: string): DatabaseSync {
  const local = connectSqliteWriter(file)
  // Losing the last moments costs another copy, nothing else.
  local.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma cache_size = -16000')
  if (Number(local.prepare('pragma user_version').get()?.user_version) === FORMAT) return local
  local.exec('begin; drop table if exists issued; drop table if exists copied')
  local.exec('drop table if exists projection_state')
  local.exec(TABLES)
  local.exec(`pragma user_version = ${FORMAT}; commit`)
  return local
}
