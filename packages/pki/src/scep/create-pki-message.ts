import type { Certificate } from '../certificate/certificate.ts'
import { type CmsAttribute, cmsAttribute } from '../cms/cms-attributes.ts'
import { type CmsSigner, createSignedData } from '../cms/create-signed-data.ts'
import { octetString, printableString, utf8String } from '../der/der-writer.ts'
import type { TransactionId } from './parse-pki-message.ts'
import { FAIL_INFO, type FailInfo, PKI_STATUS, type PkiStatus, SCEP_ATTRIBUTE } from './scep-constants.ts'

export interface PkiMessageRequest {
  /** One of `MESSAGE_TYPE`. */
  readonly messageType: number
  /** An answer repeats that of the request. */
  readonly transactionId: TransactionId | string
  readonly senderNonce: Uint8Array
  readonly recipientNonce?: Uint8Array
  readonly pkiStatus?: PkiStatus
  readonly failInfo?: FailInfo
  readonly failInfoText?: string
  /** EnvelopedData; absent: none, as in failures. */
  readonly envelope?: Uint8Array
  readonly signer: Pick<CmsSigner, 'certificate' | 'privateKey' | 'digest'>
  /** Beside the signer's. */
  readonly certificates?: readonly Certificate[]
}

/** A signed pkiMessage (RFC 8894 section 3), of either side. */
export function createPkiMessage(message: PkiMessageRequest): Uint8Array {
  const { signer, certificates = [] } = message
  return createSignedData({
    // Section 3 leaves content out where there is none. Written as an empty string it has the same digest, and certmonger,
    // which takes a message without content for a detached signature and refuses it, reads why it was refused.
    content: message.envelope ?? new Uint8Array(),
    certificates: [signer.certificate, ...certificates],
    signers: [{ ...signer, signedAttributes: attributes(message) }],
  })
}

function attributes(message: PkiMessageRequest): CmsAttribute[] {
  const { transactionId, recipientNonce, pkiStatus, failInfo, failInfoText } = message
  const number = (id: string, value: number) => cmsAttribute(id, printableString(String(value)))
  return [
    number(SCEP_ATTRIBUTE.messageType, message.messageType),
    cmsAttribute(
      SCEP_ATTRIBUTE.transactionId,
      typeof transactionId === 'string' ? printableString(transactionId) : transactionId.encoded,
    ),
    cmsAttribute(SCEP_ATTRIBUTE.senderNonce, octetString(message.senderNonce)),
    ...(recipientNonce === undefined
      ? []
      : [cmsAttribute(SCEP_ATTRIBUTE.recipientNonce, octetString(recipientNonce))]),
    ...(pkiStatus === undefined ? [] : [number(SCEP_ATTRIBUTE.pkiStatus, PKI_STATUS[pkiStatus])]),
    ...(failInfo === undefined ? [] : [number(SCEP_ATTRIBUTE.failInfo, FAIL_INFO[failInfo])]),
    ...(failInfoText === undefined
      ? []
      : [cmsAttribute(SCEP_ATTRIBUTE.failInfoText, utf8String(failInfoText))]),
  ]
}
