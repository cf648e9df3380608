import { createHmac, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { timingSafeEqual } from '@sallyport/bytes'
import { type Certificate, parseCertificate } from '../certificate/certificate.ts'
import { DerReader, onlyElement } from '../der/der-reader.ts'
import { expectOid, readSmallInteger } from '../der/der-values.ts'
import { contextConstructed, contextPrimitive, TAG } from '../der/tags.ts'
import { malformed } from '../pki-error.ts'
import { PasswordDecryption, unsupported, wrongPassword } from './password-encryption.ts'
import { deriveKey, PURPOSE, passwordOctets } from './pkcs12-kdf.ts'
import { HASH_OID, hashOf, PKCS12 } from './pkcs12-oids.ts'

export interface Pkcs12Keys {
  readonly privateKey: KeyObject
  /** That of the key. */
  readonly certificate: Certificate
  /** The others, in the order of the file. */
  readonly chain: readonly Certificate[]
}

const LARGEST = 1024 * 1024
const MOST_BAGS = 64
const MAC_LENGTH = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 } as const

/**
 * Opens a PKCS #12 file (RFC 7292) with one key. What OpenSSL 3, Windows and this house write is read: PBES2 and the 3DES of
 * old; a file without MAC is refused.
 *
 * @throws PkiError 'wrong-password', 'unsupported-algorithm', 'malformed'
 */
export function readPkcs12(octets: Uint8Array, password: string): Pkcs12Keys {
  if (octets.length > LARGEST) throw malformed(`PKCS #12 file of ${octets.length} octets`)
  const decryption = new PasswordDecryption(password)
  const pfx = new DerReader(onlyElement(octets, TAG.sequence, 'PFX').content)
  if (readSmallInteger(pfx.expect(TAG.integer, 'version')) !== 3) throw malformed('PKCS #12 version is not 3')
  const safes = readData(pfx.enter(TAG.sequence, 'authSafe'))
  checkMac(pfx, safes, password, decryption)
  const found: Found = { keys: [], certificates: [], bags: 0 }
  const list = new DerReader(onlyElement(safes, TAG.sequence, 'AuthenticatedSafe').content)
  while (!list.done)
    readBags(readSafe(list.enter(TAG.sequence, 'ContentInfo'), decryption), decryption, found)
  return together(found)
}

interface Found {
  readonly keys: KeyObject[]
  readonly certificates: Certificate[]
  bags: number
}

/** ContentInfo of type data: its octets. */
function readData(reader: DerReader): Uint8Array {
  const type = expectOid(reader, 'content type')
  if (type !== PKCS12.data) throw unsupported('it is protected by a public key, not by a password')
  const content = reader.enter(contextConstructed(0), 'content')
  return content.expect(TAG.octetString, 'data').content
}

function checkMac(pfx: DerReader, safes: Uint8Array, password: string, decryption: PasswordDecryption): void {
  if (pfx.done) throw malformed('PKCS #12 file without MAC')
  const macData = pfx.enter(TAG.sequence, 'MacData')
  pfx.finish('PFX')
  const digest = macData.enter(TAG.sequence, 'DigestInfo')
  const id = expectOid(digest.enter(TAG.sequence, 'digest algorithm'), 'digest algorithm')
  const expected = digest.expect(TAG.octetString, 'MAC').content
  const salt = macData.expect(TAG.octetString, 'MAC salt').content
  const iterations = macData.done ? 1 : readSmallInteger(macData.expect(TAG.integer, 'iterations'))
  const hash = hashOf(HASH_OID, id)
  if (hash === undefined) throw unsupported(`its MAC is of an algorithm that is not known (${id})`)
  decryption.spend(iterations)
  const key = deriveKey(hash, passwordOctets(password), salt, PURPOSE.mac, iterations, MAC_LENGTH[hash])
  const actual = createHmac(hash, key).update(safes).digest()
  if (!timingSafeEqual(actual, expected)) throw wrongPassword()
}

/** The SafeContents of one ContentInfo, decrypted where it is encrypted. */
function readSafe(info: DerReader, decryption: PasswordDecryption): DerReader {
  const type = expectOid(info, 'content type')
  const content = info.enter(contextConstructed(0), 'content')
  if (type === PKCS12.data) return contents(content.expect(TAG.octetString, 'data').content)
  if (type !== PKCS12.encryptedData) throw unsupported('a part of it is protected by a public key')
  const encrypted = content.enter(TAG.sequence, 'EncryptedData')
  encrypted.expect(TAG.integer, 'version')
  const part = encrypted.enter(TAG.sequence, 'EncryptedContentInfo')
  expectOid(part, 'content type')
  const algorithm = part.expect(TAG.sequence, 'encryption algorithm')
  return contents(
    decryption.decrypt(algorithm, part.expect(contextPrimitive(0), 'encrypted content').content),
  )
}

function contents(octets: Uint8Array): DerReader {
  return new DerReader(onlyElement(octets, TAG.sequence, 'SafeContents').content)
}

function readBags(reader: DerReader, decryption: PasswordDecryption, found: Found): void {
  while (!reader.done) {
    found.bags += 1
    if (found.bags > MOST_BAGS) throw malformed(`more than ${MOST_BAGS} entries`)
    const bag = reader.enter(TAG.sequence, 'SafeBag')
    const type = expectOid(bag, 'bag type')
    const value = bag.expect(contextConstructed(0), 'bag value').content
    if (type === PKCS12.keyBag) found.keys.push(importKey(value))
    else if (type === PKCS12.shroudedKeyBag) found.keys.push(openKey(value, decryption))
    else if (type === PKCS12.certBag) found.certificates.push(readCertificate(value))
    // Lists and secrets of others are none of our business.
  }
}

function openKey(value: Uint8Array, decryption: PasswordDecryption): KeyObject {
  const reader = new DerReader(onlyElement(value, TAG.sequence, 'EncryptedPrivateKeyInfo').content)
  const algorithm = reader.expect(TAG.sequence, 'encryption algorithm')
  return importKey(decryption.decrypt(algorithm, reader.expect(TAG.octetString, 'encrypted key').content))
}

function importKey(pkcs8: Uint8Array): KeyObject {
  try {
    return createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
  } catch {
    throw malformed('the private key cannot be read')
  }
}

function readCertificate(value: Uint8Array): Certificate {
  const reader = new DerReader(onlyElement(value, TAG.sequence, 'CertBag').content)
  if (expectOid(reader, 'certificate type') !== PKCS12.x509Certificate)
    throw malformed('no X.509 certificate')
  const octets = reader.enter(contextConstructed(0), 'certificate').expect(TAG.octetString, 'certificate')
  return parseCertificate(octets.content)
}

/** Key and certificate are told to belong together by the key itself: names and ids are only labels. */
function together({ keys, certificates }: Found): Pkcs12Keys {
  const [privateKey] = keys
  if (privateKey === undefined) throw malformed('no private key is in it')
  if (keys.length > 1) throw malformed(`${keys.length} private keys are in it, and one is wanted`)
  const publicKey = createPublicKey(privateKey)
  const certificate = certificates.find((one) => one.publicKey?.equals(publicKey) === true)
  if (certificate === undefined) throw malformed('no certificate of its private key is in it')
  return { privateKey, certificate, chain: certificates.filter((one) => one !== certificate) }
}
