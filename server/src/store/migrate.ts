import { sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { ConfigError, UpstreamError } from '../kernel/errors.ts'
import type { Database } from './database.ts'
import { POSTGRES_COLUMN_TYPES, SQLITE_COLUMN_TYPES } from './migrations/column-types.ts'
import { MIGRATIONS, type Migration } from './migrations/index.ts'

const TABLE = 'migrations'

/**
 * Brings the tables up to date, whole or not at all: all missing migrations in one transaction, under a lock that other
 * nodes wait for. Returns the names of those that ran.
 */
export async function migrate(
  database: Pick<Database, 'engine' | 'kysely'>,
  migrations: Readonly<Record<string, Migration>> = MIGRATIONS,
): Promise<string[]> {
  const types = database.engine === 'sqlite' ? SQLITE_COLUMN_TYPES : POSTGRES_COLUMN_TYPES
  const known = Object.fromEntries(
    Object.entries(migrations).map(([name, migration]) => [
      name,
      { up: (kysely: Parameters<Migration['up']>[0]) => migration.up(kysely, types) },
    ]),
  )
  const migrator = new Migrator({
    db: database.kysely,
    provider: { getMigrations: async () => known },
    migrationTableName: TABLE,
    migrationLockTableName: `${TABLE}_lock`,
  })

  const strangers = (await executedMigrations(database.kysely)).filter((name) => !(name in known))
  if (strangers.length > 0) {
    throw new ConfigError(
      'database-newer',
      `The database was made by a newer version of Sallyport (it holds ${strangers.join(', ')}). ` +
        'Install that version, or restore a backup taken before the upgrade.',
      { migrations: strangers },
    )
  }
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error !== undefined) {
    const failed = results.find((result) => result.status === 'Error')?.migrationName
    throw new UpstreamError(
      'migration-failed',
      `Bringing the database up to date failed${failed === undefined ? '' : ` at ${failed}`}; nothing was changed.`,
      { migration: failed },
      error,
    )
  }
  return results.map((result) => result.migrationName)
}

/** Kysely's Migrator calls a migration it does not know corruption; it is only a newer program's. */
async function executedMigrations(kysely: Database['kysely']): Promise<readonly string[]> {
  const tables = await kysely.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some((table) => table.name === TABLE)) return []
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(TABLE)}`.execute(kysely)
  return rows.map((row) => row.name)
}
