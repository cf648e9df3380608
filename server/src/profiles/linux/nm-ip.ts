import { isIPv6 } from 'node:net'
import type { VpnConnection } from '../../config/sections/connections.ts'
import type { Keyfile } from './keyfile.ts'

/** The groups `ipv4` and `ipv6` of a tunnel: addresses come from the gateway, routes and DNS from the description. */
export function nmIp(connection: VpnConnection): Keyfile {
  return { ipv4: family(connection, false), ipv6: family(connection, true) }
}

function family({ routing, routes, dns }: VpnConnection, isSix: boolean): Keyfile[string] {
  const inside = routes.filter(({ prefix, exclude }) => prefix.includes(':') === isSix && !exclude)
  const servers = dns.servers.filter((server) => isIPv6(server) === isSix)
  return {
    method: 'auto',
    ...(routing === 'split' && { 'never-default': 'true' }),
    ...Object.fromEntries(
      inside.map(({ prefix, metric }, index) => [
        `route${String(index + 1)}`,
        // Without a gateway of its own: the tunnel is the way.
        metric === undefined ? prefix : `${prefix},${isSix ? '::' : '0.0.0.0'},${String(metric)}`,
      ]),
    ),
    dns: list(servers),
    'dns-search': list(searches(dns)),
  }
}

/** Suffixes that short names are completed by, and with a tilde those that only lead to these servers. */
function searches({ suffixes, rules }: VpnConnection['dns']): readonly string[] {
  const led = rules.filter(({ servers }) => servers.length > 0)
  return [...suffixes, ...led.map(({ suffix }) => `~${suffix.replace(/^\./, '')}`)]
}

const list = (values: readonly string[]): string | undefined =>
  values.length === 0 ? undefined : values.map((value) => `${value};`).join('')
