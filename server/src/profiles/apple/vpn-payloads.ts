import type { VpnConnection } from '../../config/schema.ts'
import type { ProfileInput } from '../profile-input.ts'
import { ikev2Keys } from './ikev2.ts'
import { l2tpKeys } from './l2tp.ts'
import { type Payload, payloadUuid, titleOf } from './mobileconfig.ts'
import type { PlistDict } from './plist.ts'
import type { AppleTunnel } from './tunnel-choice.ts'

/** A payload for each gateway: the first is the one that may come up by itself. */
export function vpnPayloads(
  input: ProfileInput<VpnConnection>,
  tunnel: AppleTunnel,
  identityUuid: string | undefined,
): readonly Payload[] {
  const { connection } = input
  return connection.gateways.map(({ address, title = address }, index) => {
    const name = connection.gateways.length === 1 ? titleOf(input) : `${titleOf(input)} (${title})`
    const onDemand = index === 0
    return {
      type: 'com.apple.vpn.managed',
      place: `vpn.${String(index + 1)}`,
      uuid: payloadUuid(input, 'vpn', address),
      title: name,
      keys: {
        UserDefinedName: name,
        ...(tunnel === 'ikev2'
          ? { VPNType: 'IKEv2', IKEv2: ikev2Keys(input, { address, identityUuid, onDemand }) }
          : { VPNType: 'L2TP', ...l2tpKeys(input, address, identityUuid) }),
        IPv4: { OverridePrimary: connection.routing === 'full' ? 1 : 0 },
        DNS: dnsKeys(connection),
        Proxies: proxyKeys(connection),
      },
    }
  })
}

/** Which servers are asked. Without addresses the payload has no place for names: the gateway tells both. */
export function dnsKeys({ dns, routing }: VpnConnection): PlistDict | undefined {
  const { suffixes } = dns
  const servers = dnsServers(dns)
  if (servers.length === 0) return undefined
  const matched = new Set([
    ...suffixes,
    ...dns.rules.flatMap((rule) => (rule.servers.length > 0 ? [rule.suffix.replace(/^\./, '')] : [])),
  ])
  return {
    DNSProtocol: 'Cleartext',
    ServerAddresses: servers,
    ...(suffixes.length > 0 && { DomainName: suffixes[0], SearchDomains: suffixes }),
    // Full tunnel: every name is asked there.
    ...(routing === 'split' && matched.size > 0 && { SupplementalMatchDomains: [...matched] }),
  }
}

/** There is one list for all names: that of the connection, or else that of its first rule. */
export function dnsServers({ servers, rules }: VpnConnection['dns']): readonly string[] {
  return servers.length > 0 ? servers : (rules.find((rule) => rule.servers.length > 0)?.servers ?? [])
}

function proxyKeys({ proxy }: VpnConnection): PlistDict | undefined {
  if (proxy === undefined) return undefined
  const { server, autoConfigurationUrl } = proxy
  const [host, port] = server?.split(':') ?? []
  const fixed =
    host === undefined
      ? {}
      : {
          ...{ HTTPEnable: 1, HTTPProxy: host, HTTPPort: Number(port) },
          ...{ HTTPSEnable: 1, HTTPSProxy: host, HTTPSPort: Number(port) },
        }
  return {
    ...(autoConfigurationUrl !== undefined && {
      ProxyAutoConfigEnable: 1,
      ProxyAutoConfigURLString: autoConfigurationUrl,
    }),
    ...fixed,
  }
}
