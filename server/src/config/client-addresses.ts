import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../kernel/clock.ts'
import type { ResolveName } from './dns-resolver.ts'
import type { ClientConfiguration } from './schema.ts'
import { addressKind, networkOf } from './sections/client-address.ts'
import type { ClientAddresses } from './snapshot.ts'

/** A TTL of 0 must not become a query storm, and one of a week not a client that cannot move. */
const MINIMUM_TTL_SECONDS = 30
const MAXIMUM_TTL_SECONDS = 3_600
const RETRY_SECONDS = 30

/** What is known of a DNS name that is some client's address. */
export interface NameState {
  readonly name: string
  /** The last good answer; empty while there was none. */
  readonly networks: readonly string[]
  readonly resolvedAt?: number
  /** Why the last question had no answer; the last good answer keeps serving. */
  readonly failure?: string
}

/** What a client's address means, asked for on the spot. */
export interface AddressVerification {
  readonly kind: 'address' | 'network' | 'dns-name' | 'invalid'
  readonly networks: readonly string[]
  readonly ttlSeconds?: number
  readonly failure?: string
}

interface Watched {
  state: NameState
  timer?: NodeJS.Timeout
}

/** The networks of every client. DNS names are asked again when their TTL ends; `changed` is called where it matters. */
export class ClientAddressBook {
  readonly #resolve: ResolveName
  readonly #clock: Clock
  readonly #changed: () => void
  readonly #names = new Map<string, Watched>()
  #clients: readonly ClientConfiguration[] = []

  constructor(options: { resolve: ResolveName; clock: Clock; changed: () => void }) {
    this.#resolve = options.resolve
    this.#clock = options.clock
    this.#changed = options.changed
  }

  /** Takes over a new configuration; new names are asked for in the background. */
  update(clients: readonly ClientConfiguration[]): void {
    this.#clients = clients
    const wanted = new Set(clients.map(dnsName).filter((name) => name !== undefined))
    for (const [name, watched] of this.#names) {
      if (wanted.has(name)) continue
      clearTimeout(watched.timer)
      this.#names.delete(name)
    }
    for (const name of wanted) {
      if (this.#names.has(name)) continue
      const watched: Watched = { state: { name, networks: [] } }
      this.#names.set(name, watched)
      void this.#refresh(watched)
    }
  }

  networks(): ClientAddresses[] {
    return this.#clients.map((client) => {
      const name = dnsName(client)
      if (name !== undefined) {
        return { client: client.name, networks: this.#names.get(name)?.state.networks ?? [] }
      }
      const network = networkOf(client.address)
      return { client: client.name, networks: network === undefined ? [] : [network.text] }
    })
  }

  /** For the list of clients and the health page. */
  names(): NameState[] {
    return [...this.#names.values()].map((watched) => watched.state)
  }

  /** Shows what an address means, without changing anything. */
  async verify(address: string): Promise<AddressVerification> {
    const kind = addressKind(address) ?? 'invalid'
    if (kind !== 'dns-name') {
      const network = networkOf(address)
      return { kind, networks: network === undefined ? [] : [network.text] }
    }
    try {
      const { addresses, ttlSeconds } = await this.#resolve(address)
      return { kind, networks: toNetworks(addresses), ttlSeconds }
    } catch (error) {
      return { kind, networks: [], failure: reason(error) }
    }
  }

  close(): void {
    for (const { timer } of this.#names.values()) clearTimeout(timer)
    this.#names.clear()
  }

  async #refresh(watched: Watched): Promise<void> {
    const before = watched.state
    const { name } = before
    let seconds = RETRY_SECONDS
    try {
      const { addresses, ttlSeconds } = await this.#resolve(name)
      watched.state = { name, networks: toNetworks(addresses), resolvedAt: this.#clock.now() }
      seconds = Math.min(MAXIMUM_TTL_SECONDS, Math.max(MINIMUM_TTL_SECONDS, ttlSeconds))
    } catch (error) {
      watched.state = { ...before, failure: reason(error) }
    }
    // Meanwhile the name may have left the configuration.
    if (this.#names.get(name) !== watched) return
    watched.timer = setTimeout(() => void this.#refresh(watched), seconds * 1000).unref()
    if (!isDeepStrictEqual(before.networks, watched.state.networks)) this.#changed()
  }
}

function dnsName(client: ClientConfiguration): string | undefined {
  return addressKind(client.address) === 'dns-name' ? client.address.toLowerCase() : undefined
}

/** Sorted: name servers rotate their answers, and that is no change. */
function toNetworks(addresses: readonly string[]): string[] {
  return addresses
    .map((address) => networkOf(address)?.text)
    .filter((network) => network !== undefined)
    .sort()
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
