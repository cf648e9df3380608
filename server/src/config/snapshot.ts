import type { Configuration } from './schema.ts'

/**
 * What the RADIUS workers serve from: one whole, immutable, structured-cloneable picture of the configuration. A
 * conversation finishes on the snapshot it began with; the final decision uses the newest.
 */
export interface Snapshot {
  /** Number of the stored configuration version. */
  readonly version: number
  /** Grows with every publication, also where only a DNS answer changed; of two snapshots the higher is newer. */
  readonly revision: number
  /** With opened secrets: never log it, never send it out of the process. */
  readonly configuration: Configuration
  /** Where each client's packets come from; disabled clients are listed too, so that they can be told from strangers. */
  readonly clientAddresses: readonly ClientAddresses[]
}

export interface ClientAddresses {
  /** Name of the client. */
  readonly client: string
  /** CIDR networks: `192.0.2.10/32`, `2001:db8::/32`. Empty while a DNS name has no answer yet. */
  readonly networks: readonly string[]
}

/** Freezes plain data through and through. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const member of Object.values(value)) deepFreeze(member)
  }
  return value
}
