import type { GatewayInput } from '../../gateway-input.ts'
import type { GatewayOutput } from '../../gateway-output.ts'
import type { Finding } from '../../profile-output.ts'
import { ipv4Alone, notTried, wanted } from '../common-findings.ts'
import { CISCO_SECRET, hostRange, isIpv4Prefix, networkAndMask, secretFile } from '../device-text.ts'
import { nftablesFile } from '../nftables.ts'
import { readMeFile } from '../read-me.ts'
import { secretFindings } from '../shared-secret.ts'
import { tunnelFindings, vpnInputs } from '../vpn-connections.ts'
import { asaCipher, asaIkeLines, DH_NUMBER, isGcm } from './ike-words.ts'

const TITLE = 'Cisco ASA'

export const CISCO_ASA: GatewayOutput = {
  kind: 'cisco-asa',
  title: TITLE,
  findings: (input) => [
    ...tunnelFindings(input, TITLE, ['ikev2']),
    ...secretFindings(input, CISCO_SECRET),
    ...wanted(input, 'outside/interface', 'Say the name (nameif) of the interface towards the Internet.'),
    ...wanted(
      input,
      'inside/interface',
      'Say the name (nameif) of the interface towards the RADIUS servers.',
    ),
    ...wanted(input, 'addressPool', 'An ASA gives no addresses without a pool: say which.'),
    ...ipv4Alone(input),
    ...oneSecret(input),
    notTried(TITLE),
  ],
  make: (input) => [secretFile('asa.txt', asaLines(input)), nftablesFile(input, 'server'), readMe(input)],
}

/** dynamic-authorization of an ASA is signed with the key of the server it comes from. */
function oneSecret({ client, secret, dynamicAuthorization }: GatewayInput): readonly Finding[] {
  if (dynamicAuthorization === undefined || dynamicAuthorization.secret === secret) return []
  return [
    {
      ...{
        severity: 'warning',
        code: 'one-secret',
        setting: `clients/${client.name}/dynamicAuthorizationSecret`,
      },
      message:
        'An ASA has one secret for logins and CoA: without dynamicAuthorizationSecret CoA is signed with it.',
    },
  ]
}

function asaLines(input: GatewayInput): string[] {
  const { gateway, dynamicAuthorization } = input
  const { connection } = vpnInputs(input)[0] ?? {}
  if (connection === undefined || gateway.addressPool === undefined)
    throw new Error('made in spite of an obstacle')
  const { esp, espLifetimeMinutes } = connection.cryptography
  const outside = gateway.outside.interface ?? ''
  const pool = hostRange(gateway.addressPool)
  const split = connection.routing === 'split'
  const routes = connection.routes.filter(({ exclude, prefix }) => !exclude && isIpv4Prefix(prefix))
  return [
    ': Paste in configuration mode. It holds secrets.',
    'aaa-server SALLYPORT protocol radius',
    ' interim-accounting-update periodic 1',
    ...(dynamicAuthorization === undefined
      ? []
      : [` dynamic-authorization port ${String(dynamicAuthorization.port)}`]),
    ' max-failed-attempts 3',
    ...gateway.radiusServers.flatMap((address) => [
      `aaa-server SALLYPORT (${gateway.inside.interface ?? ''}) host ${address}`,
      ` key ${input.secret}`,
      ` authentication-port ${String(gateway.authenticationPort)}`,
      ` accounting-port ${String(gateway.accountingPort)}`,
      ` timeout ${String(gateway.timeoutSeconds)}`,
    ]),
    `ip local pool SALLYPORT ${pool.first}-${pool.last} mask ${pool.mask}`,
    ...(split
      ? routes.map(({ prefix }) => {
          const { network, mask } = networkAndMask(prefix)
          return `access-list SALLYPORT-SPLIT standard permit ${network} ${mask}`
        })
      : []),
    'group-policy SALLYPORT internal',
    'group-policy SALLYPORT attributes',
    ' vpn-tunnel-protocol ikev2',
    ...(gateway.dns.length === 0 ? [] : [` dns-server value ${gateway.dns.join(' ')}`]),
    ...(split
      ? [' split-tunnel-policy tunnelspecified', ' split-tunnel-network-list value SALLYPORT-SPLIT']
      : [' split-tunnel-policy tunnelall']),
    'tunnel-group DefaultRAGroup general-attributes',
    ' address-pool SALLYPORT',
    ' authentication-server-group SALLYPORT',
    ' accounting-server-group SALLYPORT',
    ' default-group-policy SALLYPORT',
    'tunnel-group DefaultRAGroup ipsec-attributes',
    ' ikev2 remote-authentication eap query-identity',
    ` ikev2 local-authentication certificate ${gateway.certificate}`,
    'crypto ikev2 policy 10',
    ...asaIkeLines(connection.cryptography),
    'crypto ipsec ikev2 ipsec-proposal SALLYPORT',
    ` protocol esp encryption ${asaCipher(esp.encryption)}`,
    ` protocol esp integrity ${isGcm(esp.encryption) ? 'null' : esp.integrity.replace('sha', 'sha-')}`,
    'crypto dynamic-map SALLYPORT 10 set ikev2 ipsec-proposal SALLYPORT',
    ...(esp.pfsGroup === 'none'
      ? []
      : [`crypto dynamic-map SALLYPORT 10 set pfs group${String(DH_NUMBER[esp.pfsGroup])}`]),
    `crypto dynamic-map SALLYPORT 10 set security-association lifetime seconds ${String(espLifetimeMinutes * 60)}`,
    'crypto map SALLYPORT-MAP 65000 ipsec-isakmp dynamic SALLYPORT',
    `crypto map SALLYPORT-MAP interface ${outside}`,
    `crypto ikev2 enable ${outside}`,
  ]
}

function readMe(input: GatewayInput) {
  return readMeFile(input, {
    title: TITLE,
    sureness:
      'RADIUS lines from the ASA configuration guide; IKEv2 for native clients from memory. Not tried on a device.',
    steps: [
      `Import the certificate of the gateway as trustpoint ${input.gateway.certificate}: crypto ca import ${input.gateway.certificate} pkcs12 PASSWORD`,
      'If a crypto map is bound to the outside interface already, add the dynamic map to that one: an interface has one map.',
      'Paste asa.txt in configuration mode, then: write memory',
      'An ASA counts the interval of accounting in hours: sessions are reported every hour, not as often as configured.',
      'Native clients name no group, so DefaultRAGroup is the one they get.',
    ],
    cards: [],
    checks: [
      {
        command: `test aaa-server authentication SALLYPORT host ${input.gateway.radiusServers[0] ?? ''} username NAME password PASSWORD`,
        shows:
          '"Authentication Successful". "No response" is a wrong address, port or secret. The rule must allow PAP for this try.',
      },
      {
        command: 'show aaa-server SALLYPORT',
        shows: 'Accepts, rejects, timeouts and "bad authenticators" (wrong secret) of each server.',
      },
      {
        command: 'show vpn-sessiondb detail ra-ikev2-ipsec',
        shows: 'Who is connected, with which group policy.',
      },
      { command: 'show crypto ikev2 sa', shows: 'The tunnels.' },
    ],
  })
}
