import { promises as dns } from 'node:dns'
import { isIP } from 'node:net'
import type { AddressPolicy } from './address-policy.ts'
import { ChallengeFault } from './fault.ts'

/** Addresses one try connects to, one after the other. */
const MOST_ADDRESSES = 3
const MOST_TEXTS = 64

/** DNS for validation: the configured servers, or those of this machine. */
export class NameLookup {
  readonly #servers: readonly string[]
  readonly #policy: AddressPolicy
  readonly #timeoutMilliseconds: number

  constructor(servers: readonly string[], policy: AddressPolicy, timeoutMilliseconds: number) {
    this.#servers = servers
    this.#policy = policy
    this.#timeoutMilliseconds = timeoutMilliseconds
  }

  /**
   * Where a host is: checked here, and connected to as addresses, so that a name which resolves to something else in a
   * moment gains nothing. One forbidden address among others forbids the name.
   */
  async addresses(host: string): Promise<readonly string[]> {
    const found = isIP(host) === 0 ? await this.#resolve(host) : [host]
    const refused = found.find((address) => !this.#policy.allows(address))
    if (refused !== undefined) {
      throw new ChallengeFault(
        'connection',
        `the address ${refused} of ${host} is not one this server connects to`,
        false,
      )
    }
    if (found.length === 0) throw new ChallengeFault('dns', `${host} has no address`)
    return found.slice(0, MOST_ADDRESSES)
  }

  async texts(name: string): Promise<readonly string[]> {
    const records = await this.#ask(name, (resolver) => resolver.resolveTxt(name))
    return records.slice(0, MOST_TEXTS).map((parts) => parts.join(''))
  }

  async caa(name: string): Promise<readonly Awaited<ReturnType<typeof dns.resolveCaa>>[number][]> {
    return await this.#ask(name, (resolver) => resolver.resolveCaa(name))
  }

  async #resolve(host: string): Promise<string[]> {
    if (this.#servers.length === 0) {
      try {
        return (await dns.lookup(host, { all: true })).map(({ address }) => address)
      } catch {
        throw new ChallengeFault('dns', `${host} does not resolve`)
      }
    }
    const answers = await Promise.all([
      this.#ask(host, (resolver) => resolver.resolve6(host)),
      this.#ask(host, (resolver) => resolver.resolve4(host)),
    ])
    return answers.flat()
  }

  /** Nothing there is an empty list; no answer is a fault. */
  async #ask<Found>(name: string, ask: (resolver: dns.Resolver) => Promise<Found[]>): Promise<Found[]> {
    const resolver = new dns.Resolver({ timeout: Math.ceil(this.#timeoutMilliseconds / 3), tries: 2 })
    if (this.#servers.length > 0) resolver.setServers(this.#servers)
    try {
      return await ask(resolver)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      if (code === 'ENODATA' || code === 'ENOTFOUND') return []
      throw new ChallengeFault('dns', `${name} could not be looked up (${code === '' ? 'no answer' : code})`)
    }
  }
}
