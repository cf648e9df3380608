import { chmodSync, closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { ConfigError } from '../kernel/errors.ts'

/** How long a statement waits for another connection's lock. */
const BUSY_TIMEOUT_MILLISECONDS = 5_000

/** The bare read-only connection, for prepared statements on a hot path (RADIUS workers need no query builder). */
export function connectSqliteReader(file: string): DatabaseSync {
  return connect(file, true)
}

/** Creates the file where it is missing, readable by the owner alone. */
export function connectSqliteWriter(file: string): DatabaseSync {
  return connect(file, false)
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

export function unopenable(file: string, cause: unknown): ConfigError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new ConfigError('database-file', `The database ${file} cannot be opened: ${why}.`, { file }, cause)
}
