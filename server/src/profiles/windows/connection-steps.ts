import type { VpnConnection } from '../../config/schema.ts'
import type { ProfileInput } from '../profile-input.ts'
import { type WindowsTunnel, windowsTunnels } from './connection-names.ts'
import { nameRules, proxySteps, triggerSteps } from './connection-triggers.ts'
import { eapSettings } from './eap-settings.ts'
import { eapHostConfig } from './eap-xml.ts'
import { prefixText } from './network-prefix.ts'
import { powershellText, powershellXml } from './powershell-text.ts'
import { assigned } from './script-certificates.ts'
import { sharedKeyOf } from './shared-key.ts'
import { cmdletSuite } from './suites.ts'

export type Scope = 'person' | 'all-users'

const TUNNEL_TYPE = { ikev2: 'Ikev2', sstp: 'Sstp', l2tp: 'L2tp', pptp: 'Pptp' } as const
const ENCRYPTION_LEVEL = {
  required: 'Required',
  maximum: 'Maximum',
  optional: 'Optional',
  none: 'NoEncryption',
} as const
const PHONE_BOOK = {
  person: "(Join-Path $env:APPDATA 'Microsoft\\Network\\Connections\\Pbk\\rasphone.pbk')",
  'all-users': "(Join-Path $env:ProgramData 'Microsoft\\Network\\Connections\\Pbk\\rasphone.pbk')",
} as const

/** All connections that are made of one, each as if it were the only one. */
export function connectionSteps(input: ProfileInput<VpnConnection>, scope: Scope): readonly string[] {
  const settings = eapSettings(input)
  const eap = settings === undefined ? [] : assigned('$eap', powershellXml(eapHostConfig(settings)))
  const { connection } = input
  return [
    ...eap,
    ...windowsTunnels(connection).flatMap((tunnel) => [
      ...add(connection, tunnel, scope),
      ...suite(connection, tunnel, scope),
      ...phoneBook(connection, scope),
      ...routes(connection, scope),
      ...(scope === 'person' ? triggerSteps(connection) : []),
      ...(scope === 'person' ? proxySteps(connection) : []),
      "Write-Step ('Connection ' + $name + ' is there.')",
    ]),
    ...nameRules(connection),
    ...natTraversal(connection),
  ]
}

const forAll = (scope: Scope): string => (scope === 'all-users' ? ' -AllUserConnection' : '')

function add(connection: VpnConnection, { type, name }: WindowsTunnel, scope: Scope): readonly string[] {
  const sharedKey = sharedKeyOf(connection, type)
  const { gateways, dns, idleDisconnectMinutes } = connection
  const [suffix] = dns.suffixes
  const isEap = connection.authentication !== 'mschapv2'
  const parameters: readonly (readonly [string, string] | undefined)[] = [
    ['Name', '$name'],
    ['ServerAddress', powershellText(gateways[0]?.address ?? '')],
    ['TunnelType', `'${TUNNEL_TYPE[type]}'`],
    ['EncryptionLevel', `'${ENCRYPTION_LEVEL[connection.encryption]}'`],
    ['AuthenticationMethod', isEap ? "'Eap'" : "'MSChapv2'"],
    isEap ? ['EapConfigXmlStream', '([xml] $eap)'] : undefined,
    sharedKey === undefined ? undefined : ['L2tpPsk', powershellText(sharedKey)],
    ['SplitTunneling', truth(connection.routing === 'split')],
    ['RememberCredential', truth(connection.rememberCredentials)],
    // EAP says it in its XML.
    isEap ? undefined : ['UseWinlogonCredential', truth(connection.useLogonCredentials)],
    suffix === undefined ? undefined : ['DnsSuffix', powershellText(suffix)],
    idleDisconnectMinutes === 0 ? undefined : ['IdleDisconnectSeconds', String(idleDisconnectMinutes * 60)],
    gateways.length > 1 ? ['ServerList', '$servers'] : undefined,
    scope === 'all-users' ? ['AllUserConnection', '$true'] : undefined,
    // L2TP asks back without it.
    ['Force', '$true'],
  ]
  return [
    `$name = ${powershellText(name)}`,
    `Remove-Connection $name ${truth(scope === 'all-users')}`,
    ...(gateways.length > 1 ? servers(connection) : []),
    '$connection = @{',
    ...parameters.flatMap((one) => (one === undefined ? [] : [`  ${one[0]} = ${one[1]}`])),
    '}',
    'Add-VpnConnection @connection',
  ]
}

function servers({ gateways }: VpnConnection): readonly string[] {
  return [
    '$servers = @(',
    ...gateways.map(
      ({ address, title = address }) =>
        `  (New-VpnServerAddress -ServerAddress ${powershellText(address)} -FriendlyName ${powershellText(title)})`,
    ),
    ')',
  ]
}

/** All six or none. Left alone Windows offers modp1024, and a gateway of today refuses (13868). */
function suite({ cryptography }: VpnConnection, { type }: WindowsTunnel, scope: Scope): readonly string[] {
  if (type !== 'ikev2' && type !== 'l2tp') return []
  const { authenticationTransform, cipherTransform, dhGroup, encryption, integrity, pfsGroup } =
    cmdletSuite(cryptography)
  return [
    '$suite = @{',
    '  ConnectionName = $name',
    `  AuthenticationTransformConstants = '${authenticationTransform}'`,
    `  CipherTransformConstants = '${cipherTransform}'`,
    `  EncryptionMethod = '${encryption}'`,
    `  IntegrityCheckMethod = '${integrity}'`,
    `  DHGroup = '${dhGroup}'`,
    `  PfsGroup = '${pfsGroup}'`,
    '  Force = $true',
    '}',
    `Set-VpnConnectionIPsecConfiguration @suite${forAll(scope)}`,
  ]
}

/** What no cmdlet says: comes up again after it was lost; registers its address in DNS. */
function phoneBook({ reconnect, dns }: VpnConnection, scope: Scope): readonly string[] {
  const values = `@{ RedialOnLinkFailure = '${reconnect ? '1' : '0'}'; IpDnsFlags = '${dns.register ? '1' : '0'}' }`
  return [`Set-PhoneBook ${PHONE_BOOK[scope]} $name ${values}`]
}

function routes({ routing, routes: all }: VpnConnection, scope: Scope): readonly string[] {
  if (routing === 'full') return []
  return all
    .filter(({ exclude }) => !exclude)
    .map(({ prefix, metric }) => {
      const cost = metric === undefined ? '' : ` -RouteMetric ${String(metric)}`
      return `Add-VpnConnectionRoute -ConnectionName $name -DestinationPrefix '${prefixText(prefix)}'${cost}${forAll(scope)}`
    })
}

const POLICY_AGENT = 'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\PolicyAgent'

/** L2TP to a gateway behind NAT: 2 = both sides may be. Windows reads it when it starts (error 789, 809). */
function natTraversal(connection: VpnConnection): readonly string[] {
  if (!connection.tunnelTypes.includes('l2tp')) return []
  const value = 'AssumeUDPEncapsulationContextOnSendRule'
  return [
    `$agent = Get-ItemProperty -LiteralPath '${POLICY_AGENT}'`,
    `if ($agent.PSObject.Properties.Name -notcontains '${value}' -or $agent.${value} -ne 2) {`,
    `  Invoke-Elevated 'reg.exe' 'add ${POLICY_AGENT.replace(':', '')} /v ${value} /t REG_DWORD /d 2 /f'`,
    "  Write-Step 'L2TP may now pass NAT.'",
    '  $restart = $true',
    '}',
  ]
}

const truth = (value: boolean): string => (value ? '$true' : '$false')
