/**
 * A private PostgreSQL server for one test file: its own cluster in a temporary directory, reachable through a Unix socket
 * alone, as durable as in production unless told otherwise, gone afterwards.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/**
 * Runs the server until our end of its standard input closes, which the kernel does however this process dies; then a
 * fast shutdown, and away with the files ($0). Only the server holds standard error: its end means the server's.
 */
const WATCHED = `exec 3>&2 2>/dev/null
"$@" 2>&3 3>&- &
exec 3>&-
read -r _
kill -INT $!
wait $!
rm -rf "$0"`

export interface PostgresServer {
  /** Connection URL of the database `name`, which is created where it does not exist. */
  database(name: string): string
  /** Writes the database `name` to a file, by `pg_dump`, while it is in use. */
  backup(name: string): string
  /** Puts a backup in the place of the database `name`, to which nobody must be connected. */
  restore(name: string, file: string): void
  /** The process above all of the server's. */
  readonly pid: number
  /** Stops the server (crash-free) and removes its files. */
  stop(): Promise<void>
}

/** Why PostgreSQL cannot be started here; undefined: it can. In CI a missing PostgreSQL is an error. */
export function postgresMissing(): string | undefined {
  if (binaryFolder() !== undefined) return undefined
  const reason = 'PostgreSQL is not installed (Debian: apt-get install postgresql)'
  if (process.env.CI) throw new Error(reason)
  return reason
}

/**
 * @param fsync false for tests that create many databases and pull no plug: it is several times faster
 * @param prefix before the command line, e.g. `['taskset', '-c', '0']`
 * @throws Error with the server's log where it does not come up
 */
export async function startPostgres({
  fsync = true,
  prefix = [],
}: {
  fsync?: boolean
  prefix?: readonly string[]
} = {}): Promise<PostgresServer> {
  const bin = binaryFolder()
  if (bin === undefined) throw new Error('PostgreSQL is not installed')
  // Short, because a Unix socket's path holds at most 107 octets.
  const folder = mkdtempSync(join(tmpdir(), 'pg-'))
  const account = unprivilegedAccount()
  if (account !== undefined) chownSync(folder, account.uid, account.gid)
  const data = join(folder, 'data')
  const run = (program: string, args: string[]): string =>
    execFileSync(join(bin, program), args, { ...account, cwd: folder, encoding: 'utf8', stdio: 'pipe' })

  let server: ChildProcess | undefined
  const stop = async (): Promise<void> => {
    if (server !== undefined && server.exitCode === null && server.signalCode === null) {
      const gone = once(server, 'exit')
      server.stdin?.end()
      await gone
    }
    rmSync(folder, { recursive: true, force: true })
  }

  try {
    run('initdb', [
      ...['-D', data, '-U', 'sallyport', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    ])
    server = spawn(
      'sh',
      [
        ...['-c', WATCHED, folder, ...prefix, join(bin, 'postgres'), '-D', data, '-k', folder],
        ...['-c', 'listen_addresses=', '-c', 'shared_buffers=16MB', '-c', 'max_connections=40'],
        ...['-c', `fsync=${fsync ? 'on' : 'off'}`],
      ],
      { ...account, cwd: folder, stdio: ['pipe', 'ignore', 'pipe'] },
    )
    await ready(server)
  } catch (error) {
    await stop()
    throw error
  }

  const created = new Set<string>()
  let backups = 0
  return {
    pid: server.pid ?? -1,
    stop,
    backup(name) {
      const file = join(folder, `${name}.${++backups}.dump`)
      run('pg_dump', ['-h', folder, '-U', 'sallyport', '--format=custom', `--file=${file}`, name])
      return file
    },
    restore(name, file) {
      run('dropdb', ['-h', folder, '-U', 'sallyport', name])
      run('createdb', ['-h', folder, '-U', 'sallyport', name])
      run('pg_restore', ['-h', folder, '-U', 'sallyport', `--dbname=${name}`, file])
    },
    database(name) {
      if (!created.has(name)) run('createdb', ['-h', folder, '-U', 'sallyport', name])
      created.add(name)
      return `postgres://sallyport@/${name}?host=${encodeURIComponent(folder)}`
    },
  }
}

/** Resolves when the server says that it takes connections. */
async function ready(server: ChildProcess): Promise<void> {
  if (server.stderr === null) throw new Error('the server was started without a pipe for its log')
  const log: string[] = []
  for await (const line of createInterface({ input: server.stderr })) {
    log.push(line)
    if (!line.includes('database system is ready to accept connections')) continue
    server.stderr.resume() // or a full pipe would stop it
    return
  }
  throw new Error(`PostgreSQL did not start:\n${log.join('\n')}`)
}

/** The newest one Debian (or PATH's pg_config) offers. */
function binaryFolder(): string | undefined {
  const folders = globSync('/usr/lib/postgresql/*/bin/postgres').map((file) =>
    file.slice(0, -'/postgres'.length),
  )
  return folders.sort((a, b) => version(b) - version(a))[0]
}

function version(folder: string): number {
  return Number(/postgresql\/(\d+)/.exec(folder)?.[1] ?? 0)
}

/** PostgreSQL refuses to run as root: then as the account its package brought. */
function unprivilegedAccount(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}
