import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { type CertificationRequest, createCertificationRequest } from '@sallyport/pki'

export interface ServerKey {
  /** PKCS #8, DER. */
  readonly key: Uint8Array
  /** PKCS #10 with the new key and the names of the client's request. */
  readonly request: Uint8Array
}

/** DecryptKeyIdentifier and AsymmetricDecryptKeyIdentifier (RFC 7030 section 4.4.1). */
const DECRYPT_KEY = ['1.2.840.113549.1.9.16.2.37', '1.2.840.113549.1.9.16.2.54']
const LONGEST_RSA = 4096

const generate = promisify(generateKeyPair)

export function asksForEncryptedKey({ attributes }: Pick<CertificationRequest, 'attributes'>): boolean {
  return DECRYPT_KEY.some((type) => attributes.has(type))
}

/** A key of the kind of the request's own, made on a thread of the pool; P-256 for kinds that are none of ours. */
export async function makeServerKey({
  publicKey: wished,
  subject,
  rawExtensions,
}: CertificationRequest): Promise<ServerKey> {
  const { publicKey, privateKey } = await keyLike(wished)
  const extensions = [...rawExtensions.values()]
  const request = createCertificationRequest({ subject, publicKey, privateKey, extensions })
  return { key: new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' })), request }
}

async function keyLike(wished: KeyObject | undefined) {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details = {} } = wished ?? {}
  if (type === 'rsa') {
    const modulusLength = Math.min(LONGEST_RSA, Math.max(2048, details.modulusLength ?? 0))
    return await generate('rsa', { modulusLength })
  }
  const namedCurve = type === 'ec' && details.namedCurve === 'secp384r1' ? 'secp384r1' : 'prime256v1'
  return await generate('ec', { namedCurve })
}
