import type { EapFailure } from './failure.ts'

/**
 * What EAP methods ask the outside to prove. The package knows no password form and no directory: MS-CHAPv2 may be
 * answered from an NT hash or by a domain controller. Every answer may be a promise. `scope`: what the owner of the
 * conversation gave `EapServer`, also inside a tunnel.
 */
export interface Verifier {
  /** Cleartext password (GTC, TTLS-PAP). */
  password(user: string, password: Uint8Array, scope: unknown): MaybePromise<Verdict>
  /** CHAP and EAP-MD5: MD5(id, password, challenge) (RFC 1994 section 4.1). */
  chap(user: string, proof: ChapProof, scope: unknown): MaybePromise<Verdict>
  mschapv1(user: string, proof: MschapV1Proof, scope: unknown): MaybePromise<MschapVerdict>
  mschapv2(user: string, proof: MschapV2Proof, scope: unknown): MaybePromise<MschapVerdict>
  /** MS-CHAPv2 change password (RFC 2759 section 7) after an E=648 answer. */
  changePassword(user: string, change: MschapV2Change, scope: unknown): MaybePromise<MschapVerdict>
  /** A client certificate whose private key the peer has just proved to hold: validate the path, map it to a user. */
  certificate(
    identity: string,
    chain: readonly Uint8Array[],
    context: CertificateContext,
  ): MaybePromise<Verdict>
  /**
   * A tunnel (PEAP, EAP-TTLS) was resumed, so nothing is proved again: check the account as it is now. `remembered` is the
   * `proof` of the conversation that is resumed.
   */
  resumed(user: string, remembered: unknown, scope: unknown): MaybePromise<Verdict>
}

export type MaybePromise<T> = T | Promise<T>

export interface ChapProof {
  readonly id: number
  readonly challenge: Uint8Array
  readonly response: Uint8Array
}

export interface MschapV1Proof {
  readonly challenge: Uint8Array
  readonly ntResponse: Uint8Array
}

export interface MschapV2Proof {
  /**
   * 16 octets each; `userName` is the name as the peer sent it: it may carry a domain, which most peers leave out of the
   * hash. `verifyMschapV2` of @sallyport/mschap tries both.
   */
  readonly authenticatorChallenge: Uint8Array
  readonly peerChallenge: Uint8Array
  readonly ntResponse: Uint8Array
  readonly userName: string
}

export interface MschapV2Change extends MschapV2Proof {
  readonly encryptedPassword: Uint8Array
  readonly encryptedHash: Uint8Array
}

export interface CertificateContext {
  readonly resumed: boolean
  /** The chain was already validated by OpenSSL against the offered trust anchors. */
  readonly opensslError: string | undefined
  readonly scope: unknown
}

export type Verdict =
  | { readonly ok: true; readonly proof: unknown }
  | { readonly ok: false; readonly failure: EapFailure }
  /**
   * No source could answer: say nothing at all, so that the NAS fails over. Never an accept, never a reject. `cause`: for
   * whoever owns the conversation.
   */
  | { readonly ok: 'unavailable'; readonly cause?: unknown }

export interface MschapV2Answer {
  /** `S=` and 40 hex digits (RFC 2759 section 5). */
  readonly authenticatorResponse: string
  /** 16 octets each, named from the server's end (RFC 3079 section 3.4). */
  readonly keys: { readonly send: Uint8Array; readonly receive: Uint8Array }
}

export type MschapVerdict =
  /** `ntHashHash`: MD4 of the NT hash, all that MPPE keys and the authenticator response need (RFC 2759 section 8.7). */
  | {
      readonly ok: true
      readonly proof: unknown
      /** After a password change: of the new password. */
      readonly ntHashHash: Uint8Array
      /** MS-CHAPv2: the name over which the response held. Absent: the peer's name without its domain. */
      readonly userName?: string
    }
  /** MS-CHAPv2 checked elsewhere, where nobody tells a hash: what that server answered and derived. */
  | { readonly ok: true; readonly proof: unknown; readonly answered: MschapV2Answer }
  | { readonly ok: false; readonly failure: EapFailure; readonly error: MschapError }
  | { readonly ok: 'unavailable' }

/** RFC 2759 section 6: the E= code, and whether the peer may try again. After 648 it may change the password in any case. */
export interface MschapError {
  readonly code: 646 | 647 | 648 | 649 | 691 | 709
  readonly retry: boolean
  readonly message: string
}
