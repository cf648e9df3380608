import type { GatewayInput } from '../../gateway-input.ts'
import type { GatewayOutput } from '../../gateway-output.ts'
import type { Finding } from '../../profile-output.ts'
import { powershellFile, powershellText } from '../../windows/powershell-text.ts'
import { noCoa, notTried } from '../common-findings.ts'
import { WINDOWS_SECRET } from '../device-text.ts'
import { nftablesFile } from '../nftables.ts'
import type { Opening } from '../openings.ts'
import { readMeFile } from '../read-me.ts'
import { secretFindings } from '../shared-secret.ts'
import { networkCardLines, windowsCards } from './network-card-script.ts'
import { windowsFirewall } from './windows-firewall.ts'

const TITLE = 'Windows NPS as RADIUS proxy'
const GROUP = 'Sallyport'

/** netsh takes an argument apart where a quote stands; a secret goes through two of these readers. */
const SECRET = { ...WINDOWS_SECRET, where: 'the command line of netsh', refused: /["\s]|\\$/u }

export const NPS_PROXY: GatewayOutput = {
  kind: 'nps-proxy',
  title: TITLE,
  findings: (input) => [
    ...secretFindings(input, SECRET),
    ...otherPorts(input),
    ...noCoa(input, TITLE),
    notTried(TITLE),
  ],
  make: (input) => [
    {
      ...{ name: 'nps-proxy.ps1', mediaType: 'text/plain', holdsSecret: true },
      content: powershellFile(scriptLines(input)),
    },
    windowsFirewall(input, [NPS_PORTS]),
    nftablesFile(input, 'server'),
    readMe(input),
  ],
}

const NPS_PORTS: Opening = {
  ...{ host: 'gateway', card: 'inside', protocol: 'udp', ports: [1812, 1813, 1645, 1646], from: [] },
  why: 'RADIUS from the devices that ask this NPS',
}

/** The names of these two arguments of netsh are not certain, and a server on other ports would never be asked. */
function otherPorts({ gateway }: GatewayInput): readonly Finding[] {
  if (gateway.authenticationPort === 1812 && gateway.accountingPort === 1813) return []
  return [
    {
      ...{
        severity: 'warning',
        code: 'ports-by-hand',
        setting: `gateways/${gateway.name}/authenticationPort`,
      },
      message: `Ports ${String(gateway.authenticationPort)} and ${String(gateway.accountingPort)} have to be set by hand in the properties of each server in the group.`,
    },
  ]
}

function scriptLines({ gateway, secret }: GatewayInput): string[] {
  const { radiusServers, timeoutSeconds } = gateway
  return [
    '# In an elevated PowerShell on the server with NPS. It holds secrets: delete it afterwards.',
    "$ErrorActionPreference = 'Stop'",
    'Install-WindowsFeature NPAS -IncludeManagementTools | Out-Null',
    'Export-NpsConfiguration -Path "$env:USERPROFILE\\nps-before.xml"',
    `$secret = ${powershellText(secret)}`,
    `netsh nps add remoteservergroup name=${GROUP} | Out-Null`,
    ...radiusServers.map((address, index) =>
      [
        `netsh nps add remoteserver remoteservergroup=${GROUP} address=${address}`,
        '"authsharedsecret=$secret" "acctsharedsecret=$secret" requireauthattrib=Yes',
        `priority=${String(index + 1)} timeout=${String(timeoutSeconds)} blackout=30`,
      ].join(' '),
    ),
    '# netsh says "Ok" whatever came of it: look.',
    `netsh nps show remoteserver remoteservergroup=${GROUP}`,
    ...networkCardLines(gateway),
  ]
}

function readMe(input: GatewayInput) {
  const { gateway } = input
  return readMeFile(input, {
    title: TITLE,
    sureness:
      'netsh as seen in scripts of others; the connection request policy by hand, because its form is not documented. Not tried on Windows.',
    steps: [
      'nps-proxy.ps1 and firewall-gateway.ps1, each in an elevated PowerShell. nps-before.xml is what was there; it holds secrets.',
      `nps.msc > Policies > Connection Request Policies > New: "Sallyport"; Conditions: which requests (for all: Day and Time, every hour); Settings > Authentication: "Forward requests to the following remote RADIUS server group": ${GROUP}; Accounting: forward to ${GROUP}, too. Move it to the top.`,
      'The devices stay clients of NPS (New-NpsRadiusClient); Message-Authenticator required for each.',
      `For Sallyport there is one client: NPS. Rules see the devices by NAS-Identifier and NAS-IP-Address, not by the client (${input.client.name}).`,
    ],
    cards: windowsCards(gateway),
    checks: [
      {
        command: `netsh nps show remoteserver remoteservergroup=${GROUP}`,
        shows: 'The servers in their order.',
      },
      { command: 'netsh nps show crp', shows: 'The policy stands first, with the provider "RADIUS proxy".' },
      { command: `Test-NetConnection ${gateway.radiusServers[0] ?? ''}`, shows: 'That there is a route.' },
      {
        command: "Get-WinEvent -FilterHashtable @{LogName='Security'; Id=6272,6273,6274} -MaxEvents 20",
        shows:
          'Granted, denied, discarded. 6274 with reason 49 or 117: no policy fits, or the remote server is silent.',
      },
      {
        command: 'Get-Counter "\\NPS Remote Authentication Servers(*)\\*"',
        shows: 'Bad authenticators (wrong secret), timeouts.',
      },
    ],
  })
}
