import type { StoredSource } from '../../access/clients/client-observation-store.ts'
import type { DynamicAuthorizationRow } from '../../access/dynamic-authorization/dynamic-authorization-store.ts'
import type { SessionRow } from '../../access/session-store.ts'
import type { GatewayInput } from '../../profiles/gateway-input.ts'

/** What this server saw of a gateway's RADIUS client. Times are milliseconds since the epoch. */
export interface GatewaySeen {
  readonly now: number
  readonly input: GatewayInput
  /** Gateways that ask as the same client: what is seen may be of them. */
  readonly sharedWith: readonly string[]
  /** By address, kept for 90 days. */
  readonly sources: readonly StoredSource[]
  /** Marks of the secrets that are valid now. */
  readonly marks: { readonly current: string; readonly next?: string }
  /** Packets left without an answer since the start, by reason. */
  readonly drops: readonly SeenDrop[]
  /** Addresses of no client that call themselves as this gateway does, or are one of its own. */
  readonly strangers: readonly { readonly address: string; readonly lastSeenAt: number }[]
  /** The latest first; a part of them. */
  readonly logins: readonly SeenLogin[]
  readonly sessions: readonly SessionRow[]
  readonly changes: readonly DynamicAuthorizationRow[]
}

export interface SeenDrop {
  readonly code: string
  readonly packets: number
  readonly lastSeenAt: number
  readonly address: string
}

export interface SeenLogin {
  readonly at: number
  readonly outcome: 'accept' | 'reject' | 'drop'
  readonly sentence: string
  readonly method?: string | undefined
  /** Of the request, by name in the dictionary. */
  readonly attributes: Readonly<Record<string, readonly string[]>>
}
