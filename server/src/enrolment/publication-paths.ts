import { toHex } from '@sallyport/bytes'
import { type AuthorityInfoAccess, type Certificate, keyIdentifier } from '@sallyport/pki'

/**
 * Where everybody finds what a CA publishes, below `enrolment.httpUrl`. What is written into certificates and what is
 * served must be the same, so both come from here. Plain HTTP: RFC 5280 section 8 warns of the circle that HTTPS makes.
 */
export const OCSP_PATH = '/ocsp'

/** Subject key identifier, lower-case hex: tells CAs of the same name apart, also in addresses. */
export function caKeyId(ca: Certificate): string {
  return toHex(ca.extensions.subjectKeyIdentifier ?? keyIdentifier(ca.spki))
}

export function caCertificatePath(keyId: string): string {
  return `/ca/${keyId}.cer`
}

export function crlPath(keyId: string): string {
  return `/crl/${keyId}.crl`
}

/** AD CS marks delta CRLs with a plus sign as well. */
export function deltaCrlPath(keyId: string): string {
  return `/crl/${keyId}+.crl`
}

export interface IssuedPointers {
  readonly crlUris: readonly string[]
  readonly authorityInfoAccess: AuthorityInfoAccess
}

/** What a certificate of this issuer says about it. @param httpUrl `enrolment.httpUrl` */
export function pointersOf(issuer: Certificate, httpUrl: string): IssuedPointers {
  const keyId = caKeyId(issuer)
  return {
    crlUris: [httpUrl + crlPath(keyId)],
    authorityInfoAccess: {
      caIssuers: [httpUrl + caCertificatePath(keyId)],
      ocsp: [httpUrl + OCSP_PATH],
    },
  }
}
