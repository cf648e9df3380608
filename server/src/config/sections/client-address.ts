import { isIP } from 'node:net'

/** What a `clients[].address` can be. */
export type AddressKind = 'address' | 'network' | 'dns-name'

const DNS_NAME = /^(?=.{1,253}$)(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?$/i
const ONLY_NUMBERS = /^[0-9.]+$/

/** Tells an IP address, a CIDR network and a DNS name apart; undefined: none of them. */
export function addressKind(text: string): AddressKind | undefined {
  if (isIP(text) !== 0) return text.includes('%') ? undefined : 'address'
  const network = /^([^/%]+)\/(\d{1,3})$/.exec(text)
  if (network !== null) {
    const family = isIP(network[1] ?? '')
    if (family === 0) return undefined
    return Number(network[2]) <= (family === 4 ? 32 : 128) ? 'network' : undefined
  }
  // '192.0.2.300' is a misspelt address, not a name to ask the resolver for.
  return DNS_NAME.test(text) && !ONLY_NUMBERS.test(text) ? 'dns-name' : undefined
}
