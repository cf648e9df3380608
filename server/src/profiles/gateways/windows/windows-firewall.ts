import type { GatewayInput } from '../../gateway-input.ts'
import type { ProfileFile } from '../../profile-output.ts'
import { powershellFile, powershellText, powershellTexts } from '../../windows/powershell-text.ts'
import { type Opening, openingsOf } from '../openings.ts'

/** IP protocol numbers of IANA, where New-NetFirewallRule knows no name. */
const PROTOCOLS = { udp: 'UDP', tcp: 'TCP', esp: '50', gre: '47' } as const

/**
 * Windows brings this rule along, and Routing and Remote Access switches it on: L2TP from everybody, IPsec or not. Rules
 * that allow add up, so one that asks for IPsec is worth nothing beside it.
 */
const PLAIN_L2TP = [
  '# Windows has a rule of its own that lets L2TP in without IPsec.',
  "Get-NetFirewallRule -Name 'RRAS-L2TP-In-UDP' -ErrorAction SilentlyContinue | Disable-NetFirewallRule",
]

/** New-NetFirewallRule for what a Windows gateway has to let in. */
export function windowsFirewall(input: GatewayInput, more: readonly Opening[] = []): ProfileFile {
  const openings = [...openingsOf(input).filter(({ host }) => host === 'gateway'), ...more]
  return {
    name: 'firewall-gateway.ps1',
    mediaType: 'text/plain',
    content: powershellFile([
      '# In an elevated PowerShell on the gateway. Run again, it replaces its rules.',
      "$ErrorActionPreference = 'Stop'",
      "Get-NetFirewallRule -Group 'Sallyport' -ErrorAction SilentlyContinue | Remove-NetFirewallRule",
      ...(openings.some(({ insideIpsec }) => insideIpsec === true) ? PLAIN_L2TP : []),
      ...openings.map((opening) => rule(opening, input.gateway[opening.card].interface)),
    ]),
    holdsSecret: false,
  }
}

function rule({ protocol, ports, from, why, insideIpsec }: Opening, card: string | undefined): string {
  return [
    `New-NetFirewallRule -Group 'Sallyport' -DisplayName ${powershellText(`Sallyport: ${why}`)}`,
    `-Direction Inbound -Action Allow -Protocol ${PROTOCOLS[protocol]}`,
    ...(ports.length === 0 ? [] : [`-LocalPort ${ports.join(', ')}`]),
    ...(from.length === 0 ? [] : [`-RemoteAddress ${powershellTexts(from)}`]),
    ...(card === undefined ? [] : [`-InterfaceAlias ${powershellText(card)}`]),
    // "Network packets that are authenticated by IPsec": by the policy RRAS makes for UDP 1701 (KB 248750).
    ...(insideIpsec === true ? ['-Authentication Required'] : []),
    '| Out-Null',
  ].join(' ')
}
