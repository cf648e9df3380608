import type { Certificate } from '@sallyport/pki'
import type { ConnectionConfiguration, Language, OrganizationConfiguration } from '../config/schema.ts'

/** Who a file is for, as the account's identity source names it: any text may stand in it. */
export interface ProfilePerson {
  /** What is typed at a login: `alice@example.org`, or `alice` where the bare name leads to the account. */
  readonly userName: string
  readonly upn?: string
  readonly displayName?: string
  readonly email?: string
}

/** How the person's or the machine's own certificate comes along with a file. */
export type ProfileCertificate =
  /** Key, certificate and chain in one container under a password of its own. `legacy` = 3DES and SHA-1 (RFC 7292). */
  | {
      readonly kind: 'pkcs12'
      readonly form: 'modern' | 'legacy'
      readonly container: Uint8Array
      readonly password: string
      readonly certificate: Certificate
    }
  /** The device makes its key and asks by SCEP (RFC 8894), once, with this challenge password. */
  | {
      readonly kind: 'scep'
      readonly url: string
      readonly challenge: string
      readonly rsaBits: number
      readonly commonName: string
      /** The root above the CA that answers: a device that asks without TLS knows the CA by it. */
      readonly root: Certificate
    }
  /** The device makes its key and asks by ACME with device-attest-01. */
  | { readonly kind: 'acme'; readonly directoryUrl: string; readonly clientIdentifier: string }
  /** The machine makes its key and asks by EST (RFC 7030), once, with this challenge password. */
  | {
      readonly kind: 'est'
      readonly url: string
      readonly template: string
      readonly userName: string
      readonly challenge: string
      /** The root above the certificate of the server that answers. */
      readonly root: Certificate
    }
  /** It is on the machine already, or gets there by auto-enrolment; Windows can ask at once where it is told where. */
  | { readonly kind: 'installed'; readonly windowsEnrolment?: WindowsEnrolment }

/** MS-XCEP and MS-WSTEP, with the ticket or the password of who is signed in. */
export interface WindowsEnrolment {
  readonly policyUrl: string
  readonly template: string
  readonly authentication: 'kerberos' | 'password'
}

export type CertificateForm = ProfileCertificate['kind']

/** Everything a file is made of, resolved; plain data. The same input makes the same octets. */
export interface ProfileInput<Connection extends ConnectionConfiguration = ConnectionConfiguration> {
  readonly organization: OrganizationConfiguration & { readonly identifier: string }
  readonly connection: Connection
  /** The RADIUS server as supplicants must know it. */
  readonly radiusServer: {
    /** Never empty: a client that insists on no name takes any server of the same CA. */
    readonly names: readonly string[]
    /** Roots; never empty. */
    readonly anchors: readonly Certificate[]
  }
  /** The VPN gateway, whose certificate IKEv2 and SSTP check apart from that of the RADIUS server. */
  readonly gatewayAnchors: readonly Certificate[]
  /** CAs below the own roots that clients may need to complete a chain. */
  readonly intermediates: readonly Certificate[]
  /** Absent: a file for everybody, which asks for the name. */
  readonly person?: ProfilePerson
  readonly certificate?: ProfileCertificate
  readonly language: Language
}
