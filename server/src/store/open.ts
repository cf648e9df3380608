import { fileURLToPath } from 'node:url'
import { ConfigError } from '../kernel/errors.ts'
import type { Database } from './database.ts'
import { openSqliteReader, openSqliteWriter } from './sqlite.ts'

/**
 * Opens the database for writing and brings its tables up to date.
 *
 * @param url `sqlite:/var/lib/sallyport/sallyport.db`, `file:` URL of the same, or `postgres://user@host/database`
 * @throws ConfigError 'database-url', 'database-file', 'database-newer'; UpstreamError 'database-unavailable',
 *   'migration-failed'
 */
export async function openWriter(url: string): Promise<Database> {
  const target = parseDatabaseUrl(url)
  const { migrate } = await import('./migrate.ts')
  const database =
    target.engine === 'sqlite'
      ? openSqliteWriter(target.file)
      : await (await import('./postgres.ts')).openPostgresWriter(target.url)
  try {
    await migrate(database)
  } catch (error) {
    await database.close()
    throw error
  }
  return database
}

/** Opens the database read-only. It must exist: the writer is opened first. */
export async function openReader(url: string): Promise<Database> {
  const target = parseDatabaseUrl(url)
  return target.engine === 'sqlite'
    ? openSqliteReader(target.file)
    : (await import('./postgres.ts')).openPostgresReader(target.url)
}

export type DatabaseTarget =
  | { readonly engine: 'sqlite'; readonly file: string }
  | { readonly engine: 'postgres'; readonly url: string }

export function parseDatabaseUrl(url: string): DatabaseTarget {
  if (/^postgres(ql)?:\/\//.test(url)) return { engine: 'postgres', url }
  if (url.startsWith('file://')) return { engine: 'sqlite', file: fileURLToPath(url) }
  const file = /^sqlite:(?:\/\/(?=\/))?(.+)$/.exec(url)?.[1]
  if (file !== undefined) return { engine: 'sqlite', file }
  throw new ConfigError(
    'database-url',
    'The database URL starts with neither sqlite: nor postgres://. Examples: sqlite:/var/lib/sallyport/sallyport.db, ' +
      'postgres://sallyport@db.example.org/sallyport',
    {},
  )
}
