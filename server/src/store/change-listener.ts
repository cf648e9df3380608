import type pg from 'pg'
import type { Database } from './database.ts'
import { CHANNEL, TOPICS, type Topic } from './revision.ts'

const POLL_MILLISECONDS = 5_000
const RECONNECT_MILLISECONDS = 1_000

export interface ChangeListener {
  close(): Promise<void>
}

/**
 * Calls `changed` when another node has written. Notifications can be lost, so every topic is also reported at a steady
 * pace: `changed` looks and mostly finds nothing. A database that only this process writes reports nothing.
 *
 * @param failed told when the connection breaks (it is made again); for the log
 */
export function listenForChanges(
  database: Database,
  changed: (topic: Topic) => void,
  failed: (error: unknown) => void,
): ChangeListener {
  if (database.raw.engine !== 'postgres') return { close: async () => {} }
  return new PostgresListener(database.raw.url, changed, failed)
}

class PostgresListener implements ChangeListener {
  readonly #url: string
  readonly #changed: (topic: Topic) => void
  readonly #failed: (error: unknown) => void
  readonly #poll: NodeJS.Timeout
  #client: pg.Client | undefined
  #reconnect: NodeJS.Timeout | undefined
  #closed = false

  constructor(url: string, changed: (topic: Topic) => void, failed: (error: unknown) => void) {
    this.#url = url
    this.#changed = changed
    this.#failed = failed
    this.#poll = setInterval(() => this.#reportAll(), POLL_MILLISECONDS).unref()
    void this.#connect()
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#poll)
    clearTimeout(this.#reconnect)
    await this.#client?.end().catch(() => {})
  }

  async #connect(): Promise<void> {
    const [{ default: pg }, { connectionOptions }] = await Promise.all([
      import('pg'),
      import('./postgres.ts'),
    ])
    if (this.#closed) return
    const client = new pg.Client(connectionOptions(this.#url))
    this.#client = client
    client.on('notification', ({ payload }) => {
      const topic = TOPICS.find((name) => name === payload)
      if (topic !== undefined) this.#changed(topic)
    })
    client.once('error', (error) => this.#lost(client, error))
    client.once('end', () => this.#lost(client, new Error('the server closed the connection')))
    try {
      await client.connect()
      await client.query(`listen ${CHANNEL}`)
      // Whatever happened before is not told any more.
      this.#reportAll()
    } catch (error) {
      this.#lost(client, error)
    }
  }

  #lost(client: pg.Client, error: unknown): void {
    if (this.#closed || client !== this.#client) return
    this.#client = undefined
    client.end().catch(() => {})
    this.#failed(error)
    this.#reconnect = setTimeout(() => void this.#connect(), RECONNECT_MILLISECONDS).unref()
  }

  #reportAll(): void {
    for (const topic of TOPICS) this.#changed(topic)
  }
}
