import type { ProxySummary } from '../../journal/index.ts'
import type { Conversation } from '../conversations.ts'
import type { RealmProxy } from './realm-proxy.ts'
import type { UpstreamPort } from './upstream-port.ts'

/** One login that another server carries on: it keeps to the server, the realm and the rewriting it began with. */
export class ProxyConversation implements Conversation {
  readonly state: Uint8Array
  readonly client: string
  readonly startedAt: number
  readonly proxy: RealmProxy
  /** The name without realm, as the first request gave it. */
  readonly user: string
  readonly outerIdentity: string
  readonly port: UpstreamPort
  /** What the upstream called the conversation last. Toward the device it has a State of ours. */
  upstreamState: Uint8Array | undefined
  /** A request is with the upstream; the next one waits for its answer. */
  isBusy = false
  rounds = 1
  attempts: number

  constructor(parts: {
    readonly state: Uint8Array
    readonly client: string
    readonly startedAt: number
    readonly proxy: RealmProxy
    readonly user: string
    readonly outerIdentity: string
    readonly port: UpstreamPort
    readonly upstreamState: Uint8Array | undefined
    readonly attempts: number
  }) {
    this.state = parts.state
    this.client = parts.client
    this.startedAt = parts.startedAt
    this.proxy = parts.proxy
    this.user = parts.user
    this.outerIdentity = parts.outerIdentity
    this.port = parts.port
    this.upstreamState = parts.upstreamState
    this.attempts = parts.attempts
  }

  close(): void {}
}

export function summaryOf(parts: {
  readonly group: string
  readonly upstream: string
  readonly rounds: number
  readonly attempts: number
  readonly milliseconds: number
}): ProxySummary {
  return { ...parts, milliseconds: Math.round(parts.milliseconds * 10) / 10 }
}
