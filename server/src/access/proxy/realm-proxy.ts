import type { ProxyConfiguration, RealmConfiguration } from '../../config/schema.ts'
import { compileRewriting, type Places, placesOf, type Rewriting } from './rewriting.ts'

/** How requests of one realm are passed on, compiled. */
export interface RealmProxy {
  readonly realm: string
  readonly group: string
  readonly stripRealm: boolean
  readonly accounting: boolean
  readonly request: Rewriting
  readonly reply: Rewriting
  /** Attributes of an accept that may reach the device; undefined: all but those of the transport. */
  readonly allowed: Places | undefined
}

/** What an accept needs to be one: proofs, keys, the name and time limits. They narrow a session or make it work. */
const OF_THE_LOGIN = placesOf([
  'EAP-Message',
  'User-Name',
  'Reply-Message',
  'Class',
  'Session-Timeout',
  'Idle-Timeout',
  'Termination-Action',
  'Chargeable-User-Identity',
  'MS-MPPE-Send-Key',
  'MS-MPPE-Recv-Key',
  'MS-MPPE-Encryption-Policy',
  'MS-MPPE-Encryption-Types',
  'MS-CHAP-MPPE-Keys',
  'MS-CHAP-Domain',
  'MS-CHAP-Error',
  'MS-CHAP2-Success',
])

/** By name of the realm. @throws RadiusError where an attribute cannot be named or written */
export function compileProxies(realms: readonly RealmConfiguration[]): ReadonlyMap<string, RealmProxy> {
  const proxies = new Map<string, RealmProxy>()
  for (const { name, proxy } of realms) {
    if (proxy !== undefined) proxies.set(name, compileProxy(name, proxy))
  }
  return proxies
}

export function compileProxy(realm: string, proxy: ProxyConfiguration): RealmProxy {
  const { group, stripRealm, accounting, request, reply } = proxy
  const named = placesOf(reply.allow.filter((name) => name !== '*'))
  return {
    realm,
    group,
    stripRealm,
    accounting,
    request: compileRewriting(request),
    reply: compileRewriting(reply),
    allowed: reply.allow.includes('*') ? undefined : OF_THE_LOGIN.union(named),
  }
}
