import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { UpstreamError } from '../kernel/errors.ts'
import type { Database } from './database.ts'
import type { Schema } from './schema.ts'

const CONNECT_TIMEOUT_MILLISECONDS = 5_000
const QUERY_TIMEOUT_MILLISECONDS = 60_000

/** `count(*)`, `bigint`: numbers, as on SQLite. What the house stores stays below 2^53. */
const INT8 = 20
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === INT8 && format !== 'binary'
      ? (text: string) => Number(text)
      : pg.types.getTypeParser(oid, format),
}

export function openPostgresWriter(url: string): Promise<Database> {
  // An acknowledged commit is on disk, whatever the server's default says.
  return open(url, '-c synchronous_commit=on')
}

export function openPostgresReader(url: string): Promise<Database> {
  return open(url, '-c default_transaction_read_only=on')
}

async function open(url: string, options: string): Promise<Database> {
  const pool = new pg.Pool({
    ...connectionOptions(url),
    options,
    max: 4,
  })
  // An idle connection that breaks says so here and is replaced; whoever needs one next sees the error, if it lasts.
  pool.on('error', () => {})
  try {
    await pool.query('select 1')
  } catch (cause) {
    await pool.end()
    throw unreachable(url, cause)
  }
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  return {
    kysely,
    engine: 'postgres',
    capabilities: { shared: true, notifies: true, readableFile: undefined },
    raw: { engine: 'postgres', pool, url },
    close: async () => {
      await kysely.destroy()
      if (!pool.ended) await pool.end()
    },
  }
}

/** For the pool and for the one connection that listens. */
export function connectionOptions(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    types,
    application_name: 'sallyport',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MILLISECONDS,
    query_timeout: QUERY_TIMEOUT_MILLISECONDS,
    keepAlive: true,
  }
}

function unreachable(url: string, cause: unknown): UpstreamError {
  const server = withoutPassword(url)
  const why = cause instanceof Error ? cause.message : String(cause)
  return new UpstreamError(
    'database-unavailable',
    `PostgreSQL at ${server} does not answer: ${why}.`,
    { server },
    cause,
  )
}

function withoutPassword(url: string): string {
  return url.replace(/(:\/\/[^:/@]*):[^@]*@/, '$1:***@').replace(/([?&]password=)[^&]*/i, '$1***')
}
