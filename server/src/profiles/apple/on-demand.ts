import type { VpnConnection } from '../../config/schema.ts'
import type { PlistDict } from './plist.ts'

type NameRule = VpnConnection['dns']['rules'][number]

/**
 * When the tunnel comes up by itself. The system takes the first rule that matches the network it is in: a trusted one
 * stands before whatever matches everywhere. undefined: by hand alone.
 */
export function onDemandRules(connection: VpnConnection): readonly PlistDict[] | undefined {
  const { alwaysOn, trustedNetworks, dns } = connection
  if (!comesUpByItself(connection) && trustedNetworks.length === 0) return undefined
  const rules: PlistDict[] = []
  if (trustedNetworks.length > 0) rules.push({ Action: 'Disconnect', DNSDomainMatch: trustedNetworks })
  if (alwaysOn) rules.push({ Action: 'Connect' })
  else if (hasTrigger(connection))
    rules.push({ Action: 'EvaluateConnection', ActionParameters: nameParameters(dns.rules) })
  else rules.push({ Action: 'Ignore' })
  return rules
}

/** In other networks than the trusted ones, always or for a name. */
export function comesUpByItself(connection: VpnConnection): boolean {
  return connection.alwaysOn || hasTrigger(connection)
}

function hasTrigger({ dns }: VpnConnection): boolean {
  return dns.rules.some(({ autoTrigger }) => autoTrigger)
}

/**
 * First match wins here too, while a name resolution policy takes the longest suffix: longer ones go first. A domain
 * stands for itself and everything below it, with or without a dot before it.
 */
function nameParameters(rules: readonly NameRule[]): readonly PlistDict[] {
  return rules
    .toSorted((one, other) => labels(other.suffix) - labels(one.suffix))
    .map(({ suffix, servers, autoTrigger }) => ({
      Domains: [domain(suffix)],
      DomainAction: autoTrigger ? 'ConnectIfNeeded' : 'NeverConnect',
      ...(autoTrigger && servers.length > 0 && { RequiredDNSServers: servers }),
    }))
}

function labels(suffix: string): number {
  return domain(suffix).split('.').length
}

function domain(suffix: string): string {
  return suffix.replace(/^\./, '')
}
