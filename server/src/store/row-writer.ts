import { hash } from 'node:crypto'
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { Pool, PoolClient } from 'pg'
import type { Database } from './database.ts'
import { columnTypes, isPostgresRowFault, postgresTransaction } from './postgres-batch.ts'
import { type Column, type InsertStatement, type RowWrite, toSteps } from './row-write.ts'

/** Writes a batch in one durable transaction, without the query builder. */
export interface RowWriter {
  /** Resolves after the commit is on disk. Where it rejects, the batch is not in the database, or nobody can tell. */
  write(writes: readonly RowWrite[]): Promise<void>
  /** True where a row is to blame (constraint, unstorable value), not the database. */
  isRowFault(error: unknown): boolean
}

export function rowWriter(database: Database): RowWriter {
  return database.raw.engine === 'sqlite'
    ? new SqliteRowWriter(database, database.raw.connection)
    : new PostgresRowWriter(database.raw.pool)
}

class SqliteRowWriter implements RowWriter {
  readonly #database: Database
  readonly #connection: DatabaseSync
  readonly #inserts = new Map<InsertStatement, StatementSync>()

  constructor(database: Database, connection: DatabaseSync) {
    this.#database = database
    this.#connection = connection
  }

  async write(writes: readonly RowWrite[]): Promise<void> {
    // Kysely's transaction, because it waits for the transactions of others on the one connection.
    await this.#database.kysely.transaction().execute(async (transaction) => {
      for (const step of toSteps(writes)) {
        if ('query' in step) {
          await transaction.executeQuery(step.query)
          continue
        }
        const statement = this.#prepare(step.insert)
        for (const row of step.rows) statement.run(...(row as SQLInputValue[]))
      }
    })
  }

  isRowFault(error: unknown): boolean {
    const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0
    const [TOO_BIG, CONSTRAINT, MISMATCH] = [18, 19, 20]
    // Without a result code: node:sqlite itself refused to bind the value.
    return [TOO_BIG, CONSTRAINT, MISMATCH].includes(code) || (error instanceof TypeError && 'code' in error)
  }

  #prepare(insert: InsertStatement): StatementSync {
    const known = this.#inserts.get(insert)
    if (known !== undefined) return known
    const placeholders = insert.columns.map(() => '?').join(', ')
    const statement = this.#connection.prepare(
      `${insertInto(insert)} values (${placeholders})${conflict(insert)}`,
    )
    this.#inserts.set(insert, statement)
    return statement
  }
}

class PostgresRowWriter implements RowWriter {
  readonly #pool: Pool
  /** Text of each statement and the types of its columns. */
  readonly #inserts = new Map<InsertStatement, { name: string; text: string }>()

  constructor(pool: Pool) {
    this.#pool = pool
  }

  async write(writes: readonly RowWrite[]): Promise<void> {
    await postgresTransaction(this.#pool, async (client) => {
      for (const step of toSteps(writes)) {
        if ('query' in step) await client.query(step.query.sql, [...step.query.parameters])
        else for (const rows of rounds(step.insert, step.rows)) await this.#insert(client, step.insert, rows)
      }
    })
  }

  isRowFault(error: unknown): boolean {
    return isPostgresRowFault(error)
  }

  /** One array for each column: the text of the statement, and so its plan, is the same for any number of rows. */
  async #insert(
    client: PoolClient,
    insert: InsertStatement,
    rows: readonly (readonly Column[])[],
  ): Promise<void> {
    const { name, text } = await this.#prepare(client, insert)
    const arrays = insert.columns.map((_, column) => rows.map((row) => row[column] ?? null))
    await client.query({ name, text, values: arrays })
  }

  async #prepare(client: PoolClient, insert: InsertStatement): Promise<{ name: string; text: string }> {
    const known = this.#inserts.get(insert)
    if (known !== undefined) return known
    const types = await columnTypes(client, insert.table)
    const arrays = insert.columns.map((column, index) => `$${index + 1}::${types.get(column)}[]`)
    const text = `${insertInto(insert)} select * from unnest(${arrays.join(', ')})${conflict(insert)}`
    // The name is the text's own: two writers may meet on one connection of the pool.
    const statement = { name: hash('sha256', text).slice(0, 32), text }
    this.#inserts.set(insert, statement)
    return statement
  }
}

function insertInto({ table, columns }: InsertStatement): string {
  return `insert into ${table} (${columns.join(', ')})`
}

function conflict({ onConflict }: InsertStatement): string {
  return onConflict === undefined ? '' : ` on conflict ${onConflict}`
}

/** Splits rows so that no two of one round have the same conflict key; later rows of a key come in later rounds. */
function rounds(insert: InsertStatement, rows: readonly (readonly Column[])[]): (readonly Column[])[][] {
  const keyColumns = insert.conflictKey?.map((name) => (insert.columns as readonly string[]).indexOf(name))
  if (keyColumns === undefined) return [[...rows]]
  const split: (readonly Column[])[][] = []
  const seen = new Map<string, number>()
  for (const row of rows) {
    const key = JSON.stringify(keyColumns.map((column) => row[column]))
    const round = seen.get(key) ?? 0
    seen.set(key, round + 1)
    const target = split[round]
    if (target === undefined) split.push([row])
    else target.push(row)
  }
  return split
}
