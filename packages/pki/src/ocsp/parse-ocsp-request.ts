import { type Extension, readExtensions } from '../certificate/extension.ts'
import { DerReader, onlyElement } from '../der/der-reader.ts'
import { readSmallInteger } from '../der/der-values.ts'
import { contextConstructed, TAG } from '../der/tags.ts'
import { OCSP } from '../oids.ts'
import { malformed } from '../pki-error.ts'
import { type CertId, readCertId } from './cert-id.ts'

/** What a client asks (RFC 6960 section 4.1). Its signature and name are not looked at: everybody may ask. */
export interface OcspRequest {
  /** At least one, in the order they were asked. */
  readonly questions: readonly OcspRequestedId[]
  /** RFC 9654: 1 to 128 octets. */
  readonly nonce: Uint8Array | undefined
}

export interface OcspRequestedId extends CertId {
  /** As it came: the answer repeats it octet by octet. */
  readonly encoded: Uint8Array
}

/** A request about one certificate takes some 80 octets, each further one as much. */
export const LARGEST_OCSP_REQUEST = 4096
const MOST_QUESTIONS = 16
const LONGEST_NONCE = 128

/** Parses DER. Throws `PkiError` `malformed`, and nothing else. The octets are copied. */
export function parseOcspRequest(octets: Uint8Array): OcspRequest {
  if (octets.length > LARGEST_OCSP_REQUEST) throw malformed(`OCSP request of ${octets.length} octets`)
  const outer = new DerReader(onlyElement(Uint8Array.from(octets), TAG.sequence, 'OCSPRequest').content)
  const tbs = outer.enter(TAG.sequence, 'tbsRequest')
  outer.optional(contextConstructed(0))
  outer.finish('OCSPRequest')
  const version = tbs.optional(contextConstructed(0))
  if (version !== undefined && readSmallInteger(onlyElement(version.content, TAG.integer, 'version')) !== 0)
    throw malformed('OCSP request version is not 1')
  tbs.optional(contextConstructed(1))
  const list = tbs.enter(TAG.sequence, 'requestList')
  const extensions = readExplicit(tbs.optional(contextConstructed(2))?.content)
  tbs.finish('tbsRequest')
  const questions: OcspRequestedId[] = []
  while (!list.done) {
    if (questions.length >= MOST_QUESTIONS) throw malformed(`more than ${MOST_QUESTIONS} questions`)
    questions.push(readQuestion(list))
  }
  if (questions.length === 0) throw malformed('OCSP request without a question')
  refuseCritical(extensions)
  return { questions, nonce: readNonce(extensions) }
}

function readQuestion(list: DerReader): OcspRequestedId {
  const request = list.enter(TAG.sequence, 'Request')
  const id = request.expect(TAG.sequence, 'CertID')
  refuseCritical(readExplicit(request.optional(contextConstructed(0))?.content))
  request.finish('Request')
  return { ...readCertId(id), encoded: id.encoded }
}

function readNonce(extensions: ReadonlyMap<string, Extension> | undefined): Uint8Array | undefined {
  const extension = extensions?.get(OCSP.nonce)
  if (extension === undefined) return undefined
  const { content } = onlyElement(extension.value, TAG.octetString, 'nonce')
  // RFC 9654 section 2.1: answered with malformedRequest.
  if (content.length < 1 || content.length > LONGEST_NONCE)
    throw malformed(`nonce of ${content.length} octets`)
  return content
}

function readExplicit(content: Uint8Array | undefined): Map<string, Extension> | undefined {
  return content === undefined
    ? undefined
    : readExtensions(onlyElement(content, TAG.sequence, 'OCSP extensions'))
}

/** RFC 6960 section 4.4: what must be understood and is not cannot be answered. */
function refuseCritical(extensions: ReadonlyMap<string, Extension> | undefined): void {
  for (const { oid, critical } of extensions?.values() ?? [])
    if (critical && oid !== OCSP.nonce) throw malformed(`critical extension ${oid}`)
}
