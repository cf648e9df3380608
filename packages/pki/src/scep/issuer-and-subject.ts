import { DerReader, onlyElement } from '../der/der-reader.ts'
import { sequence } from '../der/der-writer.ts'
import { TAG } from '../der/tags.ts'
import { type DistinguishedName, readName } from '../names/distinguished-name.ts'

/** RFC 8894 section 3.3.3: what a poll asks for. */
export interface IssuerAndSubject {
  readonly issuer: DistinguishedName
  readonly subject: DistinguishedName
}

/** Throws `PkiError` `malformed`, and nothing else. */
export function parseIssuerAndSubject(octets: Uint8Array): IssuerAndSubject {
  const reader = new DerReader(onlyElement(octets, TAG.sequence, 'IssuerAndSubject').content)
  const issuer = readName(reader.expect(TAG.sequence, 'issuer'))
  const subject = readName(reader.expect(TAG.sequence, 'subject'))
  reader.finish('IssuerAndSubject')
  return { issuer, subject }
}

export function encodeIssuerAndSubject({ issuer, subject }: IssuerAndSubject): Uint8Array {
  return sequence(issuer.encoded, subject.encoded)
}
