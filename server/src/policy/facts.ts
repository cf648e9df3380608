import type { Method } from './methods.ts'

/**
 * Everything a decision may look at: plain data, no clock, no I/O. What is absent is unknown; a condition that reads
 * something unknown is not fulfilled. Names here are the names an administrator writes in a CEL condition
 * (`user.groups`, `client.name`), so they are public interface.
 */
export interface Facts {
  readonly door: 'network'
  readonly user: UserFacts
  readonly auth: AuthFacts
  readonly client: ClientFacts
  readonly request: RequestFacts
  readonly certificate?: CertificateFacts
  /** Of a login by MAC authentication bypass alone. */
  readonly mac?: MacFacts
  readonly time: TimeFacts
}

export interface UserFacts {
  /** The name that was proved, without realm. */
  readonly name: string
  readonly realm: string
  /** The name of the identity source that knows the user. */
  readonly source: string
  /** All groups, nested memberships resolved. */
  readonly groups: readonly string[]
  readonly attributes: Readonly<Record<string, string>>
  /** Absent where the source does not say. */
  readonly kind?: 'person' | 'computer'
  /** How fresh account and groups are: `live`, `cached` or `offline`; absent where the source keeps them itself. */
  readonly lookup?: 'live' | 'cached' | 'offline'
}

export interface AuthFacts {
  /** Outermost method; inner only inside a tunnel. */
  readonly method: Method
  readonly inner?: Method
  readonly outerIdentity: string
  readonly tlsVersion?: 'TLSv1.2' | 'TLSv1.3'
  readonly resumed: boolean
}

export interface ClientFacts {
  readonly name: string
  readonly vendor: string
  readonly address: string
}

export interface RequestFacts {
  readonly calledStationId?: string
  readonly callingStationId?: string
  /** The MAC address in Calling-Station-Id: twelve lower-case hexadecimal digits. Absent where it is none. */
  readonly callingMac?: string
  readonly nasIdentifier?: string
  readonly nasPortType?: string
  readonly serviceType?: string
  /** The connection it came by, of those its gateway serves. Absent where the gateway does not say. */
  readonly connection?: string
  /** Every attribute of the request by dictionary name; secrets (User-Password and the like) are left out. */
  readonly attributes: Readonly<Record<string, readonly string[]>>
}

export interface CertificateFacts {
  readonly subject: string
  readonly issuer: string
  /** Lower-case hex. */
  readonly serial: string
  /** SHA-256 of the DER encoding, lower-case hex. */
  readonly fingerprint: string
  readonly notAfter: string
  readonly extendedKeyUsages: readonly string[]
  readonly dnsNames: readonly string[]
  readonly upns: readonly string[]
  readonly emails: readonly string[]
  /**
   * Security identifier of an account of Active Directory: of its extension, else of a URI among its names. Where several
   * URIs name several, all of them, which is nobody's.
   */
  readonly sid?: string
  /** Subject key identifier; lower-case hex, as the next two. */
  readonly subjectKeyId?: string
  /** SHA-1 of the public key's bits (RFC 5280 section 4.2.1.2, method 1). */
  readonly publicKeySha1?: string
  /** SHA-1 of the DER encoding, as Windows shows it. */
  readonly thumbprint?: string
  /** The entry of `trust:` that vouches for it; absent where the login failed before that was known. */
  readonly authority?: string
  /** How it was found out that it is not revoked: `record` by our own CA's rows, `none` where its CA offers no way to. */
  readonly revocation?: 'ocsp' | 'crl' | 'record' | 'grace' | 'none'
  /** For people: who said so, and how old that was. */
  readonly revocationSource?: string
}

/** What stands in the certificate; how it was judged comes later. */
export type CertificateNameFacts = Omit<CertificateFacts, 'authority' | 'revocation' | 'revocationSource'>

/** A MAC address of the MAC store. Its groups are its own: none of them is a group of users. */
export interface MacFacts {
  /** Twelve lower-case hexadecimal digits. */
  readonly address: string
  readonly groups: readonly string[]
  readonly description: string
  readonly owner: string
  readonly attributes: Readonly<Record<string, string>>
}

export interface TimeFacts {
  /** ISO 8601 UTC instant of the decision. */
  readonly now: string
  /** Local to the server's configured time zone: 0-23, and Monday = 1 ... Sunday = 7. */
  readonly hour: number
  readonly weekday: number
}
