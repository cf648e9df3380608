/** Sallyport under test: the product's own command, pinned to the server's core. */
import { mkdirSync, readFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Sallyport, startSallyport } from '../lab/sallyport.ts'
import { until } from '../lab/until.ts'
import { sallyportDocument } from './account.ts'
import { SERVER_CORE } from './cores.ts'

export interface OursOptions {
  /** An empty folder. */
  readonly folder: string
  /** File of the CA of the client certificates. */
  readonly clientCa?: string
  /** PostgreSQL instead of SQLite in the data folder. */
  readonly database?: string
  /** What it serves, instead of the document of `account.ts`. */
  readonly document?: string
  /** Between `taskset` and its own command line. */
  readonly prefix?: readonly string[]
}

export async function startOurs({
  folder,
  clientCa,
  database,
  document,
  prefix = [],
}: OursOptions): Promise<Sallyport> {
  const data = join(folder, 'sallyport')
  mkdirSync(data)
  const store = database === undefined ? [] : ['--database', database]
  const server = await startSallyport({
    data,
    args: ['--bind', '127.0.0.1', ...store],
    prefix: [...SERVER_CORE, ...prefix],
  })
  try {
    await server.apply(
      document ?? sallyportDocument(clientCa === undefined ? undefined : readFileSync(clientCa, 'utf8')),
    )
  } catch (error) {
    await server[Symbol.asyncDispose]()
    throw error
  }
  return server
}

export interface JournalState {
  readonly recorded: number
  readonly dropped: number
}

/** Waits until every receipt is stored: work that the load began and that must not run into the peer's turn. */
export async function journalAtRest(server: Sallyport): Promise<JournalState> {
  return await until(
    'all receipts stored',
    async () => {
      const values = gauges(await metrics(server))
      if (values('journal_waiting') > 0) return undefined
      return { recorded: values('journal_receipts'), dropped: values('journal_dropped') }
    },
    120_000,
  )
}

/** What lies in the SQLite database now, read beside the server. */
export function countRows(server: Sallyport, table: 'receipts' | 'accounting_records'): number {
  const database = new DatabaseSync(join(server.data, 'sallyport.db'), { readOnly: true })
  try {
    return Number(database.prepare(`select count(*) as n from ${table}`).get()?.n)
  } finally {
    database.close()
  }
}

/** Text of /metrics (Prometheus). */
function metrics(server: Sallyport): Promise<string> {
  const [token] = readFileSync(join(server.data, 'cli-token'), 'utf8').split('\n')
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  request(
    {
      ...{ host: '127.0.0.1', port: server.httpsPort, path: '/metrics' },
      ca: readFileSync(join(server.data, 'ca.pem')),
      headers: { authorization: `Bearer ${token}` },
    },
    (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        text += chunk
      })
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(text)
        else reject(new Error(`/metrics was answered ${answer.statusCode}: ${text}`))
      })
      answer.on('error', reject)
    },
  )
    .on('error', reject)
    .end()
  return promise
}

/** A gauge by its name, summed over its labels. */
function gauges(text: string): (name: string) => number {
  return (name) => {
    const samples = [...text.matchAll(new RegExp(`^sallyport_${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))]
    if (samples.length === 0) throw new Error(`/metrics has no sallyport_${name}`)
    return samples.reduce((sum, [, value]) => sum + Number(value), 0)
  }
}
