import type { AuthenticationStart } from '@sallyport/tacacs'
import { exchange, type ServerWord } from './exchange.ts'
import type { ServerAddress } from './server-address.ts'

/** So many logins in a row found a server away, and it rests: it is not asked, so that nobody waits for it. */
const FAILURES_UNTIL_REST = 3
const REST_MILLISECONDS = 3000

interface KnownServer {
  readonly address: ServerAddress
  readonly name: string
  failures: number
  /** Of the monotonic clock. */
  restsUntil: number
}

export type Word =
  | Exclude<ServerWord, { kind: 'none' }>
  | { readonly kind: 'none'; readonly why: string; readonly asked: readonly string[] }

/** The servers of one source, the preferred first, and which of them rest. */
export class ServerList {
  readonly #servers: readonly KnownServer[]
  readonly #secret: Uint8Array
  readonly #monotonic: () => number
  readonly #exchange: typeof exchange

  /** @param monotonic milliseconds */
  constructor(
    addresses: readonly ServerAddress[],
    secret: Uint8Array,
    monotonic: () => number,
    ask: typeof exchange = exchange,
  ) {
    this.#servers = addresses.map((address) => ({
      address,
      name: `${address.host}:${address.port}`,
      failures: 0,
      restsUntil: 0,
    }))
    this.#secret = secret
    this.#monotonic = monotonic
    this.#exchange = ask
  }

  /** Asks one after the other, each for its share of what is left of the time, until one has a word about the user. */
  async ask(start: AuthenticationStart, deadlineMilliseconds: number): Promise<Word> {
    const began = this.#monotonic()
    const awake = this.#servers.filter(({ restsUntil }) => restsUntil <= began)
    if (awake.length === 0) return { kind: 'none', why: this.#allRest(), asked: [] }
    const asked: string[] = []
    const complaints: string[] = []
    for (const [index, server] of awake.entries()) {
      const left = deadlineMilliseconds - (this.#monotonic() - began)
      if (left <= 0) break
      asked.push(server.name)
      const share = Math.ceil(left / (awake.length - index))
      const word = await this.#askOne(server, start, share)
      if (word.kind !== 'none') return word
      complaints.push(`${server.name} ${word.why}`)
    }
    return { kind: 'none', why: complaints.join('; '), asked }
  }

  async #askOne(server: KnownServer, start: AuthenticationStart, share: number): Promise<ServerWord> {
    // After a rest one login tries the server; others would all wait for it.
    if (server.failures >= FAILURES_UNTIL_REST) server.restsUntil = this.#monotonic() + share
    const word = await this.#exchange(server.address, this.#secret, start, share)
    if (word.kind !== 'none' || word.isReached) {
      // Also after an error: who can send names that make a server say ERROR must not make it rest.
      server.failures = 0
      server.restsUntil = 0
    } else {
      server.failures += 1
      if (server.failures >= FAILURES_UNTIL_REST) server.restsUntil = this.#monotonic() + REST_MILLISECONDS
    }
    return word
  }

  #allRest(): string {
    const names = this.#servers.map(({ name }) => name).join(', ')
    return `${names} did not answer ${FAILURES_UNTIL_REST} times in a row; asked again within ${REST_MILLISECONDS / 1000} s`
  }
}
