import type { Proof } from '../source.ts'

/** A proof another server can check: it cannot check a certificate whose private key it did not see used. */
export type RemoteProof = Exclude<Proof, { form: 'certificate' }>

/** What a group of upstreams said to a name and a proof. */
export type RemoteAnswer =
  | {
      readonly kind: 'accept'
      readonly upstream: string
      /** What the accept said of the user, by attribute name; secrets are left out. */
      readonly attributes: Readonly<Record<string, string>>
      /** MS-CHAPv1: MS-CHAP-MPPE-Keys holds it (RFC 2548 section 2.4.1). */
      readonly ntHashHash?: Uint8Array
      /** MS-CHAPv2: the upstream's own proof, and the keys it derived. */
      readonly mschapv2?: {
        /** `S=` and 40 hex digits (RFC 2759 section 5). */
        readonly authenticatorResponse: string
        readonly keys: { readonly send: Uint8Array; readonly receive: Uint8Array }
      }
    }
  /** `mschapError`: the E= code, where there was one. */
  | { readonly kind: 'reject'; readonly upstream: string; readonly mschapError?: number }
  /** Nobody answered, or not in a way that settles the matter. */
  | { readonly kind: 'unsettled'; readonly why: string }

/** Asks upstreams about a user; the proxy does it. */
export interface UpstreamCheck {
  check(group: string, userName: string, proof: RemoteProof): Promise<RemoteAnswer>
}

/** Where nobody may be asked: sessions that are decided again. */
export const NO_UPSTREAMS: UpstreamCheck = {
  check: async () => ({ kind: 'unsettled', why: 'upstreams are asked at logins only' }),
}
