import { Resolver } from 'node:dns/promises'

/** What a name means now. */
export interface DnsAnswer {
  /** At least one. */
  readonly addresses: readonly string[]
  readonly ttlSeconds: number
}

/** Rejects where there is no answer, with a sentence for people. */
export type ResolveName = (name: string) => Promise<DnsAnswer>

const TIMEOUT_MILLISECONDS = 2_000
const TRIES = 2

/**
 * Asks name servers (not /etc/hosts: it has no TTL).
 *
 * @param servers instead of the system's: `127.0.0.1:5353`
 */
export function nameResolver(servers?: readonly string[]): ResolveName {
  return async (name) => {
    // A new one each time: it reads the system's settings when it is made.
    const resolver = new Resolver({ timeout: TIMEOUT_MILLISECONDS, tries: TRIES })
    if (servers !== undefined) resolver.setServers(servers)
    const [ipv4, ipv6] = await Promise.allSettled([
      resolver.resolve4(name, { ttl: true }),
      resolver.resolve6(name, { ttl: true }),
    ])
    const records = [
      ...(ipv4.status === 'fulfilled' ? ipv4.value : []),
      ...(ipv6.status === 'fulfilled' ? ipv6.value : []),
    ]
    if (records.length === 0) {
      const cause: unknown = ipv4.status === 'rejected' ? ipv4.reason : undefined
      throw new Error(`${name} has no address in DNS${codeOf(cause)}`, { cause })
    }
    return {
      addresses: records.map((record) => record.address),
      ttlSeconds: Math.min(...records.map((record) => record.ttl)),
    }
  }
}

export const resolveName = nameResolver()

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? ` (${error.code})` : ''
}
