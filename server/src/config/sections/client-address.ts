import { isIP } from 'node:net'
import { formatAddress, parseAddress, prefixMask } from '../ip-address.ts'

/** What a `clients[].address` can be. */
export type AddressKind = 'address' | 'network' | 'dns-name'

const DNS_NAME = /^(?=.{1,253}$)(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?$/i
const ONLY_NUMBERS = /^[0-9.]+$/

/** Tells an IP address, a CIDR network and a DNS name apart; undefined: none of them. */
export function addressKind(text: string): AddressKind | undefined {
  if (isIP(text) !== 0) return !text.includes('%') || hasZone(text) ? 'address' : undefined
  const network = /^([^/%]+)\/(\d{1,3})$/.exec(text)
  if (network !== null) {
    const family = isIP(network[1] ?? '')
    if (family === 0) return undefined
    return Number(network[2]) <= (family === 4 ? 32 : 128) ? 'network' : undefined
  }
  // '192.0.2.300' is a misspelt address, not a name to ask the resolver for.
  return DNS_NAME.test(text) && !ONLY_NUMBERS.test(text) ? 'dns-name' : undefined
}

/** A zone tells links apart, so only a link-local address has one (RFC 4007 sections 6 and 11): `fe80::1%eth0`. */
function hasZone(address: string): boolean {
  return /^fe[89ab][0-9a-f]:[^%]*%[A-Za-z0-9_.-]{1,15}$/i.test(address)
}

export interface Network {
  /** In its one canonical form: `192.0.2.0/24`. */
  readonly text: string
  /** True where bits beyond the prefix length were set. */
  readonly hostBits: boolean
}

/** A literal address or network in canonical form: `192.0.2.10` is `192.0.2.10/32`. Undefined for a DNS name. */
export function networkOf(text: string): Network | undefined {
  const kind = addressKind(text)
  if (kind === undefined || kind === 'dns-name') return undefined
  const [address = '', length] = text.split('/')
  const words = new Uint32Array(4)
  const family = parseAddress(address, words)
  if (family === 0) return undefined
  const bits = family === 4 ? 32 : 128
  // '::ffff:192.0.2.0/120' is '192.0.2.0/24'.
  const mapped = family === 4 && address.includes(':') ? 96 : 0
  const prefixLength = length === undefined ? bits : Number(length) - mapped
  if (prefixLength < 0) return undefined
  const masked = words.map((word, index) => word & prefixMask(prefixLength, index))
  const zone = /%.*$/.exec(address)?.[0] ?? ''
  return {
    text: `${formatAddress(masked, family)}${zone}/${prefixLength}`,
    hostBits: words.some((word, index) => word !== masked[index]),
  }
}
