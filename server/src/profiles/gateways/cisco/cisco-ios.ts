import type { GatewayInput } from '../../gateway-input.ts'
import type { GatewayOutput } from '../../gateway-output.ts'
import { ipv4Alone, notTried, wanted } from '../common-findings.ts'
import { CISCO_SECRET, hostRange, secretFile } from '../device-text.ts'
import { nftablesFile } from '../nftables.ts'
import { readMeFile } from '../read-me.ts'
import { secretFindings } from '../shared-secret.ts'
import { hostNameOf, tunnelFindings, vpnInputs } from '../vpn-connections.ts'
import { DH_NUMBER, iosIkeLines, iosTransform } from './ike-words.ts'
import { iosRadiusLines } from './radius-lines.ts'

const TITLE = 'Cisco IOS and IOS XE (802.1X, FlexVPN)'

export const CISCO_IOS: GatewayOutput = {
  kind: 'cisco-ios',
  title: TITLE,
  findings: (input) => [
    ...tunnelFindings(input, TITLE, ['ikev2']),
    ...secretFindings(input, CISCO_SECRET),
    ...wanted(
      input,
      'outside/interface',
      'Say which interface: the ports of 802.1X, or the one towards the Internet.',
    ),
    ...(vpnInputs(input).length === 0 ? [] : ipv4Alone(input)),
    notTried(TITLE),
  ],
  make: (input) => [
    secretFile('ios.txt', [
      '! Paste in configuration mode. It holds secrets.',
      ...iosRadiusLines(input),
      ...(hasPorts(input) ? portLines(input) : []),
      ...flexVpnLines(input),
    ]),
    nftablesFile(input, 'server'),
    readMe(input),
  ],
}

const hasPorts = ({ connections }: GatewayInput): boolean =>
  connections.some(({ connection }) => connection.kind !== 'vpn')

/** The RADIUS server says when a session is authenticated again (Session-Timeout). */
function portLines({ gateway }: GatewayInput): string[] {
  return [
    'aaa authentication dot1x default group SALLYPORT',
    'aaa authorization network default group SALLYPORT',
    'aaa accounting dot1x default start-stop group SALLYPORT',
    'dot1x system-auth-control',
    ...gateway.vlans.map((vlan) => `vlan ${String(vlan)}`),
    `interface ${gateway.outside.interface ?? ''}`,
    ' switchport mode access',
    ' authentication host-mode multi-domain',
    ' authentication port-control auto',
    ' authentication periodic',
    ' authentication timer reauthenticate server',
    ' dot1x pae authenticator',
  ]
}

function flexVpnLines(input: GatewayInput): string[] {
  const { gateway } = input
  const [first] = vpnInputs(input)
  if (first === undefined) return []
  const { connection } = first
  const { cryptography } = connection
  const pool = gateway.addressPool === undefined ? undefined : hostRange(gateway.addressPool)
  return [
    'aaa authentication login SALLYPORT group SALLYPORT',
    'aaa authorization network SALLYPORT local',
    'aaa accounting network SALLYPORT start-stop group SALLYPORT',
    ...(pool === undefined ? [] : [`ip local pool SALLYPORT ${pool.first} ${pool.last}`]),
    'crypto ikev2 proposal SALLYPORT',
    ...iosIkeLines(cryptography),
    'crypto ikev2 policy SALLYPORT',
    ' proposal SALLYPORT',
    ...(pool === undefined
      ? []
      : [
          'crypto ikev2 authorization policy SALLYPORT',
          ' pool SALLYPORT',
          ...(gateway.dns.length === 0 ? [] : [` dns ${gateway.dns.join(' ')}`]),
        ]),
    'crypto ikev2 profile SALLYPORT',
    ' match identity remote any',
    ` identity local fqdn ${hostNameOf(input, connection)}`,
    ' authentication local rsa-sig',
    ' authentication remote eap query-identity',
    ` pki trustpoint ${gateway.certificate}`,
    ' dpd 30 2 on-demand',
    ' aaa authentication eap SALLYPORT',
    ' aaa authorization user eap cached',
    ...(pool === undefined ? [] : [' aaa authorization group eap list SALLYPORT SALLYPORT']),
    ' aaa accounting eap SALLYPORT',
    ' virtual-template 1',
    `crypto ipsec transform-set SALLYPORT ${iosTransform(cryptography)}`,
    ' mode tunnel',
    'crypto ipsec profile SALLYPORT',
    ' set transform-set SALLYPORT',
    ...(cryptography.esp.pfsGroup === 'none'
      ? []
      : [` set pfs group${String(DH_NUMBER[cryptography.esp.pfsGroup])}`]),
    ` set security-association lifetime seconds ${String(cryptography.espLifetimeMinutes * 60)}`,
    ' set ikev2-profile SALLYPORT',
    'interface Virtual-Template1 type tunnel',
    ` ip unnumbered ${gateway.outside.interface ?? ''}`,
    ' tunnel mode ipsec ipv4',
    ' tunnel protection ipsec profile SALLYPORT',
  ]
}

function readMe(input: GatewayInput) {
  const isVpn = vpnInputs(input).length > 0
  return readMeFile(input, {
    title: TITLE,
    sureness: 'Written from memory of the IOS and IOS XE configuration guides; not tried on a device.',
    steps: [
      'Keep a console open: aaa new-model changes how you log in yourself.',
      ...(isVpn
        ? [
            `Import the certificate of the gateway first: crypto pki import ${input.gateway.certificate} pkcs12 ...`,
          ]
        : []),
      'Paste ios.txt in configuration mode, read what it answers, then: write memory',
    ],
    cards: [],
    checks: [
      {
        command: 'test aaa group SALLYPORT NAME PASSWORD new-code',
        shows:
          '"User successfully authenticated": address, port and secret are right. The rule must allow PAP for this try.',
      },
      {
        command: 'show aaa servers',
        shows: 'Each server with "State: current UP", requests and timeouts of logins and accounting.',
      },
      ...(isVpn
        ? [{ command: 'show crypto ikev2 sa detailed', shows: 'Who is connected, with "Auth verify: EAP".' }]
        : [
            {
              command: 'show authentication sessions details',
              shows: 'Each port with method dot1x, VLAN and user.',
            },
          ]),
      { command: 'show aaa clients detailed', shows: 'CoA requests seen, and refused.' },
      { command: 'debug radius authentication', shows: '"Bad authenticator" means a wrong secret.' },
    ],
  })
}
