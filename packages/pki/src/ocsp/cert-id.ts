import { createHash } from 'node:crypto'
import type { Certificate } from '../certificate/certificate.ts'
import { DerReader, type Element, onlyElement } from '../der/der-reader.ts'
import { expectOid, readInteger, readOctetAlignedBits } from '../der/der-values.ts'
import { element, nullValue, octetString, oid, sequence } from '../der/der-writer.ts'
import { equalOctets } from '../der/equal-octets.ts'
import { TAG } from '../der/tags.ts'

/** Hashes a CertID may be made with. SHA-1 is no weakness here: it names the issuer, the signature proves it. */
export const CERT_ID_HASHES = {
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
} as const

export type CertIdHash = keyof typeof CERT_ID_HASHES

/** Which certificate a request or an answer is about (RFC 6960 section 4.1.1). */
export interface CertId {
  /** undefined: a hash this house does not know; it matches nothing. */
  readonly hash: CertIdHash | undefined
  readonly issuerNameHash: Uint8Array
  readonly issuerKeyHash: Uint8Array
  /** Content octets of the INTEGER. */
  readonly serial: Uint8Array
}

export function certIdOf(certificate: Certificate, issuer: Certificate, hash: CertIdHash): CertId {
  return { hash, ...issuerHashes(issuer, hash), serial: certificate.serial }
}

/** How certificates of an issuer are asked about. */
export function issuerHashes(issuer: Certificate, hash: CertIdHash) {
  return {
    issuerNameHash: createHash(hash).update(issuer.subject.encoded).digest(),
    issuerKeyHash: createHash(hash).update(subjectPublicKey(issuer)).digest(),
  }
}

export function encodeCertId({ hash = 'sha1', issuerNameHash, issuerKeyHash, serial }: CertId): Uint8Array {
  return sequence(
    sequence(oid(CERT_ID_HASHES[hash]), nullValue()),
    octetString(issuerNameHash),
    octetString(issuerKeyHash),
    element(TAG.integer, serial),
  )
}

export function readCertId(item: Element): CertId {
  const reader = new DerReader(item.content)
  const algorithm = reader.enter(TAG.sequence, 'hash algorithm')
  const id = expectOid(algorithm, 'hash algorithm')
  const issuerNameHash = reader.expect(TAG.octetString, 'issuerNameHash').content
  const issuerKeyHash = reader.expect(TAG.octetString, 'issuerKeyHash').content
  const serial = readInteger(reader.expect(TAG.integer, 'serialNumber'))
  reader.finish('CertID')
  const hash = CERT_ID_NAMES.find((name) => CERT_ID_HASHES[name] === id)
  return { hash, issuerNameHash, issuerKeyHash, serial }
}

const CERT_ID_NAMES: readonly CertIdHash[] = ['sha1', 'sha256']

export function isAbout(id: CertId, certificate: Certificate, issuer: Certificate): boolean {
  if (id.hash === undefined) return false
  const wanted = certIdOf(certificate, issuer, id.hash)
  return (
    equalOctets(id.serial, wanted.serial) &&
    equalOctets(id.issuerKeyHash, wanted.issuerKeyHash) &&
    equalOctets(id.issuerNameHash, wanted.issuerNameHash)
  )
}

/** The BIT STRING of the key without tag, length and count of unused bits (RFC 6960 section 4.1.1). */
export function subjectPublicKey({ spki }: Certificate): Uint8Array {
  const reader = new DerReader(onlyElement(spki, TAG.sequence, 'SubjectPublicKeyInfo').content)
  reader.expect(TAG.sequence, 'key algorithm')
  return readOctetAlignedBits(reader.expect(TAG.bitString, 'subjectPublicKey'))
}
