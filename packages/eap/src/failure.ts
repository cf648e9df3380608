/** Why a conversation failed: a stable code and the values seen, so that whoever reports it can be exact. */
export interface EapFailure {
  readonly code: EapFailureCode
  readonly detail?: Readonly<Record<string, string | number | boolean>>
  /** What the verifier handed over with its no: opaque to this package. */
  readonly cause?: unknown
}

/** A failure the peer was told of, to which it has not answered yet. */
export interface ToldFailure {
  readonly failure: EapFailure
  /** Whatever the peer answers, the conversation fails; else it may still mend it (RFC 2759 section 6, R=1 and E=648). */
  readonly isFinal: boolean
}

export type EapFailureCode =
  /** The verifier said no; `cause` says why. */
  | 'refused'
  | 'malformed-packet'
  | 'unexpected-packet'
  | 'no-common-method'
  | 'nak-to-forbidden-method'
  | 'too-many-rounds'
  | 'too-large'
  | 'tls-alert-received'
  | 'tls-handshake-failed'
  | 'tls-no-client-certificate'
  | 'resumption-not-released'
  | 'crypto-binding-missing'
  | 'crypto-binding-invalid'
  | 'inner-method-forbidden'
  | 'peer-reported-failure'
  | 'identity-mismatch'
  /** Peer side: the server ended the conversation with EAP-Failure. */
  | 'server-reported-failure'
  /** Peer side: the server could not prove to know the password (RFC 2759 section 8.8). */
  | 'authenticator-response-invalid'
  | 'internal'
