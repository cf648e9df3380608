import type { VpnConnection } from '../../config/schema.ts'
import { powershellText, powershellTexts } from './powershell-text.ts'

/** Windows keeps triggers for persons alone; they fire with split tunnels on machines outside a domain. */
export function triggerSteps({
  dns,
  trustedNetworks,
  triggerApplications,
}: VpnConnection): readonly string[] {
  const rules = dns.rules
    // One without servers is an exception from a wider one.
    .filter(({ autoTrigger, servers: addresses }) => autoTrigger || addresses.length === 0)
    .map(({ suffix, servers: addresses }) => {
      const asked = addresses.length === 0 ? '' : ` -DnsIPAddress ${powershellTexts(addresses)}`
      return `Add-VpnConnectionTriggerDnsConfiguration -ConnectionName $name -DnsSuffix ${powershellText(suffix)}${asked} -Force`
    })
  const applications = triggerApplications.map(
    (id) => `Add-VpnConnectionTriggerApplication -Name $name -ApplicationID ${powershellText(id)} -Force`,
  )
  const trusted =
    trustedNetworks.length === 0
      ? []
      : [
          `Add-VpnConnectionTriggerTrustedNetwork -ConnectionName $name -DnsSuffix ${powershellTexts(trustedNetworks)} -Force`,
        ]
  return [...rules, ...applications, ...trusted]
}

/** Windows has a proxy of the connection with full tunnels alone. */
export function proxySteps({ proxy: settings, routing }: VpnConnection): readonly string[] {
  if (settings === undefined || routing === 'split') return []
  const { autoConfigurationUrl, server, bypassLocal, exceptions } = settings
  const where =
    autoConfigurationUrl === undefined
      ? server === undefined
        ? undefined
        : `-ProxyServer ${powershellText(server)}`
      : `-AutoConfigurationScript ${powershellText(autoConfigurationUrl)}`
  if (where === undefined) return []
  const around = exceptions.length === 0 ? '' : ` -ExceptionPrefix ${powershellTexts(exceptions)}`
  return [
    `Set-VpnConnectionProxy -ConnectionName $name ${where}${bypassLocal ? ' -BypassProxyForLocal' : ''}${around}`,
  ]
}

/** Rules that also hold while the tunnel is down are of the machine. The comment is what they are found again by. */
export function nameRules({ dns, name }: VpnConnection): readonly string[] {
  const rules = dns.rules.filter(({ persistent, servers: addresses }) => persistent && addresses.length > 0)
  if (rules.length === 0) return []
  const comment = powershellText(ruleComment(name))
  return [
    'if ($elevated) {',
    `  Get-DnsClientNrptRule | Where-Object { $_.Comment -eq ${comment} } | Remove-DnsClientNrptRule -Force`,
    ...rules.map(
      ({ suffix, servers: addresses }) =>
        `  $null = Add-DnsClientNrptRule -Namespace ${powershellText(suffix)} -NameServers ${powershellTexts(addresses)} -Comment ${comment}`,
    ),
    '}',
    "else { Write-Step 'Left out: rules of name resolution need an administrator.' }",
  ]
}

export function ruleComment(name: string): string {
  return `Sallyport: ${name}`
}
