import type { Transaction } from 'kysely'
import { BugError, RequestError } from '../kernel/errors.ts'
import { isUniqueViolation } from '../store/constraint.ts'
import type { Database } from '../store/database.ts'
import { recordFactChange } from '../store/fact-change.ts'
import { announce } from '../store/revision.ts'
import type { Schema } from '../store/schema.ts'
import type { DataWriter, RowImage } from './data-section.ts'

export interface VersionSummary {
  readonly number: number
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  readonly author: string
  readonly comment: string
}

export interface StoredVersion extends VersionSummary {
  /** JSON, secrets sealed. */
  readonly document: string
}

export interface NewVersion {
  /** The version the change was planned on; 0 = none yet. */
  readonly baseVersion: number
  readonly document: string
  readonly at: number
  readonly author: string
  readonly comment: string
  /** For the data sections, in the order they are written. */
  readonly writes: readonly SectionWrites[]
  /** Takes back what versions after this one did to data (rollback). */
  readonly undoAfter?: number
}

export interface SectionWrites {
  readonly section: string
  readonly writes: readonly unknown[]
}

interface SectionImages {
  readonly section: string
  readonly images: readonly RowImage[]
}

export interface Committed {
  readonly version: number
  /** Rows a rollback left alone, because they changed otherwise since: `users/alice`. */
  readonly leftAlone: readonly string[]
}

/** The numbered versions of the configuration. Lives in the store thread; main calls it through kernel/rpc.ts. */
export class VersionStore {
  readonly #database: Database
  readonly #writers: ReadonlyMap<string, DataWriter>
  readonly #dataChanged: () => void

  /**
   * @param writers by the name of their data section
   * @param dataChanged told when a version may have written rows of the data sections
   */
  constructor(
    database: Database,
    writers: ReadonlyMap<string, DataWriter>,
    dataChanged: () => void = () => {},
  ) {
    this.#database = database
    this.#dataChanged = dataChanged
    this.#writers = writers
  }

  /** Undefined: nothing was ever applied. */
  async latest(): Promise<StoredVersion | undefined> {
    const row = await this.#select().orderBy('number', 'desc').limit(1).executeTakeFirst()
    return row && stored(row)
  }

  async latestNumber(): Promise<number> {
    const row = await this.#database.kysely
      .selectFrom('config_versions')
      .select((column) => column.fn.max('number').as('number'))
      .executeTakeFirst()
    return row?.number ?? 0
  }

  async get(number: number): Promise<StoredVersion | undefined> {
    const row = await this.#select().where('number', '=', number).executeTakeFirst()
    return row && stored(row)
  }

  /** Newest first. */
  async list({ limit = 50, before = Number.MAX_SAFE_INTEGER } = {}): Promise<VersionSummary[]> {
    const rows = await this.#database.kysely
      .selectFrom('config_versions')
      .select(['number', 'created_at', 'author', 'comment'])
      .where('number', '<', before)
      .orderBy('number', 'desc')
      .limit(limit)
      .execute()
    return rows.map(summary)
  }

  /**
   * Stores a version and the data that came with it, whole or not at all.
   *
   * @throws RequestError 'version-conflict' where the base is no longer the latest version, or a row has changed
   */
  async commit(version: NewVersion): Promise<Committed> {
    try {
      const committed = await this.#database.kysely
        .transaction()
        .execute((transaction) => this.#commitIn(transaction, version))
      this.#dataChanged()
      return committed
    } catch (error) {
      // Another node took the number in the same moment.
      if (isUniqueViolation(error)) throw conflict(version.baseVersion, version.baseVersion + 1)
      throw error
    }
  }

  async #commitIn(transaction: Transaction<Schema>, version: NewVersion): Promise<Committed> {
    const latest = await transaction
      .selectFrom('config_versions')
      .select((column) => column.fn.max('number').as('number'))
      .executeTakeFirst()
    const current = latest?.number ?? 0
    if (current !== version.baseVersion) throw conflict(version.baseVersion, current)
    const number = current + 1
    // The row comes first: its key keeps a second node out until this transaction ends.
    await transaction
      .insertInto('config_versions')
      .values({
        number,
        document: version.document,
        created_at: version.at,
        author: version.author,
        comment: version.comment,
        data_changes: '[]',
      })
      .execute()

    const undone = await this.#undo(transaction, version.undoAfter ?? current, current)
    const written = await this.#write(transaction, version.writes)
    await transaction
      .updateTable('config_versions')
      .set({ data_changes: JSON.stringify([...undone.images, ...written]) })
      .where('number', '=', number)
      .execute()
    // Rules, profiles, realms or trust: any grant may rest on what is different.
    await recordFactChange(transaction, {
      ...{ at: version.at, fact: 'all', key: null, asked_by: 'system' },
      cause: `configuration version ${number}`,
      config_version: number,
    })
    await announce(this.#database, transaction, 'configuration')
    return { version: number, leftAlone: undone.leftAlone }
  }

  async #write(transaction: Transaction<Schema>, writes: readonly SectionWrites[]): Promise<SectionImages[]> {
    const all: SectionImages[] = []
    for (const { section, writes: rows } of writes) {
      all.push({ section, images: await this.#writer(section).write(transaction, rows) })
    }
    return all
  }

  /** From the newest version back to the one after `target`, each in the reverse order of its writing. */
  async #undo(
    transaction: Transaction<Schema>,
    target: number,
    current: number,
  ): Promise<{ images: SectionImages[]; leftAlone: string[] }> {
    const images: SectionImages[] = []
    const leftAlone = new Set<string>()
    for (let number = current; number > target; number--) {
      const row = await transaction
        .selectFrom('config_versions')
        .select('data_changes')
        .where('number', '=', number)
        .executeTakeFirst()
      // Written by #commitIn.
      const changes = JSON.parse(row?.data_changes ?? '[]') as SectionImages[]
      for (const { section, images: wrote } of changes.toReversed()) {
        const undo = await this.#writer(section).undo(transaction, wrote)
        images.push({ section, images: undo.images })
        for (const name of undo.leftAlone) leftAlone.add(name)
      }
    }
    return { images, leftAlone: [...leftAlone] }
  }

  #writer(section: string): DataWriter {
    const writer = this.#writers.get(section)
    if (writer === undefined)
      throw new BugError('no-such-section', `No feature owns the section '${section}'.`)
    return writer
  }

  #select() {
    return this.#database.kysely
      .selectFrom('config_versions')
      .select(['number', 'document', 'created_at', 'author', 'comment'])
  }
}

type Row = { number: number; created_at: number; author: string; comment: string }

function summary({ number, created_at, author, comment }: Row): VersionSummary {
  return { number, createdAt: created_at, author, comment }
}

function stored(row: Row & { document: string }): StoredVersion {
  return { ...summary(row), document: row.document }
}

function conflict(base: number, current: number): RequestError {
  return new RequestError(
    'version-conflict',
    `The configuration is at version ${current}; this change was made for version ${base}. Look at the difference again.`,
    { base, current },
  )
}
