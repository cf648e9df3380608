/** Names of MS-XCEP section 3.1.4.1.3, of what this server can say. Times in seconds, flags as unsigned 32 bit numbers. */
export interface PolicyResponse {
  /** A GUID in braces that stays the same: Windows groups and caches by it. */
  readonly policyId: string
  readonly friendlyName: string
  readonly nextUpdateHours: number
  readonly policies: readonly EnrolmentPolicy[]
  readonly authorities: readonly PolicyAuthority[]
}

export interface EnrolmentPolicy {
  readonly commonName: string
  readonly oid: string
  readonly schema: 1 | 2 | 3 | 4
  readonly validitySeconds: number
  readonly renewalSeconds: number
  readonly autoEnroll: boolean
  readonly minimalKeyLength: number
  /** Of a CNG key: NCRYPT_ALLOW_SIGNING_FLAG and its like, not the key usage of X.509. */
  readonly keyUsageProperty?: number
  readonly keyAlgorithmOid?: string
  readonly providers: readonly string[]
  readonly majorRevision: number
  readonly minorRevision: number
  readonly supersedes: readonly string[]
  readonly privateKeyFlags: number
  readonly subjectNameFlags: number
  readonly enrollmentFlags: number
  readonly generalFlags: number
  readonly hashAlgorithmOid?: string
  readonly extensions: readonly {
    readonly oid: string
    readonly critical: boolean
    readonly value: Uint8Array
  }[]
}

export interface PolicyAuthority {
  /** DER. */
  readonly certificate: Uint8Array
  readonly uris: readonly {
    readonly authentication: ClientAuthentication
    readonly uri: string
    /** Lower goes first. */
    readonly priority: number
    readonly renewalOnly: boolean
  }[]
}

/** MS-XCEP section 3.1.4.1.3.7. */
export const CLIENT_AUTHENTICATION = { anonymous: 1, kerberos: 2, password: 4, certificate: 8 } as const
export type ClientAuthentication = (typeof CLIENT_AUTHENTICATION)[keyof typeof CLIENT_AUTHENTICATION]

/** MS-XCEP section 3.1.4.1.3.16. */
export const OID_GROUP = { hash: 1, publicKey: 3, extension: 6, template: 9 } as const

/** MS-CRTD sections 2.4, 2.26, 2.27, 2.28: the bits in use here. */
export const GENERAL_FLAG = { autoEnrolment: 0x20, machine: 0x40 } as const
export const ENROLMENT_FLAG = {
  pendAllRequests: 0x2,
  autoEnrolment: 0x20,
  previousApprovalSuffices: 0x40,
  removeInvalidFromStore: 0x400,
  allowKeyBasedRenewal: 0x10000,
  noSecurityExtension: 0x80000,
} as const
export const PRIVATE_KEY_FLAG = { renewalWithSameKey: 0x80 } as const
export const SUBJECT_NAME_FLAG = {
  enrolleeSuppliesSubject: 0x1,
  enrolleeSuppliesAltName: 0x10000,
  altRequireUpn: 0x2000000,
  altRequireEmail: 0x4000000,
  altRequireDns: 0x8000000,
  requireDnsAsCommonName: 0x10000000,
  requireEmail: 0x20000000,
  requireCommonName: 0x40000000,
} as const
/** Lowest versions that understand a template: bits 16-19 of the server, 24-27 of the client. */
export const VERSION_MASK = { server: 0x000f0000, client: 0x0f000000 } as const
