import type { KeyUsage } from '../certificate/certificate-extensions.ts'
import { EKU } from '../oids.ts'

/** What a kind of certificate may be used for, and which names it must carry. */
export interface CertificateTemplate {
  readonly name: string
  readonly keyUsage: readonly KeyUsage[]
  /** Added for RSA keys, which TLS 1.2 may also use to encrypt. */
  readonly rsaKeyUsage?: readonly KeyUsage[]
  readonly extendedKeyUsage: readonly string[]
  /** A subjectAltName of one of these kinds must be present; empty: a subject is enough. */
  readonly requires: readonly ('dns' | 'ip' | 'upn' | 'email')[]
}

/** Windows peers want a subject, serverAuth and a DNS name; see RFC 5216 section 5.3. */
export const RADIUS_SERVER: CertificateTemplate = {
  name: 'radius-server',
  keyUsage: ['digitalSignature'],
  rsaKeyUsage: ['keyEncipherment'],
  extendedKeyUsage: [EKU.serverAuth],
  requires: ['dns'],
}

export const HTTPS_SERVER: CertificateTemplate = {
  name: 'https-server',
  keyUsage: ['digitalSignature'],
  rsaKeyUsage: ['keyEncipherment'],
  extendedKeyUsage: [EKU.serverAuth],
  requires: ['dns', 'ip'],
}

export const USER_AUTHENTICATION: CertificateTemplate = {
  name: 'user-authentication',
  keyUsage: ['digitalSignature'],
  extendedKeyUsage: [EKU.clientAuth],
  requires: ['upn', 'email'],
}

export const COMPUTER_AUTHENTICATION: CertificateTemplate = {
  name: 'computer-authentication',
  keyUsage: ['digitalSignature'],
  extendedKeyUsage: [EKU.clientAuth],
  requires: ['dns'],
}

/** RFC 6960 section 4.2.2.2: answers for the CA that issued it. */
export const OCSP_SIGNER: CertificateTemplate = {
  name: 'ocsp-signer',
  keyUsage: ['digitalSignature'],
  extendedKeyUsage: [EKU.ocspSigning],
  requires: [],
}

/** RFC 8551: whoever reads a signed message looks for this usage; nothing logs in with it. */
export const MESSAGE_SIGNER: CertificateTemplate = {
  name: 'message-signer',
  keyUsage: ['digitalSignature'],
  extendedKeyUsage: [EKU.emailProtection],
  requires: [],
}

/** RFC 8894 section 2.1.2: signs answers and opens requests for the CA. */
export const SCEP_REGISTRATION_AUTHORITY: CertificateTemplate = {
  name: 'scep-registration-authority',
  keyUsage: ['digitalSignature', 'keyEncipherment'],
  extendedKeyUsage: [],
  requires: [],
}
