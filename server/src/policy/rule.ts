import type { Method } from './methods.ts'

/** One rule as an administrator writes it. Rules are ordered; the first whose condition and methods match decides. */
export interface Rule {
  readonly name: string
  /** `shadow`: evaluated and recorded, never decides. Default `enforce`. */
  readonly mode?: 'enforce' | 'shadow' | undefined
  /** A CEL condition over the facts. Absent: whatever the methods below allow. Blank is an error, never "always". */
  readonly when?: string | undefined
  readonly methods?: AllowedMethods | undefined
  readonly effect: 'accept' | 'reject'
  /** Names of authorization profiles, merged in this order. */
  readonly profiles?: readonly string[] | undefined
  /** Only so many sessions at a time come in by this rule. */
  readonly maximumSessions?: SessionLimit | undefined
}

/** What is counted: sessions of the user, those through the same client, or those of the device (Calling-Station-Id). */
export const LIMITED = ['user', 'user-and-client', 'device'] as const

export interface SessionLimit {
  readonly count: number
  readonly per: (typeof LIMITED)[number]
}

export interface AllowedMethods {
  /** Absent: any but `mab`, which an accept has to list - or any tunnel, where `inner` is given. */
  readonly outer?: readonly Method[] | undefined
  /** Methods inside a tunnel. Absent: any. Says nothing about a method without a tunnel. */
  readonly inner?: readonly Method[] | undefined
}

/** An authorization profile: a named part of what an accept carries. */
export interface Profile extends Partial<Authorization> {
  readonly name: string
}

/**
 * What an accept carries, in product terms; `access/vendors/` says them in the attributes of the client's vendor. The
 * schema of profiles describes each.
 */
export interface Authorization {
  /** Id or name. */
  readonly vlan?: number | string | undefined
  readonly voiceVlan?: number | string | undefined
  /** Lines of the product's own syntax, or the name of a list the device has. */
  readonly acl?: readonly string[] | string | undefined
  /** The profile `acl` came from. */
  readonly aclOf?: string | undefined
  readonly filterId?: string | undefined
  readonly role?: string | undefined
  readonly adminRole?: string | undefined
  readonly privilegeLevel?: number | undefined
  readonly bandwidth?: Bandwidth | undefined
  readonly securityGroupTag?: number | undefined
  readonly urlRedirect?: UrlRedirect | undefined
  readonly sessionTimeoutSeconds?: number | undefined
  readonly terminationAction?: 'default' | 'radius-request' | undefined
  readonly idleTimeoutSeconds?: number | undefined
  readonly interimIntervalSeconds?: number | undefined
  readonly framedIpAddress?: string | undefined
  readonly framedIpv6Address?: string | undefined
  readonly framedIpv6Prefix?: string | undefined
  readonly delegatedIpv6Prefix?: string | undefined
  readonly dnsServers?: readonly string[] | undefined
  readonly mppe?: MppePolicy | undefined
  readonly class?: string | undefined
  /** For after the accept: what the device is told once the session is no longer allowed. No attribute of the accept. */
  readonly whenRevoked?: 'disconnect' | 'reauthenticate' | 'bounce-port' | undefined
  readonly attributes: readonly AttributeByName[]
}

/** Seen from the user: down is towards the device. At least one of the two. */
export interface Bandwidth {
  readonly downKbps?: number | undefined
  readonly upKbps?: number | undefined
}

export interface UrlRedirect {
  readonly url: string
  /** The list on the device that says what is redirected. */
  readonly acl?: string | undefined
}

export interface MppePolicy {
  readonly encryption: 'none' | 'optional' | 'required'
  /** Key lengths the device may use. */
  readonly keyBits: readonly (40 | 128)[]
}

/** Any attribute by its dictionary name; the value in the text form of its type. */
export interface AttributeByName {
  readonly name: string
  readonly value: string
}
