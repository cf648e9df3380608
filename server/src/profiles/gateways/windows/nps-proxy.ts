import type { GatewayInput } from '../../gateway-input.ts'
import type { GatewayOutput } from '../../gateway-output.ts'
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
  findings: (input) => [...secretFindings(input, SECRET), ...noCoa(input, TITLE), notTried(TITLE)],
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

/**
 * Attributes of a connection request policy, by their numbers in `sdoias.h` (NP_TIME_OF_DAY, AUTH_PROVIDER_TYPE,
 * AUTH_PROVIDER_NAME, ACCT_PROVIDER_TYPE, ACCT_PROVIDER_NAME): their names in netsh are in the language of Windows.
 */
const TIME_OF_DAY = '0x1006'
const FORWARDED_TO = [
  'profileid=0x1025 profiledata=0x2',
  `profileid=0x1029 profiledata=${GROUP}`,
  'profileid=0x102a profiledata=0x2',
  `profileid=0x102b profiledata=${GROUP}`,
]
/** Sunday is 0. */
const ALWAYS = [0, 1, 2, 3, 4, 5, 6].map((day) => `${String(day)} 00:00-24:00`).join('; ')

function scriptLines({ gateway, secret }: GatewayInput): string[] {
  const { radiusServers, authenticationPort, accountingPort, timeoutSeconds } = gateway
  return [
    '# In an elevated PowerShell on the server with NPS. Run again, it replaces what it made. It holds secrets: delete it afterwards.',
    "$ErrorActionPreference = 'Stop'",
    'Install-WindowsFeature NPAS -IncludeManagementTools | Out-Null',
    'Export-NpsConfiguration -Path "$env:USERPROFILE\\nps-before.xml"',
    `$secret = ${powershellText(secret)}`,
    `netsh nps delete crp name=${GROUP} | Out-Null`,
    `netsh nps delete remoteservergroup name=${GROUP} | Out-Null`,
    `netsh nps add remoteservergroup name=${GROUP} | Out-Null`,
    ...radiusServers.map((address, index) =>
      [
        `netsh nps add remoteserver remoteservergroup=${GROUP} address=${address}`,
        `authport=${String(authenticationPort)} acctport=${String(accountingPort)}`,
        '"authsharedsecret=$secret" "acctsharedsecret=$secret" requireauthattrib=Yes',
        `priority=${String(index + 1)} timeout=${String(timeoutSeconds)} blackout=30`,
      ].join(' '),
    ),
    [
      `netsh nps add crp name=${GROUP} state=ENABLE processingorder=1 policysource=0`,
      `conditionid=${TIME_OF_DAY} "conditiondata=${ALWAYS}"`,
      ...FORWARDED_TO,
    ].join(' '),
    '# netsh says "Ok" whatever came of it: look.',
    `netsh nps show remoteserver remoteservergroup=${GROUP}`,
    '[xml]$ias = Get-Content "$env:windir\\System32\\ias\\ias.xml"',
    `$made = $ias.Root.Children.Microsoft_Internet_Authentication_Service.Children.Proxy_Profiles.Children.${GROUP}.Properties`,
    `if ($made.msAuthProviderType.'#text' -ne '2' -or $made.msAuthProviderName.'#text' -ne '${GROUP}' -or $made.msAcctProviderName.'#text' -ne '${GROUP}') { throw 'The connection request policy did not come out right: make it by hand, as READ-ME.md says.' }`,
    'Restart-Service IAS',
    ...networkCardLines(gateway),
  ]
}

function readMe(input: GatewayInput) {
  const { gateway } = input
  return readMeFile(input, {
    title: TITLE,
    sureness:
      'Commands and arguments of netsh from its documentation, numbers of attributes from sdoias.h. Not tried on Windows: the script stops where the policy did not come out right.',
    steps: [
      'nps-proxy.ps1 and firewall-gateway.ps1, each in an elevated PowerShell. nps-before.xml is what was there; it holds secrets.',
      `The script makes the connection request policy "${GROUP}", the first of all: every request goes on to the group ${GROUP}. For some requests alone, change its condition in nps.msc.`,
      `By hand, where the script stops: nps.msc > Policies > Connection Request Policies > New: "${GROUP}"; Conditions: Day and Time Restrictions, every hour permitted; Settings > Authentication: "Forward requests to the following remote RADIUS server group for authentication": ${GROUP}; Accounting: "Forward accounting requests to this remote RADIUS server group": ${GROUP}. Move it to the top.`,
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
