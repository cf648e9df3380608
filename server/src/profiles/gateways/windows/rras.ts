import type { VpnConnection } from '../../../config/schema.ts'
import type { GatewayInput } from '../../gateway-input.ts'
import type { GatewayOutput } from '../../gateway-output.ts'
import { powershellFile, powershellText } from '../../windows/powershell-text.ts'
import { cmdletSuite } from '../../windows/suites.ts'
import { ipv4Alone, noCoa, notTried, wanted } from '../common-findings.ts'
import { hostRange, WINDOWS_SECRET } from '../device-text.ts'
import { nftablesFile } from '../nftables.ts'
import { readMeFile } from '../read-me.ts'
import { secretFindings } from '../shared-secret.ts'
import { hostNameOf, tunnelFindings, tunnelTypes, vpnInputs } from '../vpn-connections.ts'
import { networkCardLines, windowsCards } from './network-card-script.ts'
import { windowsFirewall } from './windows-firewall.ts'

const TITLE = 'Windows Routing and Remote Access (RRAS)'

export const RRAS: GatewayOutput = {
  kind: 'rras',
  title: TITLE,
  findings: (input) => [
    ...tunnelFindings(input, TITLE, ['ikev2', 'sstp', 'l2tp', 'pptp']),
    ...secretFindings(input, WINDOWS_SECRET),
    ...wanted(
      input,
      'addressPool',
      'RRAS needs a range of addresses where the policy gives none: say which.',
    ),
    ...ipv4Alone(input),
    ...noCoa(input, TITLE),
    notTried(TITLE),
  ],
  make: (input) => [
    {
      ...{ name: 'rras.ps1', mediaType: 'text/plain', holdsSecret: true },
      content: powershellFile(scriptLines(input)),
    },
    windowsFirewall(input),
    nftablesFile(input, 'server'),
    readMe(input),
  ],
}

function scriptLines(input: GatewayInput): string[] {
  const { gateway } = input
  const connection = vpnInputs(input)[0]?.connection
  if (connection === undefined || gateway.addressPool === undefined)
    throw new Error('made in spite of an obstacle')
  const { first, last } = hostRange(gateway.addressPool)
  return [
    '# In an elevated PowerShell on the gateway. It holds secrets: delete it afterwards.',
    "$ErrorActionPreference = 'Stop'",
    `$secret = ${powershellText(input.secret)}`,
    `$name = ${powershellText(hostNameOf(input, connection))}`,
    '$certificate = Get-ChildItem Cert:\\LocalMachine\\My | Where-Object { $_.HasPrivateKey -and $_.DnsNameList.Unicode -contains $name } | Sort-Object NotAfter | Select-Object -Last 1',
    'if (-not $certificate) { throw "No certificate with a private key for $name in LocalMachine\\My." }',
    'Install-WindowsFeature DirectAccess-VPN, Routing -IncludeManagementTools | Out-Null',
    "if ((Get-RemoteAccess).VpnStatus -ne 'Installed') { Install-RemoteAccess -VpnType Vpn }",
    `Set-VpnIPAddressAssignment -IPAssignmentMethod StaticPool -IPAddressRange ${powershellText(first)}, ${powershellText(last)}`,
    ...radiusLines(input),
    ...protocolLines(input, connection),
    ...cryptographyLines(connection),
    '# IKEv2: a certificate that was revoked is refused; and messages too large for the path are cut by IKE itself.',
    "$ikev2 = 'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\RemoteAccess\\Parameters\\Ikev2'",
    'New-Item $ikev2 -Force | Out-Null',
    'New-ItemProperty $ikev2 -Name CertAuthFlags -PropertyType DWORD -Value 4 -Force | Out-Null',
    'New-ItemProperty $ikev2 -Name EnableServerFragmentation -PropertyType DWORD -Value 1 -Force | Out-Null',
    ...networkCardLines(gateway),
    'Restart-Service RemoteAccess',
  ]
}

/** The score decides: the highest is asked first. */
function radiusLines({ gateway }: GatewayInput): string[] {
  const { radiusServers, authenticationPort, accountingPort, timeoutSeconds } = gateway
  const common = (index: number) =>
    `-Timeout ${String(timeoutSeconds)} -Score ${String(30 - index)} -MsgAuthenticator Enabled`
  return [
    ...radiusServers.flatMap((address, index) => {
      const server = powershellText(address)
      return [
        index === 0
          ? `Set-VpnAuthType -Type ExternalRadius -RadiusServer ${server} -SharedSecret $secret -RadiusPort ${String(authenticationPort)} -RadiusTimeout ${String(timeoutSeconds)} -RadiusScore 30 -MsgAuthenticator Enabled`
          : `Add-RemoteAccessRadius -ServerName ${server} -SharedSecret $secret -Purpose Authentication -Port ${String(authenticationPort)} ${common(index)}`,
        `Add-RemoteAccessRadius -ServerName ${server} -SharedSecret $secret -Purpose Accounting -Port ${String(accountingPort)} ${common(index)} -AccountingOnOffMsg Enabled`,
      ]
    }),
  ]
}

function protocolLines(
  input: GatewayInput,
  { authentication, l2tpMachineAuthentication, preSharedKey }: VpnConnection,
): string[] {
  const types = tunnelTypes(input)
  const byKey = types.has('l2tp') && l2tpMachineAuthentication === 'psk' && preSharedKey !== undefined
  const accepted = authentication === 'mschapv2' ? 'MsChapv2' : 'EAP'
  return [
    [
      `Set-VpnAuthProtocol -UserAuthProtocolAccepted ${accepted}`,
      `-TunnelAuthProtocolsAdvertised ${byKey ? 'PreSharedKey' : 'Certificates'}`,
      ...(byKey ? [`-SharedSecret ${powershellText(preSharedKey)}`] : []),
      '-CertificateAdvertised $certificate',
    ].join(' '),
  ]
}

const ENCRYPTION = {
  required: 'RequireEncryption',
  maximum: 'MaximumEncryption',
  optional: 'OptionalEncryption',
  none: 'NoEncryption',
} as const

function cryptographyLines(connection: VpnConnection): string[] {
  const { cryptography, encryption } = connection
  const suite = cmdletSuite(cryptography)
  return [
    [
      'Set-VpnServerConfiguration -CustomPolicy',
      `-AuthenticationTransformConstants ${suite.authenticationTransform} -CipherTransformConstants ${suite.cipherTransform}`,
      `-PfsGroup ${suite.pfsGroup} -DHGroup ${suite.dhGroup}`,
      `-IntegrityCheckMethod ${suite.integrity} -EncryptionMethod ${suite.encryption}`,
      `-SALifeTimeSeconds ${String(cryptography.espLifetimeMinutes * 60)} -MMSALifeTimeSeconds ${String(cryptography.ikeLifetimeMinutes * 60)}`,
      `-EncryptionType ${ENCRYPTION[encryption]}`,
    ].join(' '),
  ]
}

function readMe(input: GatewayInput) {
  const { gateway } = input
  return readMeFile(input, {
    title: TITLE,
    sureness: 'Cmdlets and parameters from their documentation; not tried on Windows.',
    steps: [
      'Import the certificate of the gateway with its key into LocalMachine\\My, the roots of clients into LocalMachine\\Root.',
      'rras.ps1 and firewall-gateway.ps1, each in an elevated PowerShell: powershell -ExecutionPolicy Bypass -File rras.ps1',
      'SSTP: the certificate is also bound to port 443; see it with: netsh http show sslcert',
      `RRAS says nothing but its computer name as NAS-Identifier: that is ${gateway.nasIdentifier ?? gateway.name} if gateways check does not complain.`,
    ],
    cards: windowsCards(gateway),
    checks: [
      { command: 'Get-RemoteAccessRadius', shows: 'Servers, ports, scores, message authenticator on.' },
      {
        command: 'Get-VpnAuthProtocol; Get-VpnServerConfiguration',
        shows: 'What is accepted, and the suite.',
      },
      {
        command: `Test-NetConnection ${gateway.radiusServers[0] ?? ''}`,
        shows: 'That there is a route. RADIUS is UDP: whether it answers only a login shows.',
      },
      { command: 'Get-RemoteAccessConnectionStatistics', shows: 'Who is connected.' },
      {
        command:
          "Get-WinEvent -FilterHashtable @{LogName='System'; ProviderName='RemoteAccess'} -MaxEvents 20",
        shows:
          '20073, 20255, 20271: refused, and why. "The RADIUS server did not respond" is address, port or secret.',
      },
      { command: 'Get-NetFirewallRule -Group Sallyport', shows: 'The rules of firewall-gateway.ps1.' },
      ...(tunnelTypes(input).has('l2tp')
        ? [
            {
              command:
                "Get-NetFirewallPortFilter | Where-Object LocalPort -eq 1701 | Get-NetFirewallRule | Where-Object Enabled -eq 'True' | Get-NetFirewallSecurityFilter",
              shows:
                'Authentication "Required" in each: L2TP comes in out of IPsec alone. That Windows counts the packets of RRAS\' IPsec policy so was not tried: look here first where L2TP does not come up (789, 809) and IKEv2 does.',
            },
          ]
        : []),
    ],
  })
}
