import type { PacketView, Secret } from '@sallyport/radius'
import type { ServedClient } from './served-client.ts'

/** Where a request came from. */
export interface RequestSource {
  readonly address: string
  readonly port: number
}

/** A verified Access-Request and what is known of it before anybody looks at who wants to log in. */
export interface AccessRequest {
  readonly packet: PacketView
  readonly client: ServedClient
  /** The secret that matched; the answer is signed with it. */
  readonly secret: Secret
  readonly source: RequestSource
  /** Milliseconds since the epoch. */
  readonly receivedAt: number
  /** Monotonic milliseconds: arrival of the datagram, and the end of its verification. */
  readonly startedAt: number
  readonly verifiedAt: number
}
