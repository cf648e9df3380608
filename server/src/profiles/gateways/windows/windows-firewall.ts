import type { GatewayInput } from '../../gateway-input.ts'
import type { ProfileFile } from '../../profile-output.ts'
import { powershellFile, powershellText, powershellTexts } from '../../windows/powershell-text.ts'
import { type Opening, openingsOf } from '../openings.ts'

/** IP protocol numbers of IANA, where New-NetFirewallRule knows no name. */
const PROTOCOLS = { udp: 'UDP', tcp: 'TCP', esp: '50', gre: '47' } as const

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
      ...openings.map((opening) => rule(opening, input.gateway[opening.card].interface)),
    ]),
    holdsSecret: false,
  }
}

function rule({ protocol, ports, from, why }: Opening, card: string | undefined): string {
  return [
    `New-NetFirewallRule -Group 'Sallyport' -DisplayName ${powershellText(`Sallyport: ${why}`)}`,
    `-Direction Inbound -Action Allow -Protocol ${PROTOCOLS[protocol]}`,
    ...(ports.length === 0 ? [] : [`-LocalPort ${ports.join(', ')}`]),
    ...(from.length === 0 ? [] : [`-RemoteAddress ${powershellTexts(from)}`]),
    ...(card === undefined ? [] : [`-InterfaceAlias ${powershellText(card)}`]),
    '| Out-Null',
  ].join(' ')
}
