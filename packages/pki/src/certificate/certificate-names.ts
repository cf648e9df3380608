import { toHex } from '@sallyport/bytes'
import { nameText } from '../names/distinguished-name.ts'
import { ipText } from '../names/general-name.ts'
import { EMAIL_ADDRESS } from '../oids.ts'
import type { Certificate } from './certificate.ts'

/** What people and policies call a certificate. Plain data. */
export interface CertificateNames {
  /** RFC 4514 text. */
  readonly subject: string
  readonly issuer: string
  /** Lower-case hex without leading zero octets. */
  readonly serial: string
  /** SHA-256 of the DER encoding, lower-case hex. */
  readonly fingerprint: string
  /** ISO 8601 UTC. */
  readonly notBefore: string
  readonly notAfter: string
  readonly extendedKeyUsages: readonly string[]
  readonly dnsNames: readonly string[]
  /** Of the subjectAltName; where it has none, of the subject (RFC 5280 section 4.1.2.6). */
  readonly emails: readonly string[]
  readonly upns: readonly string[]
  readonly ips: readonly string[]
  readonly uris: readonly string[]
  readonly sid?: string
}

export function certificateNames(certificate: Certificate): CertificateNames {
  const { extendedKeyUsage, subjectAltName = [], sid } = certificate.extensions
  const emails = subjectAltName.flatMap((name) => (name.kind === 'email' ? [name.address] : []))
  return {
    subject: nameText(certificate.subject),
    issuer: nameText(certificate.issuer),
    serial: serialText(certificate.serial),
    fingerprint: certificate.fingerprint,
    notBefore: new Date(certificate.notBefore).toISOString(),
    notAfter: new Date(certificate.notAfter).toISOString(),
    extendedKeyUsages: extendedKeyUsage ?? [],
    dnsNames: subjectAltName.flatMap((name) => (name.kind === 'dns' ? [name.name] : [])),
    emails: emails.length > 0 ? emails : subjectEmails(certificate),
    upns: subjectAltName.flatMap((name) => (name.kind === 'upn' ? [name.name] : [])),
    ips: subjectAltName.flatMap((name) => (name.kind === 'ip' ? [ipText(name.octets)] : [])),
    uris: subjectAltName.flatMap((name) => (name.kind === 'uri' ? [name.uri] : [])),
    ...(sid !== undefined && { sid }),
  }
}

/** `emailAddress` attributes of the subject, the form older certificates use. */
export function subjectEmails(certificate: Certificate): string[] {
  return certificate.subject.rdns
    .flat()
    .flatMap((attribute) =>
      attribute.type === EMAIL_ADDRESS && attribute.text !== undefined ? [attribute.text] : [],
    )
}

export function serialText(serial: Uint8Array): string {
  return toHex(serial.length > 1 && serial[0] === 0 ? serial.subarray(1) : serial)
}
