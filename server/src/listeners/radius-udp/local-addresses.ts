import { isIPv6 } from 'node:net'
import type { networkInterfaces } from 'node:os'

export type Interfaces = ReturnType<typeof networkInterfaces>

/** `0.0.0.0` and `::`, however they are written: every address of the machine. */
export function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || (isIPv6(address) && /^[0:]+$/.test(address))
}

/**
 * The addresses of this machine that are of the family of `wildcard`, loopback ones included. A link-local address is one
 * only together with its interface (RFC 4007 section 11).
 */
export function localAddresses(interfaces: Interfaces, wildcard: string): Set<string> {
  const family = isIPv6(wildcard) ? 'IPv6' : 'IPv4'
  const found = new Set<string>()
  for (const [name, addresses = []] of Object.entries(interfaces)) {
    for (const each of addresses) {
      if (each.family === family)
        found.add(isLinkLocal(each.address) ? `${each.address}%${name}` : each.address)
    }
  }
  return found
}

function isLinkLocal(address: string): boolean {
  return /^fe[89ab][0-9a-f]:/i.test(address)
}
