/** The house of a scenario that needs one server, and what is started beside it: one folder, one way to close it all. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startPostgres } from './postgres.ts'
import { temporaryFolder } from './process.ts'
import { type Sallyport, startSallyport } from './sallyport.ts'

export interface OpenedServer {
  readonly server: Sallyport
  /** Temporary; the server's data are in it. */
  readonly folder: string
  /** Closes server and folder, and what is added to it before them. */
  readonly parts: AsyncDisposableStack
}

export interface ServerOptions {
  /** Part of the folder's name. */
  readonly name: string
  /** YAML it is to serve; where its ports stand in it, made of the server. */
  readonly configuration: string | ((server: Sallyport) => string)
  readonly args?: readonly string[]
  /** PostgreSQL instead of SQLite. */
  readonly postgres?: boolean
}

/** A server on 127.0.0.1 that serves the configuration; where a step fails, nothing is left behind. */
export async function openServer({
  name,
  configuration,
  postgres,
  args = [],
}: ServerOptions): Promise<OpenedServer> {
  await using parts = new AsyncDisposableStack()
  const folder = parts.use(temporaryFolder(`sallyport-${name}-`)).path
  const data = join(folder, 'data')
  mkdirSync(data)
  const database = postgres === true ? ['--database', await postgresDatabase(parts)] : []
  const server = parts.use(
    await startSallyport({ data, args: ['--bind', '127.0.0.1', ...database, ...args] }),
  )
  await server.apply(typeof configuration === 'string' ? configuration : configuration(server))
  return { server, folder, parts: parts.move() }
}

async function postgresDatabase(parts: AsyncDisposableStack): Promise<string> {
  const postgres = await startPostgres()
  parts.defer(() => postgres.stop())
  return postgres.database('sallyport')
}

export abstract class ServerHouse implements AsyncDisposable {
  readonly server: Sallyport
  readonly folder: string
  readonly #parts: AsyncDisposableStack

  protected constructor({ server, folder, parts }: OpenedServer) {
    this.server = server
    this.folder = folder
    this.#parts = parts
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync()
  }
}
