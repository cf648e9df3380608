import { createHmac, type KeyObject, randomBytes } from 'node:crypto'
import type { Certificate } from '../certificate/certificate.ts'
import {
  element,
  explicit,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  setOf,
} from '../der/der-writer.ts'
import { contextPrimitive, TAG } from '../der/tags.ts'
import { invalidRequest } from '../pki-error.ts'
import { type Encrypted, encryptLegacy, encryptModern } from './password-encryption.ts'
import { deriveKey, type Pkcs12Hash, PURPOSE, passwordOctets } from './pkcs12-kdf.ts'
import { HASH_OID, PKCS12 } from './pkcs12-oids.ts'

/**
 * `modern`: AES-256-CBC, PBKDF2-HMAC-SHA-256 and a SHA-256 MAC, read by Windows 10 1709, macOS 15, iOS 18, Android and
 * OpenSSL 1.1 and newer. `legacy`: 3DES and SHA-1, for what is older. It protects the key badly: only a strong password helps.
 */
export type Pkcs12Form = 'modern' | 'legacy'

export interface Pkcs12Contents {
  readonly privateKey: KeyObject
  readonly certificate: Certificate
  /** Those above it, in any order. */
  readonly chain: readonly Certificate[]
  /** What a key store calls it. */
  readonly friendlyName?: string
}

interface Recipe {
  readonly encrypt: typeof encryptModern
  readonly hash: Pkcs12Hash
  readonly iterations: number
}

const RECIPES: Readonly<Record<Pkcs12Form, Recipe>> = {
  modern: { encrypt: encryptModern, hash: 'sha256', iterations: 50_000 },
  legacy: { encrypt: encryptLegacy, hash: 'sha1', iterations: 2048 },
}

/** A key with its certificate and those above it under a password (RFC 7292). Takes a tenth of a second. */
export function createPkcs12(
  contents: Pkcs12Contents,
  password: string,
  form: Pkcs12Form = 'modern',
  random: (size: number) => Uint8Array = randomBytes,
): Uint8Array {
  if (password === '') throw invalidRequest('the password is empty')
  const { encrypt, hash, iterations } = RECIPES[form]
  const { privateKey, certificate, chain, friendlyName } = contents
  const attributes = bagAttributes(certificate, friendlyName)
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' })
  const key = encrypt(pkcs8, password, iterations, random)
  const keyBag = bag(PKCS12.shroudedKeyBag, sequence(key.algorithm, octetString(key.octets)), attributes)
  const certificates = [
    bag(PKCS12.certBag, certBag(certificate), attributes),
    ...chain.map((above) => bag(PKCS12.certBag, certBag(above))),
  ]
  const safes = sequence(
    encryptedSafe(encrypt(sequence(...certificates), password, iterations, random)),
    sequence(oid(PKCS12.data), explicit(0, octetString(sequence(keyBag)))),
  )
  const salt = random(form === 'modern' ? 16 : 8)
  const length = hash === 'sha1' ? 20 : 32
  const macKey = deriveKey(hash, passwordOctets(password), salt, PURPOSE.mac, iterations, length)
  const mac = createHmac(hash, macKey).update(safes).digest()
  const digest = sequence(sequence(oid(HASH_OID[hash]), nullValue()), octetString(mac))
  return sequence(
    integer(3),
    sequence(oid(PKCS12.data), explicit(0, octetString(safes))),
    sequence(digest, octetString(salt), integer(iterations)),
  )
}

function encryptedSafe({ algorithm, octets }: Encrypted): Uint8Array {
  const content = sequence(oid(PKCS12.data), algorithm, element(contextPrimitive(0), octets))
  return sequence(oid(PKCS12.encryptedData), explicit(0, sequence(integer(0), content)))
}

function certBag(certificate: Certificate): Uint8Array {
  return sequence(oid(PKCS12.x509Certificate), explicit(0, octetString(certificate.der)))
}

function bag(type: string, value: Uint8Array, attributes?: Uint8Array): Uint8Array {
  return sequence(oid(type), explicit(0, value), ...(attributes === undefined ? [] : [attributes]))
}

/** The same on key and certificate, which is how readers know that they belong together. */
function bagAttributes(certificate: Certificate, friendlyName: string | undefined): Uint8Array {
  const id = octetString(Buffer.from(certificate.fingerprint, 'hex').subarray(0, 20))
  const attributes = [sequence(oid(PKCS12.localKeyId), setOf(id))]
  if (friendlyName !== undefined) {
    const name = Buffer.from(friendlyName, 'utf16le').swap16()
    attributes.push(sequence(oid(PKCS12.friendlyName), setOf(element(TAG.bmpString, name))))
  }
  return setOf(...attributes)
}
