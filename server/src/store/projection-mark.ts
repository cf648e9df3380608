import { randomUUID } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import type { Kysely } from 'kysely'
import type { Clock } from '../kernel/clock.ts'
import type { Remote } from '../kernel/rpc.ts'
import type { ProjectionMarkStore } from './projection-mark-store.ts'
import type { Schema } from './schema.ts'

interface State {
  /** Random, of this file. */
  readonly file: string
  /** As the database holds it; null: nothing was kept yet. */
  readonly mark: string | null
  /** What the database may hold where the process ended in between. */
  readonly next: string | null
}

/**
 * What a local file is to the database it copies from. `empty`: nothing was kept with a mark yet. `gone`: it may hold what the
 * database does not.
 */
export type ProjectionStanding = 'empty' | 'held' | 'gone'

/** Where marks are written: the store thread. */
export type ProjectionMarks = Remote<ProjectionMarkStore>

/**
 * By it a local file that copies from the main database notices that the database went back in time: a backup was restored.
 * The mark is random, written to the database after rows were read and before they are kept here. A database that has the
 * mark has those rows; one that does not have it came from before, and the file begins anew. A number that counts changes
 * would not do: a restored database that others went on with passes it. ADR 0030.
 *
 * In this order: `propose`, read the rows, `write`, and in one local transaction the rows and `keep`.
 */
export class ProjectionMark {
  readonly #local: DatabaseSync
  readonly #marks: ProjectionMarks
  readonly #clock: Pick<Clock, 'now'>

  /** Makes its table in the local file where there is none. */
  constructor(local: DatabaseSync, marks: ProjectionMarks, clock: Pick<Clock, 'now'>) {
    this.#local = local
    this.#marks = marks
    this.#clock = clock
    local.exec(
      'create table if not exists projection_state (file text not null, mark text, next text) strict;' +
        `insert into projection_state select '${randomUUID()}', null, null where not exists (select 1 from projection_state)`,
    )
  }

  /** `db`: where the rows are read, be it a transaction. */
  async standing(db: Kysely<Schema>): Promise<ProjectionStanding> {
    const { file, mark, next } = this.#state
    if (mark === null) return 'empty'
    const row = await db
      .selectFrom('projection_marks')
      .select('mark')
      .where('file', '=', file)
      .executeTakeFirst()
    if (row === undefined) return 'gone'
    if (row.mark === mark) return 'held'
    if (row.mark !== next) return 'gone'
    this.keep(row.mark)
    return 'held'
  }

  /** To be called before the local transaction. */
  propose(): string {
    const mark = randomUUID()
    this.#local.prepare('update projection_state set next = ?').run(mark)
    return mark
  }

  async write(mark: string): Promise<void> {
    await this.#marks.mark(this.#state.file, mark, this.#clock.now())
  }

  keep(mark: string): void {
    this.#local.prepare('update projection_state set mark = ?, next = null').run(mark)
  }

  /**
   * The file begins anew, under another name in the database: to be called in the transaction that deletes the rows. Returns
   * the name that is to be forgotten after it.
   */
  renew(): string {
    const { file } = this.#state
    this.#local.prepare('update projection_state set file = ?, mark = null, next = null').run(randomUUID())
    return file
  }

  async forget(file: string): Promise<void> {
    await this.#marks.forget(file)
  }

  get #state(): State {
    // Exactly one row, which the constructor made sure of.
    return this.#local.prepare('select * from projection_state').get() as unknown as State
  }
}
