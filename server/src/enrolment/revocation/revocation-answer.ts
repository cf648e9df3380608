/** What a RADIUS worker asks about the path of a client certificate that holds. Plain data. */
export interface RevocationQuestion {
  /** Name of the entry of `trust:`. */
  readonly authority: string
  /** DER, leaf first, anchor last. */
  readonly path: readonly Uint8Array[]
}

/** Where an answer comes from, for receipts: `crl`, `ocsp`; `record`: our own CA's rows; `grace`: past its next update. */
export interface RevocationEvidence {
  readonly by: 'crl' | 'ocsp' | 'record' | 'grace'
  readonly host: string
  /** Hex; of a CRL that has one. */
  readonly number?: string
  readonly thisUpdate: number
  /** Asked for just now, or known from before. */
  readonly fresh: boolean
}

export type RevocationAnswer =
  /** `until`: the answer need not be asked for again before. `evidence`: about the leaf; absent where it names nobody to ask. */
  | { readonly kind: 'good'; readonly until: number; readonly evidence?: RevocationEvidence }
  | {
      readonly kind: 'revoked'
      /** Counts from the leaf. */
      readonly certificate: number
      readonly revokedAt: number
      readonly reason: string
      readonly evidence: RevocationEvidence
    }
  | RevocationUnknown

export interface RevocationUnknown {
  readonly kind: 'unknown'
  readonly certificate: number
  readonly why: RevocationTrouble
  readonly host?: string
  /** In a few words. */
  readonly detail: string
  /** When the newest that is known ended; milliseconds since the epoch. */
  readonly endedAt?: number
}

export type RevocationTrouble =
  /** Nobody could be asked, or nobody answered in time. */
  | 'unreachable'
  /** What is known is too old. */
  | 'stale'
  /** The responder does not know the certificate. */
  | 'ocsp-unknown'
  /** The answer is not signed by anybody who may speak for the issuer. */
  | 'untrusted'
  /** Our own CA's, and there is no record of it. */
  | 'unrecorded'
  /** Our own CA's, not known here, and the records could not be asked. */
  | 'records-unavailable'
  /** The certificate names nobody who could be asked. */
  | 'unnamed'
  /** The answer cannot be read or covers something else. */
  | 'unusable'
