import type { TlsFacts } from '../result.ts'
import type { MaybePromise } from '../verifier.ts'

/** Where TLS comes from. EAP methods carry its records and know nothing of its implementation. */
export interface TlsEngine {
  /** Prepares everything that conversations share. Throws where a certificate or key cannot be used. */
  server(options: TlsServerOptions): TlsServer
  client(options: TlsClientOptions): TlsSession
}

export type TlsVersion = TlsFacts['version']

/** PEM. The chain holds the leaf first, then intermediate CAs. */
export interface TlsCertificate {
  readonly chain: string
  readonly key: string
}

export interface TlsServerOptions {
  /** Sessions of one purpose are never resumed for another: the name of the EAP method. */
  readonly purpose: string
  /** One for each kind of key: TLS chooses what the peer can verify. */
  readonly certificates: readonly TlsCertificate[]
  /** Ask the peer for a certificate that one of these CAs (PEM) issued; absent: do not ask. */
  readonly clientAuthorities?: readonly string[]
  /**
   * `tickets`: stateless tickets (RFC 5077, TLS 1.3) and session identifiers. `identifiers`: TLS 1.2 session identifiers
   * alone, so that no session resumes that is not kept here. `none`: full handshakes.
   */
  readonly resumption: 'tickets' | 'identifiers' | 'none'
  /** The TLS session kept under this identifier, if it may be resumed. */
  readonly findSession?: (sessionId: Uint8Array) => Uint8Array | undefined
  /** How long a session may be resumed. */
  readonly sessionLifetimeSeconds: number
  /** Default TLSv1.2 to TLSv1.3. */
  readonly minVersion?: TlsVersion
  readonly maxVersion?: TlsVersion
}

export interface TlsServer {
  /** Names purpose, own certificates and trusted CAs: what a resumed session must have in common with this server. */
  readonly context: string
  /** Begins a conversation. */
  accept(): TlsSession
}

export interface TlsClientOptions {
  /** PEM of the CAs the server's certificate must descend from. */
  readonly authorities: readonly string[]
  /** A DNS name the server's certificate must carry; `false` accepts any name (and so any certificate of the CAs). */
  readonly serverName: string | false
  readonly certificate?: TlsCertificate
  /** What `resumable` of an earlier session returned. */
  readonly session?: Uint8Array
  readonly minVersion?: TlsVersion
  readonly maxVersion?: TlsVersion
}

/** One end of one TLS connection whose records travel by hand. */
export interface TlsSession {
  /** Takes records of the other side and returns what TLS has to say to them. The client begins with no octets. */
  feed(records: Uint8Array): MaybePromise<TlsProgress>
  /** Encrypts application data. */
  write(data: Uint8Array): MaybePromise<TlsProgress>
  /** The handshake is complete; only then may the functions below be called. */
  readonly open: boolean
  facts(): TlsFacts
  /** OpenSSL's verdict on the peer's certificate against the CAs; undefined: good. */
  verifyError(): string | undefined
  /** Exporter of RFC 5705 and RFC 8446 section 7.5. No context is not the same as an empty one in TLS 1.2. */
  exportKeyingMaterial(length: number, label: string, context?: Uint8Array): Uint8Array
  /** Server: a TLS 1.2 session that may be kept. Client: a session that may be offered next time. */
  resumable(): ResumableTls | undefined
  /** Server: the identifier of the kept session that was resumed. */
  resumedId(): Uint8Array | undefined
  close(): void
}

export interface ResumableTls {
  /** The session identifier; of no length where the client keeps the session. */
  readonly id: Uint8Array
  readonly session: Uint8Array
}

export interface TlsProgress {
  /** Records to send. On failure: an alert, where TLS sends one. */
  readonly records: Uint8Array
  /** Decrypted application data. */
  readonly data: Uint8Array
  readonly failure?: TlsFailure
}

export interface TlsFailure {
  /** The alert the other side sent, by its RFC 8446 section 6 name: `unknown_ca`, `certificate_expired`, ... */
  readonly alertReceived?: string
  /** The alert we sent, where it went out unencrypted. */
  readonly alertSent?: string
  /** Stable name of what TLS found wrong: `no_shared_cipher`, `cert_has_expired`, ... */
  readonly error: string
}
