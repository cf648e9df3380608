/** The HTTPS API of the server under test, over node:https alone: not the product's own client. */
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { join } from 'node:path'

export interface ReceiptRow {
  readonly id: string
  readonly at: string
  readonly client: string
  readonly user?: string
  readonly outcome: string
  readonly reason?: string
  readonly sentence?: string
  readonly method?: string
  readonly rule?: string
  readonly callingStationId?: string
  readonly configVersion: number
}

/** What the lab looks at in a whole receipt. */
export interface ReceiptBody {
  readonly reason: { readonly code: string; readonly values: Readonly<Record<string, unknown>> }
  readonly inner?: string
  readonly facts: Readonly<Record<string, unknown>>
  readonly reply?: readonly { readonly name: string; readonly value: string }[]
  readonly proxy?: {
    readonly group: string
    readonly upstream: string
    readonly rounds: number
    readonly attempts: number
    readonly milliseconds: number
  }
  readonly eap?: {
    readonly rounds: number
    readonly tlsVersion?: string
    readonly cipher?: string
    readonly resumed?: boolean
    readonly unanswered?: boolean
    readonly serverCertificate?: string
  }
}

export type Receipt = ReceiptRow & { readonly body: ReceiptBody }

export interface Explanation {
  readonly outcome: string
  readonly sentence: string
  readonly nextStep?: string
  readonly text: string
}

const IDLE_MILLISECONDS = 20_000

export class AdminApi implements Disposable {
  readonly #agent: Agent
  readonly #port: number
  readonly #token: string

  /** `data`: the data directory of the server, whose CA and local token it uses. */
  constructor(port: number, data: string) {
    this.#port = port
    this.#token = readFileSync(join(data, 'cli-token'), 'utf8').split('\n')[0] ?? ''
    // The server ends idle connections after a minute: ours end earlier, so that none is used while it is being ended.
    this.#agent = new Agent({
      keepAlive: true,
      timeout: IDLE_MILLISECONDS,
      ca: readFileSync(join(data, 'ca.pem')),
    })
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }

  /** Rejects on every status but 2xx, with what the server said. */
  async send<Result>(method: string, path: string, body?: unknown): Promise<Result> {
    const text = await this.#request(method, `/api/v1${path}`, body)
    return (text === '' ? undefined : JSON.parse(text)) as Result // the caller names what it asked for
  }

  /** What Prometheus reads. */
  async metrics(): Promise<string> {
    return await this.#request('GET', '/metrics')
  }

  #request(method: string, path: string, body?: unknown): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const headers = {
      authorization: `Bearer ${this.#token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    }
    const outgoing = request(
      { host: '127.0.0.1', port: this.#port, method, path, agent: this.#agent, headers },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (chunk: string) => {
          text += chunk
        })
        answer.on('end', () => {
          const status = answer.statusCode ?? 0
          if (status < 200 || status > 299)
            reject(new Error(`${method} ${path} was answered ${status}: ${text}`))
          else resolve(text)
        })
        answer.on('error', reject)
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body === undefined ? undefined : JSON.stringify(body))
    return promise
  }

  async apply(document: string): Promise<number> {
    return (await this.send<{ version: number }>('POST', '/configuration/apply', { document })).version
  }

  async changeUser(name: string, fields: object): Promise<void> {
    await this.send('PATCH', `/users/${encodeURIComponent(name)}`, fields)
  }

  async explain(id: string): Promise<Explanation> {
    return await this.send('GET', `/receipts/${id}/explanation`)
  }

  /** Newest first. */
  async receipts(query: Readonly<Record<string, string>> = {}): Promise<readonly ReceiptRow[]> {
    const { items } = await this.send<{ items: ReceiptRow[] }>(
      'GET',
      `/receipts?${new URLSearchParams({ limit: '100', ...query })}`,
    )
    return items
  }

  async receipt(id: string): Promise<Receipt> {
    return await this.send('GET', `/receipts/${id}`)
  }
}
