import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
} from 'kysely'

/** Statements kept prepared; the house has fewer distinct queries than this. */
const PREPARED_STATEMENTS = 500

/** Kysely's SQLite dialect over node:sqlite (it was written for better-sqlite3). */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig
  readonly #readOnly: boolean

  constructor(connection: DatabaseSync, options: { readOnly: boolean }) {
    const config = { database: new PreparingConnection(connection) }
    super(config)
    this.#config = config
    this.#readOnly = options.readOnly
  }

  override createDriver(): Driver {
    return this.#readOnly ? new SqliteDriver(this.#config) : new ImmediateDriver(this.#config)
  }
}

/** Takes the write lock at the start: a transaction that reads first could otherwise fail with SQLITE_BUSY at its write. */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
}

type SqliteDatabase = Exclude<SqliteDialectConfig['database'], (...args: never[]) => unknown>
type SqliteStatement = ReturnType<SqliteDatabase['prepare']>

class PreparingConnection implements SqliteDatabase {
  readonly #connection: DatabaseSync
  /** By SQL text, least recently used first. */
  readonly #statements = new Map<string, Statement>()

  constructor(connection: DatabaseSync) {
    this.#connection = connection
  }

  prepare(sql: string): SqliteStatement {
    const statement = this.#statements.get(sql) ?? new Statement(this.#connection.prepare(sql))
    this.#statements.delete(sql)
    this.#statements.set(sql, statement)
    if (this.#statements.size > PREPARED_STATEMENTS) {
      const [oldest] = this.#statements.keys()
      if (oldest !== undefined) this.#statements.delete(oldest)
    }
    return statement
  }

  close(): void {
    this.#statements.clear()
    this.#connection.close()
  }
}

class Statement implements SqliteStatement {
  readonly #statement: StatementSync
  readonly reader: boolean

  constructor(statement: StatementSync) {
    this.#statement = statement
    this.reader = statement.columns().length > 0
  }

  // Kysely hands parameters over untyped; node:sqlite checks each and throws on what it cannot bind.
  all(parameters: readonly unknown[]): unknown[] {
    return this.#statement.all(...(parameters as SQLInputValue[]))
  }

  run(parameters: readonly unknown[]): ReturnType<SqliteStatement['run']> {
    return this.#statement.run(...(parameters as SQLInputValue[]))
  }

  iterate(parameters: readonly unknown[]): IterableIterator<unknown> {
    return this.#statement.iterate(...(parameters as SQLInputValue[]))
  }
}
