import {
  type Certificate,
  type CertificationRequest,
  type Cipher,
  type CmsRecipient,
  type Digest,
  identifies,
  keyWeakness,
  MESSAGE_TYPE,
  openEnvelopedData,
  PkiError,
  type PkiMessage,
  parseCertificationRequest,
  parseEnvelopedData,
  verifySignerInfo,
} from '@sallyport/pki'
import type { ScepConfiguration } from '../../config/sections/enrolment/scep.ts'
import { type Reason, reason } from '../../reasons/index.ts'

/** A message whose sender holds the key it was signed with. */
export interface CheckedMessage {
  readonly message: PkiMessage
  /** The certificate the answer is enveloped for: self-signed, or one of anybody's. Nothing else is known of it. */
  readonly sender: Certificate
  readonly digest: Digest
  /** What the envelope held. */
  readonly content: Uint8Array
  readonly cipher: Cipher
}

export type MessageCheck =
  | { readonly ok: true; readonly checked: CheckedMessage }
  | { readonly ok: false; readonly reason: Reason }

type Rules = Pick<ScepConfiguration, 'allow3des' | 'allowDes' | 'allowSha1'>

const SUPPORTED: readonly (number | undefined)[] = [
  MESSAGE_TYPE.renewalReq,
  MESSAGE_TYPE.pkcsReq,
  MESSAGE_TYPE.certPoll,
  MESSAGE_TYPE.getCert,
  MESSAGE_TYPE.getCrl,
]
const AES: readonly Cipher[] = ['aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc']
const MINIMUM_RSA_BITS = 2048

/**
 * One and the same for an envelope that is not for us, does not open, or holds nothing its sender signed: whoever learns
 * which learns to decrypt what others sent (Bleichenbacher, Vaudenay).
 */
export const UNREADABLE: Reason = reason('scep-content-unreadable', {})

/** Type - signature - key - envelope. The type comes first: what is not supported must not get any further. */
export function checkMessage(
  message: PkiMessage,
  recipients: readonly CmsRecipient[],
  { allow3des, allowDes, allowSha1 }: Rules,
): MessageCheck {
  const { messageType, signerCertificate: sender, envelope } = message
  if (!SUPPORTED.includes(messageType)) {
    return no(reason('scep-message-type', { type: messageType === undefined ? 'none' : String(messageType) }))
  }
  if (sender === undefined) {
    return no(reason('scep-signature-invalid', { detail: 'the certificate of the signer is missing' }))
  }
  const verdict = verifySignerInfo(message.signed, message.signer, sender.publicKey, { allowSha1 })
  if (!verdict.ok) {
    const { fault, detail } = verdict
    return no(
      fault === 'algorithm'
        ? reason('scep-algorithm', { detail })
        : reason('scep-signature-invalid', { detail }),
    )
  }
  if (message.senderNonce === undefined) {
    return no(reason('scep-message-malformed', { detail: 'it has no senderNonce' }))
  }
  const weakness =
    keyWeakness(sender.publicKey, { minimumRsaBits: MINIMUM_RSA_BITS }) ??
    (sender.publicKey?.asymmetricKeyType === 'rsa' ? undefined : 'answers cannot be enveloped for it')
  if (weakness !== undefined) {
    return no(reason('scep-algorithm', { detail: `the key of the signer: ${weakness}` }))
  }
  const ciphers: readonly Cipher[] = [
    ...AES,
    ...(allow3des ? (['des-ede3-cbc'] as const) : []),
    ...(allowDes ? (['des-cbc'] as const) : []),
  ]
  const opened = open(envelope, recipients, ciphers)
  if (!opened.ok) {
    // That the algorithm is not allowed is plain to see, and says nothing of the key.
    return no(opened.fault === 'algorithm' ? reason('scep-algorithm', { detail: opened.detail }) : UNREADABLE)
  }
  const { content, cipher } = opened
  return { ok: true, checked: { message, sender, digest: verdict.digest, content, cipher } }
}

function open(
  envelope: Uint8Array | undefined,
  recipients: readonly CmsRecipient[],
  ciphers: readonly Cipher[],
) {
  const nothing = { ok: false, fault: 'recipient', detail: '' } as const
  try {
    return envelope === undefined ? nothing : openEnvelopedData(envelope, recipients, ciphers)
  } catch (error) {
    if (error instanceof PkiError) return nothing
    throw error
  }
}

/** A request that whoever has its key made; undefined: UNREADABLE. */
export function readRequest(content: Uint8Array): CertificationRequest | undefined {
  try {
    const request = parseCertificationRequest(content)
    return request.proofOfPossession ? request : undefined
  } catch (error) {
    if (error instanceof PkiError) return undefined
    throw error
  }
}

/** The registration authority the client knows: the one its envelope is for, else the newest. */
export function addressed<Recipient extends CmsRecipient>(
  { envelope }: PkiMessage,
  recipients: readonly [Recipient, ...Recipient[]],
): Recipient {
  const [newest] = recipients
  try {
    const infos = envelope === undefined ? [] : parseEnvelopedData(envelope).recipients
    const isNamed = ({ certificate }: Recipient) =>
      infos.some(({ identifier }) => identifies(identifier, certificate))
    return recipients.find(isNamed) ?? newest
  } catch (error) {
    if (error instanceof PkiError) return newest
    throw error
  }
}

function no(why: Reason): MessageCheck {
  return { ok: false, reason: why }
}
