import { cpus, release, totalmem } from 'node:os'
import { sql } from 'kysely'
import type { Database } from '../../store/database.ts'
import { VERSION } from '../version.ts'

/** What runs here. */
export async function versions(database: Database): Promise<object> {
  const { node, openssl, v8 } = process.versions
  return {
    sallyport: VERSION,
    node,
    openssl,
    v8,
    system: `${process.platform} ${release()} ${process.arch}`,
    processors: cpus().length,
    memoryOctets: totalmem(),
    database: await databaseVersion(database),
    migrations: await migrations(database),
  }
}

/** How much there is of everything: rows, octets, memory. */
export async function sizes(database: Database): Promise<object> {
  const { kysely, engine } = database
  const tables = await kysely.introspection.getTables()
  const rows: Record<string, number> = {}
  for (const { name } of tables) {
    const counted = await sql<{
      rows: number | string
    }>`select count(*) as rows from ${sql.table(name)}`.execute(kysely)
    rows[name] = Number(counted.rows[0]?.rows ?? 0)
  }
  const octets =
    engine === 'sqlite'
      ? sql<{
          octets: number
        }>`select page_count * page_size as octets from pragma_page_count(), pragma_page_size()`
      : sql<{ octets: string }>`select pg_database_size(current_database()) as octets`
  const { rows: size } = await octets.execute(kysely)
  return {
    rows,
    databaseOctets: Number(size[0]?.octets ?? 0),
    process: process.memoryUsage(),
    uptimeSeconds: Math.round(process.uptime()),
  }
}

async function databaseVersion({ engine, kysely }: Database): Promise<string> {
  const version =
    engine === 'sqlite'
      ? sql<{ version: string }>`select 'SQLite ' || sqlite_version() as version`
      : sql<{ version: string }>`select version() as version`
  return (await version.execute(kysely)).rows[0]?.version ?? engine
}

async function migrations({ kysely }: Database): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`select name from migrations order by name`.execute(kysely)
  return rows.map(({ name }) => name)
}
