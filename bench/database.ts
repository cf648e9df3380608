/** PostgreSQL for either server: synchronous, pinned to the server's core because it is part of the server. */
import { execFileSync } from 'node:child_process'
import { type PostgresServer, startPostgres } from '../lab/postgres.ts'
import { SERVER_CORE } from './cores.ts'

const FREERADIUS_SCHEMA = '/etc/freeradius/3.0/mods-config/sql/main/postgresql/schema.sql'

export async function startDatabase(): Promise<PostgresServer & AsyncDisposable> {
  const server = await startPostgres({ prefix: SERVER_CORE })
  return { ...server, [Symbol.asyncDispose]: () => server.stop() }
}

/** A database with the stock tables of FreeRADIUS, as its `sql` module connects to it. */
export function freeRadiusDatabase(server: PostgresServer) {
  const url = server.database('freeradius')
  psql(url, '-q', '-f', FREERADIUS_SCHEMA)
  for (const setting of ['fsync', 'synchronous_commit']) {
    const value = psql(url, '-c', `show ${setting}`)
    if (value !== 'on') throw new Error(`PostgreSQL: ${setting} is ${value}`)
  }
  // Not new URL(): it does not know URLs without a host, which are how libpq writes a Unix socket.
  const host = new URLSearchParams(url.slice(url.indexOf('?'))).get('host') ?? ''
  return { url, connection: { host, port: 5432, user: 'sallyport', database: 'freeradius' } }
}

export function countRows(url: string, table: 'radacct' | 'accounting_records'): number {
  return Number(psql(url, '-c', `select count(*) from ${table}`))
}

function psql(url: string, ...args: string[]): string {
  return execFileSync('psql', [url, '-v', 'ON_ERROR_STOP=1', '-At', ...args], { encoding: 'utf8' }).trim()
}
