import type { VpnConnection, WifiConnection } from '../../config/schema.ts'
import type { GatewayInput } from '../gateway-input.ts'
import type { GatewayOutput } from '../gateway-output.ts'
import { isGcm } from './cisco/ike-words.ts'
import { ipv4Alone, notTried, pppByPasswordAlone, wanted } from './common-findings.ts'
import { hostRange, isIpv4Prefix, OBJECT, ROUTEROS_SECRET, routerosText, secretFile } from './device-text.ts'
import { nftablesFile } from './nftables.ts'
import { openingsOf } from './openings.ts'
import { readMeFile } from './read-me.ts'
import { secretFindings } from './shared-secret.ts'
import { tunnelFindings, tunnelTypes, vpnInputs } from './vpn-connections.ts'

const TITLE = 'MikroTik RouterOS 7'

export const MIKROTIK: GatewayOutput = {
  kind: 'mikrotik',
  title: TITLE,
  findings: (input) => [
    ...tunnelFindings(input, TITLE, ['ikev2', 'sstp', 'l2tp', 'pptp']),
    ...secretFindings(input, ROUTEROS_SECRET),
    ...(vpnInputs(input).length === 0
      ? wanted(input, 'outside/interface', 'Say which port has 802.1X, or which radio.')
      : [
          ...wanted(
            input,
            'addressPool',
            'RouterOS needs a range of addresses where the policy gives none: say which.',
          ),
          ...ipv4Alone(input),
        ]),
    ...pppByPasswordAlone(input, TITLE),
    notTried(TITLE),
  ],
  make: (input) => [
    secretFile('sallyport.rsc', [
      '# RouterOS 7: /import file-name=sallyport.rsc. It holds secrets.',
      ...radiusLines(input),
      ...vpnLines(input),
      ...portLines(input),
      ...filterLines(input),
    ]),
    nftablesFile(input, 'server'),
    readMe(input),
  ],
}

/** The first that answers is asked; RouterOS tries them in their order. */
function radiusLines(input: GatewayInput): string[] {
  const { gateway, secret, dynamicAuthorization } = input
  const services = vpnInputs(input).length > 0 ? 'ppp,ipsec' : 'dot1x,wireless'
  return [
    '/radius',
    ...gateway.radiusServers.map((address) =>
      [
        `add address=${address} secret=${routerosText(secret)} service=${services}`,
        `authentication-port=${String(gateway.authenticationPort)} accounting-port=${String(gateway.accountingPort)}`,
        `timeout=${String(gateway.timeoutSeconds)}s require-message-auth=yes-for-request-resp`,
        ...(gateway.inside.address === undefined ? [] : [`src-address=${gateway.inside.address}`]),
        `comment=${OBJECT}`,
      ].join(' '),
    ),
    '/radius incoming',
    dynamicAuthorization === undefined
      ? 'set accept=no'
      : `set accept=yes port=${String(dynamicAuthorization.port)}`,
  ]
}

function vpnLines(input: GatewayInput): string[] {
  const { gateway } = input
  const connections = vpnInputs(input).map(({ connection }) => connection)
  const [first] = connections
  if (first === undefined || gateway.addressPool === undefined) return []
  const pool = hostRange(gateway.addressPool)
  return [
    '/ip pool',
    `add name=${OBJECT} ranges=${pool.first}-${pool.last}`,
    '/ppp aaa',
    `set use-radius=yes accounting=yes interim-update=${String(gateway.interimSeconds)}s`,
    ...(first.tunnelTypes.includes('ikev2') ? ikeLines(gateway, first) : []),
    ...pppLines(input, first, pool.first),
  ]
}

function ikeLines(gateway: GatewayInput['gateway'], connection: VpnConnection): string[] {
  const { ike, esp, ikeLifetimeMinutes, espLifetimeMinutes } = connection.cryptography
  const split = connection.routes.filter(({ exclude, prefix }) => !exclude && isIpv4Prefix(prefix))
  const included = connection.routing === 'full' ? ['0.0.0.0/0'] : split.map(({ prefix }) => prefix)
  return [
    '/ip ipsec profile',
    `add name=${OBJECT} enc-algorithm=${cipher(ike.encryption)} hash-algorithm=${ike.integrity} dh-group=${ike.dhGroup} lifetime=${String(ikeLifetimeMinutes)}m dpd-interval=30s`,
    '/ip ipsec proposal',
    `add name=${OBJECT} enc-algorithms=${isGcm(esp.encryption) ? `${cipher(esp.encryption)}-gcm` : `${cipher(esp.encryption)}-cbc`} auth-algorithms=${isGcm(esp.encryption) ? '""' : esp.integrity} pfs-group=${esp.pfsGroup} lifetime=${String(espLifetimeMinutes)}m`,
    '/ip ipsec mode-config',
    [
      `add name=${OBJECT} responder=yes address-pool=${OBJECT} split-include=${included.join(',')} system-dns=no`,
      ...(gateway.dns.length === 0 ? [] : [`static-dns=${gateway.dns.join(',')}`]),
    ].join(' '),
    '/ip ipsec policy group',
    `add name=${OBJECT}`,
    '/ip ipsec policy',
    `add template=yes group=${OBJECT} proposal=${OBJECT} src-address=0.0.0.0/0 dst-address=${gateway.addressPool ?? ''}`,
    '/ip ipsec peer',
    `add name=${OBJECT} exchange-mode=ike2 passive=yes send-initial-contact=no profile=${OBJECT}${gateway.outside.address === undefined ? '' : ` local-address=${gateway.outside.address}`}`,
    '/ip ipsec identity',
    `add peer=${OBJECT} auth-method=eap-radius certificate=${gateway.certificate} generate-policy=port-strict mode-config=${OBJECT} policy-template-group=${OBJECT}`,
  ]
}

const cipher = (encryption: string): string => `aes-${/\d+/.exec(encryption)?.[0] ?? ''}`

function pppLines(input: GatewayInput, connection: VpnConnection, own: string): string[] {
  const { gateway } = input
  const types = tunnelTypes(input)
  if (!types.has('l2tp') && !types.has('sstp') && !types.has('pptp')) return []
  const dns = gateway.dns.length === 0 ? '' : ` dns-server=${gateway.dns.join(',')}`
  return [
    '/ppp profile',
    `add name=${OBJECT} local-address=${gateway.inside.address ?? own} remote-address=${OBJECT} use-encryption=required${dns}`,
    ...(types.has('l2tp')
      ? [
          '/interface l2tp-server server',
          `set enabled=yes authentication=mschap2 default-profile=${OBJECT} use-ipsec=required${connection.preSharedKey === undefined ? '' : ` ipsec-secret=${routerosText(connection.preSharedKey)}`}`,
        ]
      : []),
    ...(types.has('sstp')
      ? [
          '/interface sstp-server server',
          `set enabled=yes port=443 authentication=mschap2 default-profile=${OBJECT} certificate=${gateway.certificate} tls-version=only-1.2`,
        ]
      : []),
    ...(types.has('pptp')
      ? ['/interface pptp-server server', `set enabled=yes authentication=mschap2 default-profile=${OBJECT}`]
      : []),
  ]
}

function portLines({ gateway, connections }: GatewayInput): string[] {
  const kinds = connections.map(({ connection }) => connection.kind)
  const wifi = connections
    .map(({ connection }) => connection)
    .find((one): one is WifiConnection => one.kind === 'wifi')
  return [
    ...(kinds.includes('wired')
      ? [
          '/interface dot1x server',
          `add interface=${routerosText(gateway.outside.interface ?? '')} auth-types=dot1x accounting=yes interim-update=${String(gateway.interimSeconds)}s`,
        ]
      : []),
    ...(wifi === undefined
      ? []
      : [
          '/interface wifi security',
          `add name=${OBJECT} authentication-types=${WIFI[wifi.security]} management-protection=${wifi.security === 'wpa2' ? 'allowed' : 'required'} eap-accounting=yes`,
          '/interface wifi configuration',
          `add name=${OBJECT} ssid=${routerosText(wifi.ssid)} hide-ssid=${wifi.hidden ? 'yes' : 'no'} security=${OBJECT}`,
        ]),
  ]
}

const WIFI = { wpa2: 'wpa2-eap', wpa3: 'wpa3-eap', 'wpa3-192': 'wpa3-eap-192' } as const

function filterLines(input: GatewayInput): string[] {
  const openings = openingsOf(input).filter(({ host }) => host === 'gateway')
  const rules = openings.flatMap(({ protocol, ports, from, card, insideIpsec }) => {
    const face = input.gateway[card].interface
    const parts = [
      'add chain=input action=accept place-before=0',
      ...(face === undefined ? [] : [`in-interface=${routerosText(face)}`]),
      `protocol=${protocol === 'esp' ? 'ipsec-esp' : protocol}`,
      ...(ports.length === 0 ? [] : [`dst-port=${ports.join(',')}`]),
      ...(insideIpsec === true ? ['ipsec-policy=in,ipsec'] : []),
    ]
    const sources = from.filter((address) => !address.includes(':'))
    // Servers of IPv6 alone: no rule, or it would be open to everybody.
    if (from.length > 0 && sources.length === 0) return []
    return (sources.length === 0 ? [undefined] : sources).map((source) =>
      [...parts, ...(source === undefined ? [] : [`src-address=${source}`]), `comment=${OBJECT}`].join(' '),
    )
  })
  return rules.length === 0 ? [] : ['/ip firewall filter', ...rules]
}

function readMe(input: GatewayInput) {
  return readMeFile(input, {
    title: TITLE,
    sureness: 'Names of the settings from documentation of the same fields; not tried on a device.',
    steps: [
      '/export file=before: a copy of what is there.',
      `Import the certificate of the gateway with its key, and name it ${input.gateway.certificate}: /certificate import, /certificate set 0 name=${input.gateway.certificate}`,
      'Copy sallyport.rsc to the router, /import file-name=sallyport.rsc verbose=yes, then delete the file: it holds secrets.',
      '/system identity is what the router calls itself (NAS-Identifier).',
      'CoA is signed with the secret of the RADIUS server it comes from: leave dynamicAuthorizationSecret away for this client.',
    ],
    cards: ['DNS of the router itself: /ip dns set servers=...; use those inside.'],
    checks: [
      {
        command: '/radius monitor 0 once',
        shows: 'requests, accepts, rejects, timeouts, bad-replies: bad-replies is a wrong secret.',
      },
      { command: '/radius incoming monitor once', shows: 'acks and naks of CoA and Disconnect.' },
      { command: '/ip ipsec active-peers print', shows: 'Who is connected by IKEv2.' },
      {
        command: '/ppp active print',
        shows: 'Who is connected by SSTP, L2TP or PPTP; R in front: by RADIUS.',
      },
      {
        command: '/log print where topics~"radius"',
        shows: 'With /system logging add topics=radius,debug: each exchange.',
      },
    ],
  })
}
