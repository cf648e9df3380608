import { createDecipheriv, type KeyObject, randomBytes } from 'node:crypto'
import { wipe } from '@sallyport/bytes'
import type { Certificate } from '../certificate/certificate.ts'
import { TAG } from '../der/tags.ts'
import { identifies } from './certificate-identifier.ts'
import { CIPHERS, type Cipher, cipherOf, cipherParameters } from './cms-algorithms.ts'
import { decryptKey, keyTransportOf } from './key-transport.ts'
import { type EnvelopedData, parseEnvelopedData } from './parse-enveloped-data.ts'

/** One whose private key may open an envelope. */
export interface CmsRecipient {
  readonly certificate: Certificate
  readonly privateKey: KeyObject
}

export type OpenedEnvelope =
  | {
      readonly ok: true
      readonly content: Uint8Array
      readonly contentType: string
      readonly cipher: Cipher
    }
  /**
   * `algorithm` and `recipient` can be seen from outside. Everything that depends on the private key is `undecryptable`:
   * whoever answers a stranger must not say more (Bleichenbacher, Marvin, Vaudenay).
   */
  | {
      readonly ok: false
      readonly fault: 'algorithm' | 'recipient' | 'undecryptable'
      readonly detail: string
    }

const AES: readonly Cipher[] = ['aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc']

/**
 * Opens an envelope. Throws `PkiError` `malformed` for what is no EnvelopedData, and nothing else. A decryption that fails
 * does the same work as one that succeeds: one RSA operation, one pass over the content.
 *
 * @param ciphers AES alone unless told otherwise
 */
export function openEnvelopedData(
  octets: Uint8Array,
  recipients: readonly CmsRecipient[],
  ciphers: readonly Cipher[] = AES,
): OpenedEnvelope {
  const envelope = parseEnvelopedData(octets)
  const cipher = cipherOf(envelope.cipher)
  const iv = envelope.cipher.parameters
  if (cipher === undefined || !ciphers.includes(cipher)) {
    return { ok: false, fault: 'algorithm', detail: `cipher ${cipher ?? envelope.cipher.oid} is not allowed` }
  }
  const { blockOctets } = CIPHERS[cipher]
  const { encryptedContent } = envelope
  const whole = encryptedContent.length > 0 && encryptedContent.length % blockOctets === 0
  if (iv?.tag !== TAG.octetString || iv.content.length !== blockOctets || !whole) return UNDECRYPTABLE

  const found = findRecipient(envelope, recipients)
  if (found === undefined) {
    return { ok: false, fault: 'recipient', detail: 'the envelope is for another certificate' }
  }
  const transport = keyTransportOf(found.info.algorithm)
  if (transport === undefined) {
    const detail = `key transport ${found.info.algorithm.oid} is not supported`
    return { ok: false, fault: 'algorithm', detail }
  }
  const key = contentKey(decryptKey(found.privateKey, found.info.encryptedKey, transport), cipher)
  const content = decryptContent(cipher, key, iv.content, encryptedContent)
  wipe(key)
  return content === undefined
    ? UNDECRYPTABLE
    : { ok: true, content, contentType: envelope.contentType, cipher }
}

const UNDECRYPTABLE = {
  ok: false,
  fault: 'undecryptable',
  detail: 'the envelope does not open with this key',
} as const

function findRecipient({ recipients: infos }: EnvelopedData, recipients: readonly CmsRecipient[]) {
  for (const { certificate, privateKey } of recipients) {
    const info = infos.find(({ identifier }) => identifies(identifier, certificate))
    if (info !== undefined) return { info, privateKey }
  }
  return undefined
}

/** RFC 3218 section 2.3.2: a key of the wrong length is replaced by a random one, and shows no sooner than a wrong one. */
function contentKey(decrypted: Uint8Array | undefined, cipher: Cipher): Uint8Array {
  const fallback = randomBytes(CIPHERS[cipher].keyOctets)
  return decrypted?.length === fallback.length ? decrypted : fallback
}

/** Decrypts without OpenSSL's view of the padding, whose exception would show in the time; undefined where it is wrong. */
function decryptContent(
  cipher: Cipher,
  key: Uint8Array,
  iv: Uint8Array,
  encrypted: Uint8Array,
): Uint8Array | undefined {
  const used = cipherParameters(cipher, key)
  const decryption = createDecipheriv(used.algorithm, used.key, iv)
  decryption.setAutoPadding(false)
  const padded = Buffer.concat([decryption.update(encrypted), decryption.final()])
  const { blockOctets } = CIPHERS[cipher]
  const count = padded[padded.length - 1] as number // at least one block was decrypted
  // RFC 5652 section 6.3, each octet of the last block looked at.
  let wrong = Number(count === 0) | Number(count > blockOctets)
  for (let i = 1; i <= blockOctets; i++) {
    const octet = padded[padded.length - i] as number
    wrong |= Number(i <= count) & Number(octet !== count)
  }
  return wrong === 0 ? padded.subarray(0, padded.length - count) : undefined
}
