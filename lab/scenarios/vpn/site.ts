/** What an administrator writes: who comes in, with what, and by which connections. */
import { readFileSync } from 'node:fs'
import type { DomainController } from '../../samba-domain.ts'
import type { DomainMember } from '../../samba-member.ts'
import { ADDRESSES, OTHER_VLAN, STAFF_VLAN } from './network.ts'

export const GATEWAY_NAME = 'vpn.ad.lab.test'
/** strongSwan tells connections apart by what clients call it. */
export const FULL_GATEWAY_NAME = 'vpn-all.ad.lab.test'
export const SERVER_NAME = 'radius.ad.lab.test'
export const ALICE_ADDRESS = '10.77.100.7'

/** Connections by name. */
export const VPN_BY = {
  certificate: 'Lab VPN',
  password: 'Lab VPN by password',
  ttls: 'Lab VPN by TTLS',
  peap: 'Lab VPN by PEAP',
  /** The others are split. */
  full: 'Lab VPN for everything',
} as const
export const LAN_BY = { certificate: 'Lab LAN', password: 'Lab LAN by password' } as const

const SECRETS = { gateway: 'Secret-of-the-gateway-42', switch: 'Secret-of-the-switch-42' }
const INSIDE = ['10.77.8.0/24', '10.77.9.0/24', '10.78.0.0/24']

export interface SiteOptions {
  readonly controller: DomainController
  readonly member: DomainMember
  readonly enrolPort: number
}

export function site({ controller, member, enrolPort }: SiteOptions): string {
  const { service, baseDn, domain, netbiosName } = controller
  const wired = 'client.name == "switch-1"'
  const splitTunnel = (name: string, authentication: string) => ({
    ...{ name, kind: 'vpn', authentication, gateways: [{ address: GATEWAY_NAME }] },
    ...{ routing: 'split', routes: INSIDE.map((prefix) => ({ prefix })) },
  })
  // JSON is YAML.
  return JSON.stringify({
    organization: { name: 'Lab', helpDesk: { name: 'Lab help desk' } },
    settings: { serverName: SERVER_NAME, timeZone: 'UTC' },
    clients: [
      {
        ...{ name: 'vpn-1', address: ADDRESSES.gateway, vendor: 'strongswan', secret: SECRETS.gateway },
        dynamicAuthorization: { timeoutSeconds: 1 },
      },
      {
        ...{ name: 'switch-1', address: ADDRESSES.switch, secret: SECRETS.switch },
        dynamicAuthorization: { timeoutSeconds: 1 },
      },
    ],
    sources: [
      {
        ...{ name: 'ad', kind: 'ldap', servers: [`ldaps://${controller.name}`], domain, netbiosName, baseDn },
        authorities: readFileSync(controller.ca.certificate, 'utf8'),
        ...{ bindDn: service.name, bindPassword: service.password },
        deadlineMilliseconds: 1500,
      },
      { name: 'domain', kind: 'winbind', directory: 'ad', configurationFile: member.configuration },
    ],
    realms: [
      { name: 'default', default: true, suffixes: [domain], prefixes: [netbiosName], sources: ['domain'] },
    ],
    trust: [{ name: 'own', kind: 'own' }],
    certificateTemplates: [
      { name: 'people', base: 'user', perHolder: 20, enrol: { groups: ['Domain Users'] } },
      {
        name: 'gateways',
        base: 'vpn-gateway',
        names: 'proved',
        allowedNames: [GATEWAY_NAME, FULL_GATEWAY_NAME],
      },
    ],
    enrolment: { httpsUrl: `https://${SERVER_NAME}:${enrolPort}`, est: {} },
    profiles: [
      { name: 'staff', role: 'staff', dnsServers: [ADDRESSES.dc] },
      { name: 'admins', role: 'admins', dnsServers: [ADDRESSES.dc] },
      { name: 'alice-address', framedIpAddress: ALICE_ADDRESS },
      { name: 'lan-staff', vlan: STAFF_VLAN },
      { name: 'lan-others', vlan: OTHER_VLAN },
    ],
    rules: [
      rule('lan-by-certificate', wired, ['lan-staff'], { outer: ['eap-tls'] }),
      rule('lan-by-password', wired, ['lan-others'], { outer: ['peap'] }),
      // Who may reach more has to have an enrolled device.
      rule('vpn-admins', '"VPN Admins" in user.groups', ['admins', 'alice-address'], { outer: ['eap-tls'] }),
      rule('vpn-users', '"VPN Users" in user.groups && !("VPN Admins" in user.groups)', ['staff']),
    ],
    connections: [
      splitTunnel(VPN_BY.certificate, 'eap-tls'),
      splitTunnel(VPN_BY.password, 'eap-mschapv2'),
      splitTunnel(VPN_BY.ttls, 'ttls-mschapv2'),
      splitTunnel(VPN_BY.peap, 'peap-mschapv2'),
      {
        ...{ name: VPN_BY.full, kind: 'vpn', authentication: 'eap-tls', routing: 'full' },
        gateways: [{ address: FULL_GATEWAY_NAME }],
      },
      { name: LAN_BY.certificate, kind: 'wired', authentication: 'eap-tls' },
      { name: LAN_BY.password, kind: 'wired', authentication: 'peap-mschapv2' },
    ],
    gateways: [
      {
        ...{ name: 'vpn-1', kind: 'strongswan', client: 'vpn-1', connections: Object.values(VPN_BY) },
        ...{ radiusServers: [ADDRESSES.server], timeoutSeconds: 2 },
        outside: { interface: 'wan', address: ADDRESSES.outside },
        inside: { interface: 'lan', address: ADDRESSES.gateway },
        roles: [
          // What their connections say.
          { name: 'admins' },
          {
            name: 'staff',
            routes: INSIDE.filter((prefix) => prefix !== '10.77.8.0/24'),
            addressPool: '10.77.101.0/24',
          },
        ],
      },
      {
        ...{ name: 'switch-1', kind: 'hostapd', client: 'switch-1', connections: [LAN_BY.certificate] },
        ...{ radiusServers: [ADDRESSES.server], vlans: [STAFF_VLAN, OTHER_VLAN] },
        outside: { interface: 'port1' },
        inside: { interface: 'lan', address: ADDRESSES.switch },
      },
    ],
  })
}

function rule(name: string, when: string, profiles: readonly string[], methods?: object) {
  return { name, when, effect: 'accept', profiles, ...(methods && { methods }) }
}
