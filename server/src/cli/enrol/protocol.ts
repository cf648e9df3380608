import type { Certificate } from '@sallyport/pki'

/** How a first certificate is asked for. */
export type FirstProof =
  | { readonly kind: 'password'; readonly user: string; readonly password: string }
  | { readonly kind: 'challenge'; readonly challenge: string }

/** A key and what was issued for it, in PEM. */
export interface Holding {
  readonly key: string
  readonly certificate: string
}

export interface ProtocolRequest {
  /** PKCS #10, DER. */
  readonly request: Uint8Array
  /** The key of the request, PEM. */
  readonly key: string
  readonly proof: FirstProof | { readonly kind: 'certificate'; readonly current: Holding }
  /** What an earlier call left behind, where the request was pending. */
  readonly signer?: string
}

export type ProtocolAnswer =
  | {
      readonly kind: 'issued'
      /** All certificates that came, in no order that counts. */
      readonly certificates: readonly Certificate[]
    }
  | { readonly kind: 'pending'; readonly afterSeconds: number; readonly signer?: string }

/** What a server of either protocol is asked. Everything that is not an answer throws a CliError. */
export interface EnrolmentProtocolClient {
  /** The CA certificates it shows. */
  authorities(): Promise<readonly Certificate[]>
  enrol(request: ProtocolRequest): Promise<ProtocolAnswer>
}
