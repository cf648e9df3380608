import { createCipheriv, randomBytes } from 'node:crypto'
import { wipe } from '@sallyport/bytes'
import type { Certificate } from '../certificate/certificate.ts'
import { element, integer, octetString, oid, sequence, setOf } from '../der/der-writer.ts'
import { contextPrimitive } from '../der/tags.ts'
import { invalidRequest } from '../pki-error.ts'
import { encodeIssuerAndSerial } from './certificate-identifier.ts'
import { CIPHERS, type Cipher, cipherParameters } from './cms-algorithms.ts'
import { CONTENT_TYPE } from './cms-oids.ts'
import { encodeContentInfo } from './content-info.ts'
import { encryptKey, type KeyTransport } from './key-transport.ts'

export interface EnvelopeOptions {
  readonly cipher?: Cipher
  readonly transport?: KeyTransport
  readonly contentType?: string
}

/** An EnvelopedData (RFC 5652 section 6) in a ContentInfo, for one recipient with an RSA key. */
export function createEnvelopedData(
  content: Uint8Array,
  recipient: Certificate,
  { cipher = 'aes-128-cbc', transport = 'pkcs1', contentType = CONTENT_TYPE.data }: EnvelopeOptions = {},
): Uint8Array {
  const { publicKey } = recipient
  if (publicKey?.asymmetricKeyType !== 'rsa') throw invalidRequest('the recipient has no RSA key')
  const { oid: cipherOid, keyOctets, blockOctets } = CIPHERS[cipher]
  const key = randomBytes(keyOctets)
  const iv = randomBytes(blockOctets)
  const used = cipherParameters(cipher, key)
  const encryption = createCipheriv(used.algorithm, used.key, iv)
  const encrypted = Buffer.concat([encryption.update(content), encryption.final()])
  const { algorithm, encryptedKey } = encryptKey(publicKey, key, transport)
  wipe(key)
  const recipientInfo = sequence(
    integer(0),
    encodeIssuerAndSerial(recipient),
    algorithm,
    octetString(encryptedKey),
  )
  return encodeContentInfo(
    CONTENT_TYPE.envelopedData,
    sequence(
      integer(0),
      setOf(recipientInfo),
      sequence(
        oid(contentType),
        sequence(oid(cipherOid), octetString(iv)),
        element(contextPrimitive(0), encrypted),
      ),
    ),
  )
}
