import type { VpnConnection } from '../../config/schema.ts'
import type { GatewayInput } from '../gateway-input.ts'
import type { GatewayOutput } from '../gateway-output.ts'
import type { Finding } from '../profile-output.ts'
import { DH_NUMBER, isGcm } from './cisco/ike-words.ts'
import { ipv4Alone, notTried, wanted } from './common-findings.ts'
import { FORTIOS_SECRET, fortiosText, hostRange, OBJECT, secretFile } from './device-text.ts'
import { nftablesFile } from './nftables.ts'
import { nasIdentifierOf, readMeFile } from './read-me.ts'
import { secretFindings } from './shared-secret.ts'
import { tunnelFindings, vpnInputs } from './vpn-connections.ts'

const TITLE = 'FortiGate (FortiOS)'
/** server, secondary-server, tertiary-server. */
const RANKS = ['', 'secondary-', 'tertiary-']
/** FortiOS CLI Reference, user radius: 60 to 86,400. */
const LEAST_INTERIM_SECONDS = 60

export const FORTIGATE: GatewayOutput = {
  kind: 'fortigate',
  title: TITLE,
  findings: (input) => [
    ...tunnelFindings(input, TITLE, ['ikev2']),
    ...secretFindings(input, FORTIOS_SECRET),
    ...threeServers(input),
    ...(vpnInputs(input).length === 0
      ? []
      : [
          ...wanted(input, 'outside/interface', 'Say which interface is towards the Internet (wan1).'),
          ...wanted(input, 'addressPool', 'A FortiGate gives no addresses without a range: say which.'),
          ...ipv4Alone(input),
        ]),
    ...oneSecret(input),
    notTried(TITLE),
  ],
  make: (input) => [
    secretFile('fortios.txt', [...radiusLines(input), ...vpnLines(input)]),
    nftablesFile(input, 'server'),
    readMe(input),
  ],
}

function threeServers({ gateway }: GatewayInput): readonly Finding[] {
  if (gateway.radiusServers.length <= RANKS.length) return []
  return [
    {
      ...{ severity: 'warning', code: 'three-servers', setting: `gateways/${gateway.name}/radiusServers` },
      message: 'FortiOS knows three servers: the others are left out.',
    },
  ]
}

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
        'FortiOS has one secret for logins and CoA: without dynamicAuthorizationSecret CoA is signed with it.',
    },
  ]
}

function radiusLines({ gateway, secret, dynamicAuthorization }: GatewayInput): string[] {
  const servers = gateway.radiusServers.slice(0, RANKS.length)
  return [
    '# Paste on the command line. It holds secrets.',
    'config user radius',
    `edit "${OBJECT}"`,
    ...servers.flatMap((address, index) => [
      `set ${RANKS[index] ?? ''}server ${fortiosText(address)}`,
      `set ${RANKS[index] ?? ''}secret ${fortiosText(secret)}`,
    ]),
    `set radius-port ${String(gateway.authenticationPort)}`,
    `set timeout ${String(gateway.timeoutSeconds)}`,
    'set auth-type auto',
    ...(gateway.inside.address === undefined
      ? []
      : [`set nas-ip ${gateway.inside.address}`, `set source-ip ${gateway.inside.address}`]),
    'set nas-id-type custom',
    `set nas-id ${fortiosText(nasIdentifierOf(gateway))}`,
    'set require-message-authenticator enable',
    `set acct-interim-interval ${String(Math.max(LEAST_INTERIM_SECONDS, gateway.interimSeconds))}`,
    `set radius-coa ${dynamicAuthorization === undefined ? 'disable' : 'enable'}`,
    'config accounting-server',
    ...servers.flatMap((address, index) => [
      `edit ${String(index + 1)}`,
      'set status enable',
      `set server ${fortiosText(address)}`,
      `set secret ${fortiosText(secret)}`,
      `set port ${String(gateway.accountingPort)}`,
      'next',
    ]),
    'end',
    'next',
    'end',
    'config user group',
    `edit "${OBJECT}"`,
    `set member "${OBJECT}"`,
    'next',
    'end',
    'config system global',
    'set remoteauthtimeout 30',
    'end',
  ]
}

function vpnLines(input: GatewayInput): string[] {
  const { gateway } = input
  const connection = vpnInputs(input)[0]?.connection
  if (connection === undefined || gateway.addressPool === undefined) return []
  const { ike, esp, ikeLifetimeMinutes, espLifetimeMinutes } = connection.cryptography
  const pool = hostRange(gateway.addressPool)
  return [
    'config vpn ipsec phase1-interface',
    `edit "${OBJECT}"`,
    'set type dynamic',
    `set interface "${gateway.outside.interface ?? ''}"`,
    'set ike-version 2',
    'set authmethod signature',
    `set certificate "${gateway.certificate}"`,
    'set peertype any',
    'set net-device disable',
    'set mode-cfg enable',
    `set ipv4-start-ip ${pool.first}`,
    `set ipv4-end-ip ${pool.last}`,
    'set ipv4-netmask 255.255.255.255',
    ...(gateway.dns.length === 0
      ? []
      : [
          'set dns-mode manual',
          ...gateway.dns.map((server, index) => `set ipv4-dns-server${String(index + 1)} ${server}`),
        ]),
    `set proposal ${ikeWord(ike)}`,
    `set dhgrp ${String(DH_NUMBER[ike.dhGroup])}`,
    `set keylife ${String(ikeLifetimeMinutes * 60)}`,
    'set eap enable',
    'set eap-identity send-request',
    `set authusrgrp "${OBJECT}"`,
    'set dpd on-idle',
    'next',
    'end',
    'config vpn ipsec phase2-interface',
    `edit "${OBJECT}"`,
    `set phase1name "${OBJECT}"`,
    `set proposal ${isGcm(esp.encryption) ? esp.encryption : `${esp.encryption}-${esp.integrity}`}`,
    ...(esp.pfsGroup === 'none'
      ? ['set pfs disable']
      : ['set pfs enable', `set dhgrp ${String(DH_NUMBER[esp.pfsGroup])}`]),
    `set keylifeseconds ${String(espLifetimeMinutes * 60)}`,
    'next',
    'end',
  ]
}

/** An AEAD cipher has a PRF behind it in place of the integrity. */
function ikeWord({ encryption, integrity }: VpnConnection['cryptography']['ike']): string {
  return `${encryption}-${isGcm(encryption) ? 'prf' : ''}${integrity}`
}

function readMe(input: GatewayInput) {
  return readMeFile(input, {
    title: TITLE,
    sureness: 'Names of the settings from the FortiOS CLI Reference; not tried on a device.',
    steps: [
      `System > Certificates: import the certificate of the gateway with its key as "${input.gateway.certificate}".`,
      'Paste fortios.txt on the command line. Older versions do not know nas-id and require-message-authenticator: leave those lines out there, and update.',
      `Firewall policies: from interface ${OBJECT} to the networks inside, source the address range${vpnInputs(input).length > 0 ? '' : '; with 802.1X on FortiSwitch or FortiAP choose the RADIUS server there'}.`,
      'CoA: the interface towards the server has to let RADIUS in (set allowaccess ... radius-acct).',
      'Map roles to groups: config user group / config match, with Fortinet-Group-Name of the answer; capital letters count.',
    ],
    cards: [],
    checks: [
      {
        command: `diagnose test authserver radius ${OBJECT} mschap2 NAME PASSWORD`,
        shows: '"authenticate ... succeeded". The rule must allow MS-CHAPv2 for this try.',
      },
      {
        command: 'diagnose debug application fnbamd -1',
        shows: 'Each login as it happens; a wrong secret stands there as an invalid authenticator.',
      },
      { command: 'diagnose vpn ike gateway list', shows: 'Who is connected.' },
    ],
  })
}
