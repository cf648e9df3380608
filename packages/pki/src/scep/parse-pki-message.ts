import { toUtf8 } from '@sallyport/bytes'
import type { Certificate } from '../certificate/certificate.ts'
import type { CmsAttributes } from '../cms/cms-attributes.ts'
import { CONTENT_TYPE } from '../cms/cms-oids.ts'
import {
  parseSignedData,
  type SignedData,
  type SignerInfo,
  signerCertificate,
} from '../cms/parse-signed-data.ts'
import type { Element } from '../der/der-reader.ts'
import { latin1 } from '../der/der-values.ts'
import { TAG } from '../der/tags.ts'
import { malformed } from '../pki-error.ts'
import { FAIL_INFO, type FailInfo, PKI_STATUS, type PkiStatus, SCEP_ATTRIBUTE } from './scep-constants.ts'

/** A pkiMessage (RFC 8894 section 3) as it came. Its signature is not looked at here: see `verifySignerInfo`. */
export interface PkiMessage {
  readonly signed: SignedData
  readonly signer: SignerInfo
  /** The certificate the signer means, where the message brought it. */
  readonly signerCertificate: Certificate | undefined
  /** Any number a client may write; absent where it wrote none. */
  readonly messageType: number | undefined
  readonly transactionId: TransactionId
  readonly senderNonce: Uint8Array | undefined
  readonly recipientNonce: Uint8Array | undefined
  readonly pkiStatus: PkiStatus | undefined
  readonly failInfo: FailInfo | undefined
  readonly failInfoText: string | undefined
  /** An EnvelopedData in a ContentInfo; absent where the message has no content. */
  readonly envelope: Uint8Array | undefined
}

export interface TransactionId {
  readonly text: string
  /** The element as it came, so that an answer repeats it to the octet. */
  readonly encoded: Uint8Array
}

const LONGEST_TRANSACTION_ID = 255
const LONGEST_NONCE = 64
const STRINGS: readonly number[] = [TAG.printableString, TAG.utf8String, TAG.ia5String]

/** Parses BER or DER. Throws `PkiError` `malformed`, and nothing else. */
export function parsePkiMessage(octets: Uint8Array): PkiMessage {
  const signed = parseSignedData(octets)
  const [signer, ...others] = signed.signers
  if (signer === undefined || others.length > 0) {
    throw malformed(`pkiMessage with ${signed.signers.length} signers`)
  }
  if (signed.contentType !== CONTENT_TYPE.data) throw malformed('the content of a pkiMessage is not data')
  const attributes = signer.signedAttributes
  if (attributes === undefined) throw malformed('pkiMessage without signed attributes')
  const { content } = signed
  return {
    signed,
    signer,
    signerCertificate: signerCertificate(signed, signer),
    messageType: readNumber(attributes, SCEP_ATTRIBUTE.messageType),
    transactionId: readTransactionId(attributes),
    senderNonce: readNonce(attributes, SCEP_ATTRIBUTE.senderNonce),
    recipientNonce: readNonce(attributes, SCEP_ATTRIBUTE.recipientNonce),
    pkiStatus: nameOf(PKI_STATUS, readNumber(attributes, SCEP_ATTRIBUTE.pkiStatus)),
    failInfo: nameOf(FAIL_INFO, readNumber(attributes, SCEP_ATTRIBUTE.failInfo)),
    failInfoText: readText(attributes.single(SCEP_ATTRIBUTE.failInfoText)),
    envelope: content === undefined || content.length === 0 ? undefined : content,
  }
}

/** Section 3.2.1.1. It names a transaction to people and databases as well, so control characters are refused. */
function readTransactionId(attributes: CmsAttributes): TransactionId {
  const element = attributes.single(SCEP_ATTRIBUTE.transactionId)
  const text = readText(element)
  if (element === undefined || text === undefined || text === '') throw malformed('no transactionID')
  if (text.length > LONGEST_TRANSACTION_ID) throw malformed(`transactionID of ${text.length} characters`)
  if (!/^[ -~]+$/.test(text)) throw malformed('transactionID is not printable')
  return { text, encoded: element.encoded }
}

function readNonce(attributes: CmsAttributes, id: string): Uint8Array | undefined {
  const element = attributes.single(id)
  if (element === undefined) return undefined
  const { tag, content } = element
  if (tag !== TAG.octetString || content.length === 0 || content.length > LONGEST_NONCE) {
    throw malformed('a nonce is no short octet string')
  }
  return content
}

/** Numbers travel as decimal text. What is no such text is no number, and no supported type either. */
function readNumber(attributes: CmsAttributes, id: string): number | undefined {
  const text = readText(attributes.single(id))
  return text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : undefined
}

function readText(element: Element | undefined): string | undefined {
  if (element === undefined || !STRINGS.includes(element.tag)) return undefined
  return element.tag === TAG.utf8String ? toUtf8(element.content) : latin1(element.content)
}

function nameOf<Name extends string>(
  table: Readonly<Record<Name, number>>,
  value: number | undefined,
): Name | undefined {
  return (Object.keys(table) as Name[]).find((name) => table[name] === value)
}
