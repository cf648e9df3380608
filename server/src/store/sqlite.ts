import type { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import type { Database } from './database.ts'
import type { Schema } from './schema.ts'
import { connectSqliteReader, connectSqliteWriter, unopenable } from './sqlite-connection.ts'
import { NodeSqliteDialect } from './sqlite-dialect.ts'

/** Opens (or creates, readable by the owner alone) a database file for the one writer. `:memory:` is for tests. */
export function openSqliteWriter(file: string): Database {
  const connection = connectSqliteWriter(file)
  try {
    // synchronous=FULL: in WAL mode NORMAL may lose the last commits at a power failure, and those were acknowledged.
    // A checkpoint every 16 MB instead of every 4: pages that many rows touch are copied and synced less often.
    // A page cache of 32 MB instead of 2: the indexes that every accounting record touches stay in memory.
    connection.exec(
      'pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 4000; pragma cache_size = -32000',
    )
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
