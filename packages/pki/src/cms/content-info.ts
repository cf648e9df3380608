import { DerReader, onlyElement } from '../der/der-reader.ts'
import { expectOid } from '../der/der-values.ts'
import { explicit, oid, sequence } from '../der/der-writer.ts'
import { contextConstructed, TAG } from '../der/tags.ts'
import { malformed } from '../pki-error.ts'
import { berToDer } from './ber-to-der.ts'

/** What a client sends takes some 10 KiB; a CRL of 100,000 entries, in an answer, some 4 MiB. */
const LARGEST = 16 * 1024 * 1024

/** RFC 5652 section 3. */
export function encodeContentInfo(contentType: string, content: Uint8Array): Uint8Array {
  return sequence(oid(contentType), explicit(0, content))
}

/** The content's elements in DER, where the ContentInfo is of this type. */
export function openContentInfo(octets: Uint8Array, contentType: string, what: string): DerReader {
  if (octets.length > LARGEST) throw malformed(`${what} of ${octets.length} octets`)
  const reader = new DerReader(onlyElement(berToDer(octets), TAG.sequence, 'ContentInfo').content)
  const found = expectOid(reader, 'content type')
  if (found !== contentType) throw malformed(`content type ${found}, wanted ${what}`)
  const content = reader.expect(contextConstructed(0), what).content
  reader.finish('ContentInfo')
  return new DerReader(onlyElement(content, TAG.sequence, what).content)
}
