import type { KeyUsage } from '../certificate/certificate-extensions.ts'
import { EKU } from '../oids.ts'

/** What a kind of certificate may be used for, and which names it must carry. */
export interface CertificateTemplate {
  readonly name: string
  readonly keyUsage: readonly KeyUsage[]
  /** Added for RSA keys, which TLS 1.2 may also use to encrypt. */
  readonly rsaKeyUsage?: readonly KeyUsage[]
  readonly extendedKeyUsage: readonly string[]
  /** A subjectAltName of one of these kinds must be present. */
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
