import type { Certificate } from '../certificate/certificate.ts'
import { DerReader } from '../der/der-reader.ts'
import { readInteger } from '../der/der-values.ts'
import { element, sequence } from '../der/der-writer.ts'
import { equalOctets } from '../der/equal-octets.ts'
import { contextPrimitive, TAG } from '../der/tags.ts'
import { type DistinguishedName, readName } from '../names/distinguished-name.ts'

/** RFC 5652 sections 5.3 and 6.2.1: which certificate a signer or a recipient means. */
export type CertificateIdentifier =
  | { readonly kind: 'issuer-serial'; readonly issuer: DistinguishedName; readonly serial: Uint8Array }
  | { readonly kind: 'key-id'; readonly keyIdentifier: Uint8Array }

export function readCertificateIdentifier(reader: DerReader, what: string): CertificateIdentifier {
  const keyIdentifier = reader.optional(contextPrimitive(0))
  if (keyIdentifier !== undefined) return { kind: 'key-id', keyIdentifier: keyIdentifier.content }
  return { kind: 'issuer-serial', ...readIssuerAndSerial(reader, what) }
}

/** IssuerAndSerialNumber alone. Throws `PkiError` `malformed`, and nothing else. */
export function parseIssuerAndSerial(octets: Uint8Array) {
  const reader = new DerReader(octets)
  const found = readIssuerAndSerial(reader, 'IssuerAndSerialNumber')
  reader.finish('IssuerAndSerialNumber')
  return found
}

function readIssuerAndSerial(reader: DerReader, what: string) {
  const inner = new DerReader(reader.expect(TAG.sequence, what).content)
  const issuer = readName(inner.expect(TAG.sequence, `issuer of ${what}`))
  const serial = readInteger(inner.expect(TAG.integer, `serial number of ${what}`))
  inner.finish(what)
  return { issuer, serial }
}

export function encodeIssuerAndSerial(certificate: Certificate): Uint8Array {
  return sequence(certificate.issuer.encoded, element(TAG.integer, certificate.serial))
}

export function identifies(identifier: CertificateIdentifier, certificate: Certificate): boolean {
  if (identifier.kind === 'issuer-serial') {
    return (
      identifier.issuer.key === certificate.issuer.key && equalOctets(identifier.serial, certificate.serial)
    )
  }
  const { subjectKeyIdentifier } = certificate.extensions
  return subjectKeyIdentifier !== undefined && equalOctets(identifier.keyIdentifier, subjectKeyIdentifier)
}
