import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '../kernel/errors.ts'
import type { DatabaseTarget } from '../store/open.ts'

type Engine = DatabaseTarget['engine']

const FILE = 'database-engine'
const NAMES: Readonly<Record<Engine, string>> = { sqlite: 'SQLite', postgres: 'PostgreSQL' }

/**
 * A data folder remembers which engine its installation keeps its database in, not where: an address may change and may
 * hold a password. Without it a forgotten `--database` would make a second, empty installation with a CA of its own.
 *
 * @throws ConfigError 'data-folder-other-engine', 'database-engine-unreadable'
 */
export function refuseOtherEngine(folder: string, engine: Engine): void {
  const kept = engineOf(folder)
  if (kept === undefined || kept === engine) return
  const cure =
    kept === 'postgres'
      ? 'Name it: --database postgres://user@host/database (SALLYPORT_DATABASE).'
      : 'Leave out --database (SALLYPORT_DATABASE).'
  throw new ConfigError(
    'data-folder-other-engine',
    `The data folder ${folder} belongs to an installation whose database is ${NAMES[kept]}, not ${NAMES[engine]}. ${cure} For a new installation choose an empty folder with --data; data does not move by itself.`,
    { folder, kept, asked: engine },
  )
}

/** To be called once the database is open: a start that failed before may be repeated with another one. */
export function rememberEngine(folder: string, engine: Engine): void {
  const path = join(folder, FILE)
  if (!existsSync(path)) writeFileSync(path, `${engine}\n`, { mode: 0o600 })
}

function engineOf(folder: string): Engine | undefined {
  const path = join(folder, FILE)
  if (existsSync(path)) {
    const text = readFileSync(path, 'utf8').trim()
    if (text === 'sqlite' || text === 'postgres') return text
    throw new ConfigError('database-engine-unreadable', `${path} says neither "sqlite" nor "postgres".`, {
      path,
    })
  }
  // A folder put together from a backup.
  if (existsSync(join(folder, 'sallyport.db'))) return 'sqlite'
  return existsSync(join(folder, 'users.db')) ? 'postgres' : undefined
}
