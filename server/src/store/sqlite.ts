import { chmodSync, closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import { ConfigError } from '../kernel/errors.ts'
import type { Database } from './database.ts'
import type { Schema } from './schema.ts'
import { NodeSqliteDialect } from './sqlite-dialect.ts'

/** How long a statement waits for another connection's lock. */
const BUSY_TIMEOUT_MILLISECONDS = 5_000

/** Opens (or creates, readable by the owner alone) a database file for the one writer. `:memory:` is for tests. */
export function openSqliteWriter(file: string): Database {
  const connection = connect(file, false)
  try {
    // synchronous=FULL: in WAL mode NORMAL may lose the last commits at a power failure, and those were acknowledged.
    connection.exec('pragma journal_mode = wal; pragma synchronous = full')
  } catch (cause) {
    connection.close()
    throw unopenable(file, cause)
  }
  return handle(file, connection, false)
}

/** Opens an existing database file read-only. */
export function openSqliteReader(file: string): Database {
  return handle(file, connectSqliteReader(file), true)
}

/** The bare read-only connection, for prepared statements on a hot path (RADIUS workers). */
export function connectSqliteReader(file: string): DatabaseSync {
  return connect(file, true)
}

function connect(file: string, readOnly: boolean): DatabaseSync {
  try {
    if (!readOnly && file !== ':memory:') ownerOnly(file)
    return new DatabaseSync(file, { readOnly, timeout: BUSY_TIMEOUT_MILLISECONDS })
  } catch (cause) {
    throw unopenable(file, cause)
  }
}

/** SQLite gives the files beside it (-wal, -shm) the same mode. */
function ownerOnly(file: string): void {
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
}

function unopenable(file: string, cause: unknown): ConfigError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new ConfigError('database-file', `The database ${file} cannot be opened: ${why}.`, { file }, cause)
}

function handle(file: string, connection: DatabaseSync, readOnly: boolean): Database {
  const kysely = new Kysely<Schema>({ dialect: new NodeSqliteDialect(connection, { readOnly }) })
  return {
    kysely,
    engine: 'sqlite',
    capabilities: { shared: false, notifies: false, readableFile: file },
    raw: { engine: 'sqlite', connection },
    // Kysely closes the connection only where it has used it.
    close: async () => {
      await kysely.destroy()
      if (connection.isOpen) connection.close()
    },
  }
}
