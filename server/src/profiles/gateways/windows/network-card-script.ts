import type { GatewayConfiguration } from '../../../config/schema.ts'
import { powershellText, powershellTexts } from '../../windows/powershell-text.ts'

/** Highest goes last: Windows asks the DNS servers of the card with the lowest metric first. */
const METRIC = { inside: 10, outside: 50 } as const

/** The outer card has no DNS and registers nowhere; names are asked inside. */
export function networkCardLines({ outside, inside }: GatewayConfiguration): readonly string[] {
  return [
    ...(outside.interface === undefined
      ? ['# Outer card: its name was not given (gateways: outside.interface); see READ-ME.md.']
      : [
          `$outside = ${powershellText(outside.interface)}`,
          'Set-DnsClientServerAddress -InterfaceAlias $outside -ResetServerAddresses',
          'Set-DnsClient -InterfaceAlias $outside -RegisterThisConnectionsAddress $false -UseSuffixWhenRegistering $false',
          `Set-NetIPInterface -InterfaceAlias $outside -InterfaceMetric ${String(METRIC.outside)}`,
          'Disable-NetAdapterBinding -Name $outside -ComponentID ms_msclient, ms_server',
        ]),
    ...(inside.interface === undefined
      ? ['# Inner card: its name was not given (gateways: inside.interface); see READ-ME.md.']
      : [
          `$inside = ${powershellText(inside.interface)}`,
          ...(inside.dns.length === 0
            ? []
            : [
                `Set-DnsClientServerAddress -InterfaceAlias $inside -ServerAddresses ${powershellTexts(inside.dns)}`,
              ]),
          `Set-NetIPInterface -InterfaceAlias $inside -InterfaceMetric ${String(METRIC.inside)}`,
        ]),
  ]
}

/** For people, with the commands that show it. */
export function windowsCards({ outside, inside }: GatewayConfiguration): readonly string[] {
  return [
    `Outside: ${outside.interface ?? 'the outer card'}${outside.address === undefined ? '' : `, ${outside.address}`}. It alone has a default gateway. No DNS server, no registration in DNS, metric ${String(METRIC.outside)}, no file sharing.`,
    `Inside: ${inside.interface ?? 'the inner card'}${inside.address === undefined ? '' : `, ${inside.address}`}. No default gateway; routes to the networks inside (New-NetRoute). DNS: ${inside.dns.length === 0 ? 'that of the domain' : inside.dns.join(', ')}. Metric ${String(METRIC.inside)}.`,
    'See: `Get-DnsClientServerAddress`, `Get-DnsClient | Format-Table InterfaceAlias, RegisterThisConnectionsAddress`, `Get-NetIPInterface | Sort-Object InterfaceMetric`, `Get-NetRoute 0.0.0.0/0` (one line, outside).',
  ]
}
