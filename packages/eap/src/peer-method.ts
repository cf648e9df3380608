import type { EapFailure } from './failure.ts'
import type { EapKeys } from './result.ts'
import type { MaybePromise } from './verifier.ts'

/** The peer side of one EAP method within one conversation. */
export interface EapPeerMethod {
  readonly type: number
  /** `data`: the type-data of the server's EAP-Request; `identifier`: of that request. */
  respond(data: Uint8Array, identifier: number): MaybePromise<PeerStep>
  /** Keys that both sides hold, once the decision is a success. */
  keys?(): EapKeys | undefined
  close(): void
}

export type PeerStep =
  | {
      readonly kind: 'send'
      /** Type-data of the EAP-Response. */
      readonly data: Uint8Array
      readonly decision: PeerDecision
      /** With the decision 'fail': why, for the report at the end. */
      readonly reason?: EapFailure
    }
  | { readonly kind: 'ignore'; readonly reason: EapFailure }
  /** Break off without an answer: the server is not who it should be. */
  | { readonly kind: 'fail'; readonly reason: EapFailure }

/**
 * What an EAP-Success would mean now (`decision` of RFC 4137 section 4.2; its two kinds of success differ only where the
 * link layer has an indication of its own). `fail`: it must not be believed.
 */
export type PeerDecision = 'fail' | 'success'

export interface PeerMethodContext {
  readonly identity: string
  /** Octets of the largest EAP packet, header included. */
  readonly mtu: number
}

export type EapPeerMethodFactory = (context: PeerMethodContext) => EapPeerMethod
