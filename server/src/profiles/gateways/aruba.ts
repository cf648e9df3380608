import type { GatewayInput } from '../gateway-input.ts'
import type { GatewayOutput } from '../gateway-output.ts'
import { notTried, wanted } from './common-findings.ts'
import { CISCO_SECRET, interimMinutes, secretFile } from './device-text.ts'
import { nftablesFile } from './nftables.ts'
import { nasIdentifierOf, readMeFile } from './read-me.ts'
import { secretFindings } from './shared-secret.ts'

const TITLE = 'Aruba (AOS-CX switches; steps for Wi-Fi)'

export const ARUBA: GatewayOutput = {
  kind: 'aruba',
  title: TITLE,
  findings: (input) => [
    ...secretFindings(input, CISCO_SECRET),
    ...wanted(input, 'outside/interface', 'Say which ports have 802.1X (1/1/1-1/1/48).'),
    notTried(TITLE),
  ],
  make: (input) => [secretFile('aos-cx.txt', lines(input)), nftablesFile(input, 'server'), readMe(input)],
}

function lines(input: GatewayInput): string[] {
  const { gateway, secret, dynamicAuthorization } = input
  const { radiusServers, authenticationPort, accountingPort, timeoutSeconds } = gateway
  return [
    '! Paste in configuration mode. It holds secrets.',
    ...radiusServers.map(
      (address) =>
        `radius-server host ${address} key plaintext ${secret} timeout ${String(timeoutSeconds)} port ${String(authenticationPort)} acct-port ${String(accountingPort)}`,
    ),
    'aaa group server radius sallyport',
    ...radiusServers.map((address) => `    server ${address} port ${String(authenticationPort)}`),
    'aaa radius-attribute group sallyport',
    `    nas-id value ${nasIdentifierOf(gateway)}`,
    '    nas-id request-type both',
    `aaa accounting port-access start-stop interim ${interimMinutes(input)} group sallyport`,
    ...(dynamicAuthorization === undefined
      ? ['no radius dyn-authorization enable']
      : [
          'radius dyn-authorization enable',
          `radius dyn-authorization port ${String(dynamicAuthorization.port)}`,
          ...radiusServers.map(
            (address) =>
              `radius dyn-authorization client ${address} secret-key plaintext ${dynamicAuthorization.secret}`,
          ),
        ]),
    ...gateway.vlans.map((vlan) => `vlan ${String(vlan)}`),
    'aaa authentication port-access dot1x authenticator',
    '    radius server-group sallyport',
    '    enable',
    `interface ${gateway.outside.interface ?? ''}`,
    '    no routing',
    '    aaa authentication port-access dot1x authenticator',
    '        reauth',
    '        enable',
  ]
}

function readMe(input: GatewayInput) {
  const { gateway } = input
  return readMeFile(input, {
    title: TITLE,
    sureness: 'Lines seen in configurations of others and from memory; not tried on a device.',
    steps: [
      'Keep a console open. Paste aos-cx.txt in configuration mode, then: write memory',
      'Each server needs its own "radius dyn-authorization client" line: without it CoA is dropped and only counted.',
      `Wi-Fi (Instant, Central): Security > Authentication Servers > add ${gateway.radiusServers.join(', ')}, ports and secret as in aos-cx.txt, "Dynamic Authorization" on; the network: Enterprise, those servers, Accounting on, interval ${interimMinutes(input)} min, "VLAN: from RADIUS".`,
    ],
    cards: [],
    checks: [
      { command: 'show radius-server detail', shows: 'Servers, ports, and whether each is reachable.' },
      {
        command: 'show radius-server statistics',
        shows: 'Bad authenticators (wrong secret) and timeouts of each.',
      },
      {
        command: 'show aaa authentication port-access interface all client-status',
        shows: 'Who is in, with which role and VLAN.',
      },
      {
        command: 'show radius dyn-authorization',
        shows: 'CoA and Disconnect received, acknowledged, and dropped for an invalid client.',
      },
    ],
  })
}
