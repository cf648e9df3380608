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

/** What an accept carries, in abstract terms; the reply builder turns it into attributes of the client's vendor. */
export interface Authorization {
  readonly vlan?: number | undefined
  readonly filterId?: string | undefined
  readonly sessionTimeoutSeconds?: number | undefined
  readonly terminationAction?: 'default' | 'radius-request' | undefined
  readonly idleTimeoutSeconds?: number | undefined
  readonly class?: string | undefined
  readonly framedIpAddress?: string | undefined
  /** For after the accept: what the device is told once the session is no longer allowed. No attribute of the accept. */
  readonly whenRevoked?: 'disconnect' | 'reauthenticate' | 'bounce-port' | undefined
  readonly attributes: readonly AttributeByName[]
}

/** Any attribute by its dictionary name; the value in the text form of its type. */
export interface AttributeByName {
  readonly name: string
  readonly value: string
}
