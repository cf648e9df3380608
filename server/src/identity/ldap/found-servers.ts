import { type ServerAddress, serverAddress } from './server-address.ts'
import type { ServerList } from './server-list.ts'
import { resolveService } from './service-records.ts'

/** One SRV record (RFC 2782). */
export interface ServiceRecord {
  readonly name: string
  readonly port: number
  readonly priority: number
  readonly weight: number
}

/** Rejects where there are none, or nobody answers. */
export type ResolveService = (name: string) => Promise<readonly ServiceRecord[]>

export interface FoundServersParts {
  readonly domain: string
  readonly site?: string
  /** How what is found is spoken to. */
  readonly scheme: 'ldap' | 'ldaps'
  readonly startTls: boolean
  readonly isActiveDirectory: boolean
  /** The CAs that vouch for servers are this organisation's own: a server may have a name outside the domain. */
  readonly hasOwnAuthorities: boolean
  readonly resolve?: ResolveService
  readonly monotonic?: () => number
  readonly random?: () => number
}

/** `node:dns` tells no TTL of SRV records. */
const KEPT_MILLISECONDS = 300_000
/** What DNS does not know now is not asked for again at once; nor is a list renewed that serves. */
const FAILED_MILLISECONDS = 5000
const LDAPS_PORT = 636

/**
 * Servers that DNS lists for a domain, those of the site first, each group by priority and weight. A list that was found
 * serves until a newer one is; DNS is asked in the background.
 */
export class FoundServers implements ServerList {
  readonly #parts: FoundServersParts
  #found: readonly ServerAddress[] | undefined
  #fault: Error | undefined
  #until = 0
  #asking: Promise<readonly ServerAddress[]> | undefined

  constructor(parts: FoundServersParts) {
    this.#parts = parts
  }

  current(): Promise<readonly ServerAddress[]> | readonly ServerAddress[] {
    const { monotonic = () => performance.now() } = this.#parts
    if (monotonic() < this.#until) {
      if (this.#found !== undefined) return this.#found
      if (this.#fault !== undefined) throw this.#fault
    }
    this.#asking ??= this.#ask(monotonic).finally(() => {
      this.#asking = undefined
    })
    if (this.#found === undefined) return this.#asking
    // Nobody waits for it.
    this.#asking.catch(() => undefined)
    return this.#found
  }

  async #ask(monotonic: () => number): Promise<readonly ServerAddress[]> {
    try {
      this.#found = await this.#resolve()
      this.#until = monotonic() + KEPT_MILLISECONDS
      return this.#found
    } catch (error) {
      this.#fault = error instanceof Error ? error : new Error(String(error))
      this.#until = monotonic() + FAILED_MILLISECONDS
      if (this.#found !== undefined) return this.#found
      throw this.#fault
    }
  }

  async #resolve(): Promise<readonly ServerAddress[]> {
    const { domain, site, isActiveDirectory, scheme } = this.#parts
    // [MS-ADTS] section 6.3.2.3.
    const near =
      site === undefined || !isActiveDirectory ? [] : [`_ldap._tcp.${site}._sites.dc._msdcs.${domain}`]
    const usual = isActiveDirectory ? [`_ldap._tcp.dc._msdcs.${domain}`] : []
    const secure = scheme === 'ldaps' && !isActiveDirectory ? [`_ldaps._tcp.${domain}`] : []
    const [nearby, all] = await Promise.all([
      this.#first(near),
      this.#first([...secure, ...usual, `_ldap._tcp.${domain}`]),
    ])
    const addresses = new Map([...nearby, ...all].map((address) => [address.name, address]))
    if (addresses.size > 0) return [...addresses.values()]
    throw new Error(
      `DNS lists no LDAP servers of ${domain}: asked for ${[...near, ...secure, ...usual, `_ldap._tcp.${domain}`].join(', ')}`,
    )
  }

  /** Of the first name that has records. */
  async #first(names: readonly string[]): Promise<readonly ServerAddress[]> {
    const { resolve = resolveService } = this.#parts
    for (const name of names) {
      const records = await resolve(name).catch(() => [])
      const addresses = this.#inOrder(records).flatMap((record) => this.#address(name, record) ?? [])
      if (addresses.length > 0) return addresses
    }
    return []
  }

  #address(asked: string, { name, port }: ServiceRecord): ServerAddress | undefined {
    const { domain, scheme, startTls, hasOwnAuthorities } = this.#parts
    const host = name.toLowerCase().replace(/\.$/, '')
    // RFC 2782: "." says that there is no such service.
    if (host === '') return undefined
    const end = domain.toLowerCase().replace(/\.$/, '')
    // Everybody has a certificate of a public CA for a name of their own: DNS alone must not choose whose it is.
    if (!hasOwnAuthorities && host !== end && !host.endsWith(`.${end}`)) return undefined
    // Domain controllers list 389 alone and answer on 636 as well.
    const isListed = scheme === 'ldap' || asked.startsWith('_ldaps.')
    return serverAddress(scheme, host, isListed ? port : LDAPS_PORT, startTls)
  }

  /** RFC 2782: lowest priority first; among equals by chance, in proportion to their weights. */
  #inOrder(records: readonly ServiceRecord[]): ServiceRecord[] {
    const { random = Math.random } = this.#parts
    const keyed = records.map((record) => ({
      record,
      // Efraimidis and Spirakis: sorted by it, each comes first with a probability in proportion to its weight.
      key: random() ** (1 / Math.max(record.weight, 0.001)),
    }))
    keyed.sort((a, b) => a.record.priority - b.record.priority || b.key - a.key)
    return keyed.map(({ record }) => record)
  }
}
