import type { GatewayInput } from '../../gateway-input.ts'
import type { GatewayOutput } from '../../gateway-output.ts'
import type { Finding } from '../../profile-output.ts'
import { certificateFiles } from '../certificate-files.ts'
import { linuxCards } from '../network-cards.ts'
import { nftablesFile } from '../nftables.ts'
import { readMeFile } from '../read-me.ts'
import { secretFindings } from '../shared-secret.ts'
import { networksOf, tunnelFindings, vpnInputs } from '../vpn-connections.ts'
import { eapRadiusConf } from './eap-radius-conf.ts'
import { servesOthers } from './sections.ts'
import { swanctlConf } from './swanctl-conf.ts'

const TITLE = 'strongSwan (swanctl, eap-radius)'
const SECRET = { where: 'strongswan.conf', beyondAscii: true, mostOctets: 2000 }

export const STRONGSWAN: GatewayOutput = {
  kind: 'strongswan',
  title: TITLE,
  findings: (input) => [
    ...tunnelFindings(input, TITLE, ['ikev2']),
    ...secretFindings(input, SECRET),
    ...nothingBehind(input),
    ...addressFindings(input),
    ...deviceTunnels(input),
  ],
  make: (input) => [
    { name: 'swanctl.conf', mediaType: 'text/plain', content: swanctlConf(input), holdsSecret: false },
    { name: 'eap-radius.conf', mediaType: 'text/plain', content: eapRadiusConf(input), holdsSecret: true },
    ...certificateFiles(vpnInputs(input)),
    nftablesFile(input, 'gateway'),
    nftablesFile(input, 'server'),
    readMe(input),
  ],
}

function readMe(input: GatewayInput) {
  const { gateway } = input
  return readMeFile(input, {
    title: TITLE,
    sureness:
      'Tried with strongSwan 5.9.8 (Debian 12): logins, addresses, roles, accounting, CoA and Disconnect, with these files as they are.',
    steps: [
      'apt-get install charon-systemd strongswan-swanctl libcharon-extra-plugins libstrongswan-standard-plugins (not strongswan-starter: it would start a second charon).',
      'swanctl.conf goes to /etc/swanctl/swanctl.conf, the CA files to /etc/swanctl/x509ca/.',
      'eap-radius.conf goes to /etc/strongswan.d/charon/eap-radius.conf, for root alone (chmod 600): it holds secrets.',
      `The gateway's certificate goes to /etc/swanctl/x509/${gateway.certificate}.pem, its key to /etc/swanctl/private/${gateway.certificate}.key (chmod 600). Its subjectAltName holds the name clients connect to; purpose serverAuth. Of this server: sallyport enrol writes them as live/cert.pem and live/key.pem.`,
      'sysctl -w net.ipv4.ip_forward=1 (and in /etc/sysctl.d/): it is a router. Networks inside need a route back to the address pool, or NAT.',
      'systemctl restart strongswan; swanctl --load-all',
    ],
    cards: linuxCards(gateway),
    checks: [
      { command: 'swanctl --list-conns', shows: 'Each connection with "remote EAP_RADIUS authentication".' },
      { command: 'swanctl --list-certs', shows: 'The gateway\'s certificate with "has private key".' },
      { command: 'swanctl --stats', shows: 'eap-radius stands among the loaded plugins.' },
      { command: 'swanctl --list-sas', shows: 'Who is connected, with which address.' },
      {
        command: 'swanctl --log',
        shows: 'While somebody logs in: "received RADIUS Access-Accept", or why not.',
      },
      ...(input.dynamicAuthorization === undefined
        ? []
        : [
            {
              command: `ss -lun sport = :${String(input.dynamicAuthorization.port)}`,
              shows: 'charon waits for CoA and Disconnect.',
            },
          ]),
    ],
  })
}

function nothingBehind(input: GatewayInput): readonly Finding[] {
  return vpnInputs(input)
    .filter(({ connection }) => networksOf(connection).length === 0)
    .map(({ connection: { name } }) => ({
      severity: 'obstacle' as const,
      code: 'no-networks',
      message: `"${name}" is split and has no routes: nothing would go through the tunnel.`,
      setting: `connections/${name}/routes`,
    }))
}

/** Tried: with no Framed-IP-Address in the accept, a connection with `pools = radius` authenticates and carries nothing. */
function addressFindings({ gateway }: GatewayInput): readonly Finding[] {
  const { name, addressPool, roles, dns } = gateway
  const fromPolicy = [
    ...(addressPool === undefined && servesOthers(gateway) ? ['everybody without a role below'] : []),
    ...roles.filter((role) => role.addressPool === undefined).map((role) => `role ${role.name}`),
  ]
  if (fromPolicy.length === 0) return []
  const setting = `gateways/${name}/addressPool`
  const findings: Finding[] = [
    {
      ...{ severity: 'warning', code: 'addresses-from-policy', setting },
      message: `Addresses of ${fromPolicy.join(', ')} come from the policy alone: who is given no Framed-IP-Address gets no tunnel.`,
    },
  ]
  if (dns.length > 0) {
    findings.push({
      ...{ severity: 'warning', code: 'dns-from-policy', setting: `gateways/${name}/dns` },
      message: `DNS servers of the gateway go with its address pools: ${fromPolicy.join(', ')} gets those of the policy alone.`,
    })
  }
  return findings
}

function deviceTunnels(input: GatewayInput): readonly Finding[] {
  return vpnInputs(input)
    .filter(({ connection }) => connection.deviceTunnel !== undefined)
    .map(({ connection: { name } }) => ({
      severity: 'warning' as const,
      code: 'device-tunnel-not-served',
      message: `The device tunnel of "${name}" logs in by a machine certificate without EAP, which strongSwan never asks RADIUS about: it is not set up here.`,
      setting: `connections/${name}/deviceTunnel`,
    }))
}
