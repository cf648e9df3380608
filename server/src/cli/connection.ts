import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LOCAL_CA_FILE, readLocalAccess } from '../admins/local-access.ts'
import type { ApiClient } from './api-client.ts'
import { CliError } from './cli-error.ts'
import type { Flags } from './command.ts'
import type { Input } from './input.ts'

/** Flags of every command that talks to a running server. */
export const CONNECTION_FLAGS = {
  data: { value: 'DIR', description: 'data directory of the server (default ./data)', env: 'SALLYPORT_DATA' },
  server: { value: 'URL', description: 'another server: https://host:8443', env: 'SALLYPORT_SERVER' },
  token: { value: 'TOKEN', description: 'API token; better in the environment', env: 'SALLYPORT_TOKEN' },
  ca: { value: 'FILE', description: 'CA of the other server, PEM', env: 'SALLYPORT_CA' },
  json: { description: 'print JSON' },
} as const satisfies Flags

export const DEFAULT_DATA = './data'

/** What starts the server of a data directory. */
export function startCommand(data: string, ...flags: readonly string[]): string {
  const all = [...(data === DEFAULT_DATA ? [] : [`--data ${data}`]), ...flags]
  return all.length === 0 ? 'npm start' : `npm start -- ${all.join(' ')}`
}

/** Runs `work` with a client for the server the flags name: by default the one of the data directory. */
export async function withApi<Result>(
  input: Input,
  work: (api: ApiClient) => Promise<Result>,
): Promise<Result> {
  const api = await connect(input)
  try {
    return await work(api)
  } finally {
    await api.close()
  }
}

async function connect(input: Input): Promise<ApiClient> {
  // Only who talks to a server loads the HTTP client; the server itself does not.
  const { ApiClient } = await import('./api-client.ts')
  const data = input.text('data') ?? DEFAULT_DATA
  const token = input.text('token')
  const ca = authority(input, data)
  if (token !== undefined) {
    const server = urlOf(input.text('server') ?? 'https://127.0.0.1:8443')
    return new ApiClient({ server, token, ca, tokenFrom: '--token', startCommand: 'npm start' })
  }
  const local = localAccess(data)
  const server = urlOf(input.text('server') ?? local.server)
  return new ApiClient({
    server,
    token: local.token,
    ca,
    tokenFrom: `${data} (is another server using it?)`,
    startCommand: startCommand(data),
  })
}

function localAccess(data: string): ReturnType<typeof readLocalAccess> {
  try {
    return readLocalAccess(data)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    throw new CliError(
      code === 'EACCES'
        ? `${data} belongs to another account. Run this as the account the server runs as, or use --token.`
        : `There is no server data in ${data}. Start the server (${startCommand(data)}), or name its directory with --data.`,
    )
  }
}

/** The CA of the data directory is pinned: no other one can vouch for our own server. */
function authority(input: Input, data: string): string | undefined {
  const file = input.text('ca') ?? join(data, LOCAL_CA_FILE)
  if (input.text('ca') === undefined && !existsSync(file)) return undefined
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new CliError(`Cannot read the CA file ${file}.`)
  }
}

function urlOf(text: string): string {
  const url = URL.parse(text.includes('://') ? text : `https://${text}`)
  if (url === null || url.protocol !== 'https:') throw new CliError(`"${text}" is no https:// address.`)
  return url.origin
}
