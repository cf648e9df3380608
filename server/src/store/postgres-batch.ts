/** What writers of batches need of PostgreSQL, without the query builder. */
import type { Pool, PoolClient } from 'pg'

/** Durable once it resolves. Where it rejects nothing is written, or nobody can tell. */
export async function postgresTransaction(
  pool: Pool,
  work: (client: PoolClient) => Promise<void>,
): Promise<void> {
  const client = await pool.connect()
  let failure: Error | undefined
  try {
    await client.query('begin')
    await work(client)
    await client.query('commit')
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error))
    await client.query('rollback').catch(() => {})
    throw error
  } finally {
    // A connection that failed otherwise than by a row is not used again.
    client.release(failure !== undefined && !isPostgresRowFault(failure) ? failure : undefined)
  }
}

/** SQLSTATE classes 22 (data exception, such as NUL in a text) and 23 (integrity constraint). */
export function isPostgresRowFault(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code))
}

/** Names of the columns, and their types as SQL writes them. */
export async function columnTypes(client: PoolClient, table: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, atttypmod) as type
       from pg_attribute where attrelid = $1::regclass and attnum > 0`,
    [table],
  )
  return new Map(rows.map(({ name, type }) => [name, type]))
}
