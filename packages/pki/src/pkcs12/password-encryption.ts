import { createCipheriv, createDecipheriv, pbkdf2Sync } from 'node:crypto'
import { concat, fromUtf8 } from '@sallyport/bytes'
import { DerReader, type Element } from '../der/der-reader.ts'
import { expectOid, readSmallInteger } from '../der/der-values.ts'
import { integer, nullValue, octetString, oid, sequence } from '../der/der-writer.ts'
import { TAG } from '../der/tags.ts'
import { malformed, PkiError } from '../pki-error.ts'
import { deriveKey, type Pkcs12Hash, PURPOSE, passwordOctets } from './pkcs12-kdf.ts'
import { AES_256_CBC, type BlockCipher, CIPHERS, HMAC_OID, hashOf, PKCS12 } from './pkcs12-oids.ts'

/** What may be spent on one file: a stranger's file must not keep a thread busy for long. */
const MOST_ITERATIONS = 2_000_000

export interface Encrypted {
  /** AlgorithmIdentifier in DER. */
  readonly algorithm: Uint8Array
  readonly octets: Uint8Array
}

/** PBES2 with PBKDF2-HMAC-SHA-256 and AES-256-CBC (RFC 8018 section 6.2). */
export function encryptModern(
  plain: Uint8Array,
  password: string,
  iterations: number,
  random: (size: number) => Uint8Array,
): Encrypted {
  const [salt, iv] = [random(16), random(16)]
  const key = pbkdf2Sync(fromUtf8(password), salt, iterations, 32, 'sha256')
  const prf = sequence(oid(HMAC_OID.sha256), nullValue())
  const kdf = sequence(oid(PKCS12.pbkdf2), sequence(octetString(salt), integer(iterations), prf))
  const scheme = sequence(oid(AES_256_CBC), octetString(iv))
  const cipher = createCipheriv('aes-256-cbc', key, iv)
  return {
    algorithm: sequence(oid(PKCS12.pbes2), sequence(kdf, scheme)),
    octets: concat(cipher.update(plain), cipher.final()),
  }
}

/** pbeWithSHAAnd3-KeyTripleDES-CBC (RFC 7292 appendix C): all that Windows 7 and older Apple systems read. */
export function encryptLegacy(
  plain: Uint8Array,
  password: string,
  iterations: number,
  random: (size: number) => Uint8Array,
): Encrypted {
  const salt = random(8)
  const secret = passwordOctets(password)
  const key = deriveKey('sha1', secret, salt, PURPOSE.key, iterations, 24)
  const iv = deriveKey('sha1', secret, salt, PURPOSE.iv, iterations, 8)
  const cipher = createCipheriv('des-ede3-cbc', key, iv)
  return {
    algorithm: sequence(oid(PKCS12.pbeSha1TripleDes), sequence(octetString(salt), integer(iterations))),
    octets: concat(cipher.update(plain), cipher.final()),
  }
}

/** Opens what was encrypted with one password, within a bounded number of iterations in all. */
export class PasswordDecryption {
  readonly #password: string
  #left = MOST_ITERATIONS

  constructor(password: string) {
    this.#password = password
  }

  /** @param algorithm content of an AlgorithmIdentifier. @throws PkiError 'wrong-password', 'unsupported-algorithm' */
  decrypt(algorithm: Element, octets: Uint8Array): Uint8Array {
    const reader = new DerReader(algorithm.content)
    const id = expectOid(reader, 'encryption algorithm')
    if (id === PKCS12.pbes2) return this.#pbes2(reader.enter(TAG.sequence, 'PBES2'), octets)
    if (id === PKCS12.pbeSha1TripleDes) return this.#tripleDes(reader.enter(TAG.sequence, 'PBE'), octets)
    if (id === PKCS12.pbeSha1Rc2) {
      throw unsupported('it is encrypted with RC2, which is broken: export it again with AES or 3DES')
    }
    throw unsupported(`it is encrypted by an algorithm that is not known (${id})`)
  }

  /** @throws PkiError 'malformed' where the number is not allowed */
  spend(iterations: number): number {
    this.#left -= iterations
    if (iterations < 1 || this.#left < 0) throw malformed(`${iterations} iterations`)
    return iterations
  }

  #pbes2(reader: DerReader, octets: Uint8Array): Uint8Array {
    const kdf = reader.enter(TAG.sequence, 'key derivation')
    const scheme = reader.enter(TAG.sequence, 'encryption scheme')
    const cipherId = expectOid(scheme, 'cipher')
    const cipher = CIPHERS[cipherId]
    if (cipher === undefined) throw unsupported(`its cipher is not known (${cipherId})`)
    const iv = scheme.expect(TAG.octetString, 'initialization vector').content
    if (expectOid(kdf, 'key derivation') !== PKCS12.pbkdf2)
      throw unsupported('its key derivation is not PBKDF2')
    const parameters = kdf.enter(TAG.sequence, 'PBKDF2')
    const salt = parameters.expect(TAG.octetString, 'salt').content
    const iterations = this.spend(readSmallInteger(parameters.expect(TAG.integer, 'iterations')))
    const length = parameters.optional(TAG.integer)
    if (length !== undefined && readSmallInteger(length) !== cipher.keyLength) throw malformed('key length')
    const hash = readPrf(parameters)
    const key = pbkdf2Sync(fromUtf8(this.#password), salt, iterations, cipher.keyLength, hash)
    return decipher(cipher, key, iv, octets)
  }

  #tripleDes(reader: DerReader, octets: Uint8Array): Uint8Array {
    const salt = reader.expect(TAG.octetString, 'salt').content
    const iterations = this.spend(readSmallInteger(reader.expect(TAG.integer, 'iterations')) * 3) / 3
    const secret = passwordOctets(this.#password)
    const key = deriveKey('sha1', secret, salt, PURPOSE.key, iterations, 24)
    const iv = deriveKey('sha1', secret, salt, PURPOSE.iv, iterations, 8)
    return decipher({ name: 'des-ede3-cbc', keyLength: 24, ivLength: 8 }, key, iv, octets)
  }
}

function readPrf(parameters: DerReader): Pkcs12Hash {
  if (parameters.done) return 'sha1'
  const id = expectOid(parameters.enter(TAG.sequence, 'pseudo-random function'), 'pseudo-random function')
  const hash = hashOf(HMAC_OID, id)
  if (hash === undefined) throw unsupported(`its pseudo-random function is not known (${id})`)
  return hash
}

function decipher(cipher: BlockCipher, key: Uint8Array, iv: Uint8Array, octets: Uint8Array): Uint8Array {
  if (iv.length !== cipher.ivLength) throw malformed('initialization vector of the wrong length')
  try {
    const decipher = createDecipheriv(cipher.name, key, iv)
    return concat(decipher.update(octets), decipher.final())
  } catch {
    // The padding is wrong: whoever knows the password never sees this.
    throw wrongPassword()
  }
}

export function wrongPassword(): PkiError {
  return new PkiError('wrong-password', 'the password does not open it')
}

export function unsupported(message: string): PkiError {
  return new PkiError('unsupported-algorithm', message)
}
