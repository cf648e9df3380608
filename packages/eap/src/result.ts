/** What a finished method proved and which keys it derived. Whoever asked decides what follows from it. */
export interface EapResult {
  /** Outer method, by its lower-case name: `eap-tls`, `peap`, `eap-ttls`, `eap-md5`, `eap-gtc`, `eap-mschapv2`. */
  readonly method: EapMethodName
  /** The method inside a tunnel: an EAP method name, or `pap`, `chap`, `mschap`, `mschapv2` inside TTLS. */
  readonly inner?: InnerMethodName
  /** The identity that was proved (inner identity in a tunnel). */
  readonly identity: string
  /** What the verifier handed over with its yes (user record, mapped certificate): opaque to this package. */
  readonly proof: unknown
  /** Absent for methods that derive no keys. */
  readonly keys?: EapKeys
  readonly tls?: TlsFacts
  /**
   * To be called once the conversation ended in Access-Accept, and never otherwise: only then may the TLS session be
   * resumed (`tls.resumed` tells a result that rests on an earlier conversation).
   */
  readonly release?: () => void
  /** To be called instead where it ended in Access-Reject: what an earlier conversation left is resumed no more. */
  readonly withdraw?: () => void
}

/** RFC 3748 section 7.10: 64 octets each. EAP-MSCHAPv2 defines no EMSK and no Session-Id: there they are empty. */
export interface EapKeys {
  readonly msk: Uint8Array
  readonly emsk: Uint8Array
  readonly sessionId: Uint8Array
}

export type EapMethodName = 'eap-md5' | 'eap-gtc' | 'eap-mschapv2' | 'eap-tls' | 'peap' | 'eap-ttls'
export type InnerMethodName = EapMethodName | 'pap' | 'chap' | 'mschap' | 'mschapv2'

export interface TlsFacts {
  readonly version: 'TLSv1.2' | 'TLSv1.3'
  readonly cipher: string
  readonly resumed: boolean
  /**
   * The peer's certificate chain, leaf first, DER. On a resumed session: the chain remembered from the first one. In a
   * tunnel: of the EAP-TLS inside.
   */
  readonly peerChain: readonly Uint8Array[]
}
