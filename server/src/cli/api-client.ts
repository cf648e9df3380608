import { Agent, type Dispatcher, request } from 'undici'
import { CliError } from './cli-error.ts'

export interface ApiClientOptions {
  /** `https://127.0.0.1:8443` */
  readonly server: string
  readonly token: string
  /** PEM of the CA the server's certificate must descend from; undefined: the system's CAs. */
  readonly ca: string | undefined
  /** How the token was found: told when the server does not know it. */
  readonly tokenFrom: string
  /** Told when nobody listens: `npm start -- --data DIR`. */
  readonly startCommand: string
}

interface ErrorBody {
  readonly error?: {
    readonly code?: string
    readonly message?: string
    readonly nextStep?: string
    readonly requestId?: string
    readonly problems?: readonly { path: string; line?: number; message: string; suggestion?: string }[]
  }
}

const TIMEOUT_MS = 60_000
const NO_TIMEOUT = 0

/** Calls the HTTPS API; every failure becomes a CliError in plain words. */
export class ApiClient {
  readonly #options: ApiClientOptions
  readonly #agent: Agent

  constructor(options: ApiClientOptions) {
    this.#options = options
    this.#agent = new Agent({
      connect: { timeout: 5000, ...(options.ca === undefined ? {} : { ca: options.ca }) },
    })
  }

  /** The body of a good answer. `Answer` is what the route's schema promises; the server is of the same version. */
  async get<Answer>(path: string, query: Readonly<Record<string, string | undefined>> = {}): Promise<Answer> {
    const search = new URLSearchParams(
      Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined),
    )
    return await this.#call<Answer>('GET', search.size === 0 ? path : `${path}?${search}`)
  }

  async send<Answer>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
  ): Promise<Answer> {
    return await this.#call<Answer>(method, path, body)
  }

  /** Hands over the body of a good answer as it comes, however long that takes. */
  async download(path: string, body: object, take: (chunk: Uint8Array) => void): Promise<void> {
    const answer = await this.#request('POST', path, body, NO_TIMEOUT)
    if (answer.statusCode >= 400) throw this.#refused(answer.statusCode, await answer.body.text())
    for await (const chunk of answer.body) take(chunk as Uint8Array) // no encoding was set
  }

  async close(): Promise<void> {
    await this.#agent.close()
  }

  async #call<Answer>(method: Dispatcher.HttpMethod, path: string, body?: object): Promise<Answer> {
    const answer = await this.#request(method, path, body, TIMEOUT_MS)
    const text = await answer.body.text()
    if (answer.statusCode >= 400) throw this.#refused(answer.statusCode, text)
    // The schema of the route, see above.
    return (text === '' ? undefined : JSON.parse(text)) as Answer
  }

  async #request(
    method: Dispatcher.HttpMethod,
    path: string,
    body: object | undefined,
    bodyTimeout: number,
  ): Promise<Dispatcher.ResponseData> {
    const { server, token, startCommand } = this.#options
    return await request(new URL(`/api/v1${path}`, server), {
      method,
      dispatcher: this.#agent,
      headersTimeout: TIMEOUT_MS,
      bodyTimeout,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw unreachable(server, startCommand, error)
    })
  }

  #refused(status: number, text: string): CliError {
    const { error } = parseErrorBody(text)
    if (status === 401) {
      return new CliError(`The server does not accept the token from ${this.#options.tokenFrom}.`)
    }
    const lines = [error?.message ?? `The server answered ${status}.`]
    for (const problem of error?.problems ?? []) {
      const line = problem.line === undefined ? '' : ` (line ${problem.line})`
      const hint = problem.suggestion === undefined ? '' : ` Did you mean "${problem.suggestion}"?`
      lines.push(`  ${problem.path}${line}: ${problem.message}${hint}`)
    }
    if (error?.nextStep !== undefined) lines.push(`Next: ${error.nextStep}`)
    if (status >= 500 && error?.requestId !== undefined) {
      lines.push(`The server's log has the cause under request id ${error.requestId}.`)
    }
    return new CliError(lines.join('\n'))
  }
}

function parseErrorBody(text: string): ErrorBody {
  try {
    const body: unknown = JSON.parse(text)
    // Every field of ErrorBody may be missing.
    return typeof body === 'object' && body !== null ? (body as ErrorBody) : {}
  } catch {
    return {}
  }
}

function unreachable(server: string, startCommand: string, error: unknown): CliError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  switch (code) {
    case 'ECONNREFUSED':
      return new CliError(`No server at ${server}. Is it running? Start it with: ${startCommand}`)
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new CliError(`The name in ${server} does not resolve.`)
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return new CliError(`The certificate of ${server} is for another name. Use the name it was made for.`)
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'UND_ERR_HEADERS_TIMEOUT':
      return new CliError(`${server} does not answer.`)
  }
  if (
    code.includes('CERT') ||
    code.includes('VERIFY') ||
    code.includes('SELF_SIGNED') ||
    code.includes('ISSUER')
  ) {
    return new CliError(`The certificate of ${server} is not trusted (${code}). Give its CA with --ca FILE.`)
  }
  return new CliError(`Cannot reach ${server}: ${code || String(error)}`)
}
