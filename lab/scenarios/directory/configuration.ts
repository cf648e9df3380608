/** One source for each way of asking a directory, and a realm for each source: alice@vpn.test is alice of the source vpn. */
import { readFileSync } from 'node:fs'
import type { DomainController } from '../../samba-domain.ts'
import type { DomainMember } from '../../samba-member.ts'
import { ldapUserDn, SERVICE, SUFFIX } from '../../slapd/people.ts'
import type { Slapd } from '../../slapd.ts'

export const SECRET = 'secret-of-the-gateway'
export const SERVER_NAME = 'radius.lab.test'
export const LOCAL_CLIENT = { name: 'gateway', address: '127.0.0.1', secret: SECRET } as const
export const VLAN_OF_VPN_USERS = 42
/** For groups kept for a while: minutes. */
export const SHORT_CACHE_MINUTES = 0.05

export interface Backends {
  readonly controller: DomainController
  /** Second address of the same controller: a second server, for who counts servers. */
  readonly controllerAddresses: readonly [string, string]
  /** The machine of the server, as a member of the domain. */
  readonly member: DomainMember
  readonly slapd: Slapd
  /** Refuses who gives no name, and passwords over unencrypted connections. */
  readonly strictSlapd: Slapd
  /** Its certificate has another name than its address. */
  readonly misnamedSlapd: Slapd
  /** PEM file of the CA of client certificates. */
  readonly clientCa: string
}

export type Source = Readonly<Record<string, unknown>>

export function sources(backends: Backends): readonly Source[] {
  return [...domainSources(backends), ...slapdSources(backends)]
}

/** Nothing is kept, so that no case sees what another one did; and no question is asked but those of logins. */
const NOTHING_KEPT = { cache: { minutes: 0, negativeSeconds: 0 }, changes: { seconds: 0 } }

function domainSources({ controller, controllerAddresses, member }: Backends): readonly Source[] {
  const { service, baseDn } = controller
  const common = {
    kind: 'ldap',
    type: 'active-directory',
    servers: [`ldaps://${controller.name}`],
    authorities: readFileSync(controller.ca.certificate, 'utf8'),
    domain: controller.domain,
    netbiosName: controller.netbiosName,
    bindDn: service.name,
    bindPassword: service.password,
    baseDn,
    ...NOTHING_KEPT,
  }
  const people = `OU=People,${baseDn}`
  return [
    { ...common, name: 'domain' },
    { name: 'joined', kind: 'winbind', directory: 'domain', configurationFile: member.configuration },
    { ...common, name: 'rd1', baseDn: `OU=RD1,${people}` },
    { ...common, name: 'vpn', baseDn: people, groupDn: `CN=VPN Users,OU=Groups,${baseDn}` },
    { ...common, name: 'dial-in', accountRules: { dialIn: 'honour' } },
    {
      ...common,
      name: 'ad-simple',
      bindMode: 'simple',
      bindDn: undefined,
      bindPassword: undefined,
      userDn: `CN={user},OU=RD1,${people}`,
    },
    {
      ...common,
      name: 'ad-unencrypted',
      servers: [`ldap://${controller.name}`],
      allowUnencrypted: true,
    },
    { ...common, name: 'found-by-dns', servers: [] },
    { ...common, name: 'ad-starttls', servers: [`ldap://${controller.name}`], startTls: true },
    {
      ...common,
      name: 'two-servers',
      servers: controllerAddresses.map((address) => `ldaps://${address}`),
      serverName: controller.name,
    },
    { ...common, name: 'kept', cache: { minutes: SHORT_CACHE_MINUTES, negativeSeconds: 1 } },
  ]
}

function slapdSources({ slapd, strictSlapd, misnamedSlapd }: Backends): readonly Source[] {
  const common = {
    kind: 'ldap',
    type: 'generic',
    servers: [slapd.tlsUrl],
    authorities: readFileSync(slapd.ca.certificate, 'utf8'),
    baseDn: `ou=People,${SUFFIX}`,
    ...NOTHING_KEPT,
  }
  const service = { bindDn: SERVICE.dn, bindPassword: SERVICE.password }
  const regular = { ...common, ...service, bindMode: 'regular' }
  const anonymous = { ...common, bindMode: 'anonymous' }
  return [
    { ...regular, name: 'regular' },
    { ...anonymous, name: 'anonymous' },
    { ...common, name: 'simple', bindMode: 'simple', userDn: ldapUserDn('{user}') },
    { ...regular, name: 'ldap-vpn', groupDn: `cn=vpn-users,ou=Groups,${SUFFIX}` },
    { ...regular, name: 'starttls', servers: [slapd.url], startTls: true },
    { ...regular, name: 'unencrypted', servers: [slapd.url], allowUnencrypted: true },
    {
      ...regular,
      name: 'misnamed',
      servers: [misnamedSlapd.tlsUrl],
      authorities: readFileSync(misnamedSlapd.ca.certificate, 'utf8'),
    },
    { ...regular, name: 'stranger-ca', authorities: readFileSync(strictSlapd.ca.certificate, 'utf8') },
    {
      ...regular,
      name: 'failover',
      servers: [slapd.tlsUrl, strictSlapd.tlsUrl],
      authorities: [slapd, strictSlapd].map(({ ca }) => readFileSync(ca.certificate, 'utf8')).join(''),
    },
    {
      ...anonymous,
      name: 'anonymous-refused',
      servers: [strictSlapd.tlsUrl],
      authorities: readFileSync(strictSlapd.ca.certificate, 'utf8'),
    },
    { ...regular, name: 'wrong-service', bindPassword: 'not-the-password' },
  ]
}

export interface More {
  readonly realms?: readonly Source[]
  readonly sources?: readonly Source[]
  readonly upstreams?: readonly Source[]
}

/** `change`: of single sources, by name. */
export function configuration(
  backends: Backends,
  change: Readonly<Record<string, Source>> = {},
  more: More = {},
): string {
  const { controller, clientCa } = backends
  const all = [...sources(backends), ...(more.sources ?? [])].map((source) => ({
    ...source,
    ...change[String(source.name)],
  }))
  // JSON is YAML.
  return JSON.stringify({
    settings: { serverName: SERVER_NAME, timeZone: 'UTC' },
    clients: [LOCAL_CLIENT],
    upstreams: more.upstreams ?? [],
    sources: [{ name: 'local', kind: 'local', passwordStorage: 'reversible' }, ...all],
    realms: [
      {
        name: 'everybody',
        default: true,
        suffixes: [controller.domain],
        prefixes: [controller.netbiosName],
        sources: ['joined'],
      },
      { name: 'local', suffixes: ['local.test'], sources: ['local'] },
      ...all.map(({ name }) => ({ name: `realm-${name}`, suffixes: [`${name}.test`], sources: [name] })),
      ...(more.realms ?? []),
    ],
    trust: [
      { name: 'enterprise', kind: 'pem', pem: readFileSync(clientCa, 'utf8'), revocation: { check: 'none' } },
    ],
    profiles: [{ name: 'vpn', vlan: VLAN_OF_VPN_USERS }],
    rules: [
      {
        name: 'vpn-users',
        when: '"VPN Users" in user.groups || "vpn-users" in user.groups',
        effect: 'accept',
        profiles: ['vpn'],
      },
      { name: 'known', when: 'true', effect: 'accept' },
    ],
    users: [{ name: 'lola', password: LOCAL_PASSWORD }],
  })
}

export const LOCAL_PASSWORD = 'L0cal-Passw0rd'
