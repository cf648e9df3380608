import type { EapFailure, ToldFailure } from './failure.ts'
import type { EapResult } from './result.ts'
import type { TlsStanding } from './tls/server-channel.ts'

/** What a method wants next. `data` is the type-data of one EAP-Request, without the EAP header. */
export type Step =
  | { readonly kind: 'send'; readonly data: Uint8Array }
  | { readonly kind: 'done'; readonly result: EapResult }
  /** `data`: what has still to be sent before the failure (a TLS alert, an MS-CHAPv2 Failure packet). */
  | { readonly kind: 'fail'; readonly reason: EapFailure; readonly data?: Uint8Array }
  /** Silently discard what came (RFC 3748 section 2.1): the peer may still send the right thing. */
  | { readonly kind: 'ignore'; readonly reason: EapFailure }
  /** No source could verify: the conversation ends without a word, so that the RADIUS client fails over. */
  | { readonly kind: 'unavailable'; readonly cause?: unknown }

/** The server side of one EAP method within one conversation. Every method implements this and nothing else. */
export interface EapMethod {
  readonly type: number
  begin(): Step | Promise<Step>
  /** `data`: the type-data of the peer's EAP-Response of this method's type. */
  respond(data: Uint8Array): Step | Promise<Step>
  close(): void
  /** Of methods over TLS: how far the peer came. */
  readonly tls?: TlsStanding
  /** What is true where the peer falls silent now. */
  readonly told?: ToldFailure | undefined
}

export interface MethodContext {
  /** What the peer answered to EAP-Request/Identity. */
  readonly identity: string
  /** EAP identifier of the request that will carry the next step (EAP-MD5 and MS-CHAPv2 hash or repeat it). */
  readonly identifier: () => number
  /** Octets of the largest EAP packet, header included, that the link carries. */
  readonly mtu: number
  /** What the owner of the conversation gave `EapServer`: for the verifier, and for the offer inside a tunnel. */
  readonly scope?: unknown
}

export type EapMethodFactory = (context: MethodContext) => EapMethod
