import { DerReader } from '../der/der-reader.ts'
import { expectOid, readSmallInteger } from '../der/der-values.ts'
import { contextConstructed, contextPrimitive, TAG } from '../der/tags.ts'
import { malformed } from '../pki-error.ts'
import { joinedOctets } from './ber-to-der.ts'
import { type CertificateIdentifier, readCertificateIdentifier } from './certificate-identifier.ts'
import { type Algorithm, readAlgorithm } from './cms-algorithms.ts'
import { CONTENT_TYPE } from './cms-oids.ts'
import { openContentInfo } from './content-info.ts'

/** A parsed EnvelopedData (RFC 5652 section 6). */
export interface EnvelopedData {
  /** Those whose content key travels under an RSA key; others are left out. */
  readonly recipients: readonly KeyTransportRecipient[]
  readonly contentType: string
  readonly cipher: Algorithm
  readonly encryptedContent: Uint8Array
}

export interface KeyTransportRecipient {
  readonly identifier: CertificateIdentifier
  readonly algorithm: Algorithm
  readonly encryptedKey: Uint8Array
}

const MOST_RECIPIENTS = 32

/** Parses BER or DER. Throws `PkiError` `malformed`, and nothing else. */
export function parseEnvelopedData(octets: Uint8Array): EnvelopedData {
  const reader = openContentInfo(octets, CONTENT_TYPE.envelopedData, 'EnvelopedData')
  readSmallInteger(reader.expect(TAG.integer, 'version of EnvelopedData'))
  reader.optional(contextConstructed(0)) // originatorInfo
  const recipients = readRecipients(reader.enter(TAG.set, 'recipients'))
  const content = reader.enter(TAG.sequence, 'encrypted content')
  reader.optional(contextConstructed(1)) // unprotectedAttrs
  reader.finish('EnvelopedData')

  const contentType = expectOid(content, 'content type')
  const cipher = readAlgorithm(content.expect(TAG.sequence, 'content encryption'), 'content encryption')
  const encryptedContent = readEncryptedContent(content)
  content.finish('encrypted content')
  return { recipients, contentType, cipher, encryptedContent }
}

/** An implicitly tagged octet string, whole or in pieces: its pieces do not show which type they belong to. */
function readEncryptedContent(reader: DerReader): Uint8Array {
  const whole = reader.optional(contextPrimitive(0))
  if (whole !== undefined) return whole.content
  const pieces = reader.optional(contextConstructed(0))
  if (pieces === undefined) throw malformed('an envelope without content')
  const inner = new DerReader(pieces.content)
  const found: Uint8Array[] = []
  while (!inner.done) found.push(inner.any().encoded)
  return joinedOctets(found)
}

function readRecipients(reader: DerReader): KeyTransportRecipient[] {
  const recipients: KeyTransportRecipient[] = []
  for (let count = 0; !reader.done; count++) {
    if (count === MOST_RECIPIENTS) throw malformed(`more than ${MOST_RECIPIENTS} recipients`)
    const recipient = reader.any()
    if (recipient.tag === TAG.sequence) recipients.push(readRecipient(new DerReader(recipient.content)))
  }
  return recipients
}

function readRecipient(reader: DerReader): KeyTransportRecipient {
  readSmallInteger(reader.expect(TAG.integer, 'version of recipient'))
  const identifier = readCertificateIdentifier(reader, 'recipient identifier')
  const algorithm = readAlgorithm(reader.expect(TAG.sequence, 'key encryption'), 'key encryption')
  const encryptedKey = reader.expect(TAG.octetString, 'encrypted key').content
  reader.finish('recipient')
  return { identifier, algorithm, encryptedKey }
}
