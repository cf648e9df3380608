import { createPublicKey, type KeyObject } from 'node:crypto'
import { Reader } from '@sallyport/bytes'

/** TPM 2.0 Library, part 2. Readers throw Truncated, or TpmError, and nothing else. */
export class TpmError extends Error {}

const ALGORITHM = {
  rsa: 0x0001,
  null: 0x0010,
  rsaSsa: 0x0014,
  rsaPss: 0x0016,
  ecdsa: 0x0018,
  ecc: 0x0023,
} as const
export const TPM_HASHES: Readonly<Record<number, string>> = { 11: 'sha256', 12: 'sha384', 13: 'sha512' }
const CURVES: Readonly<Record<number, readonly [crv: string, length: number]>> = {
  3: ['P-256', 32],
  4: ['P-384', 48],
  5: ['P-521', 66],
}
const GENERATED = 0xff544347
const ATTEST_CERTIFY = 0x8017
/** TPMA_OBJECT, part 2 section 8.3: the key was made in this TPM and never leaves it. */
const BOUND_TO_TPM = (1 << 1) | (1 << 4) | (1 << 5)

export interface TpmPublic {
  readonly key: KeyObject
  /** Of the hash that makes the object's name. */
  readonly nameAlgorithm: number
  readonly isBoundToTpm: boolean
}

/** TPMT_PUBLIC, section 12.2.4. */
export function readPublic(octets: Uint8Array): TpmPublic {
  const reader = new Reader(octets)
  const type = reader.u16()
  const nameAlgorithm = reader.u16()
  const attributes = reader.u32()
  sized(reader)
  const jwk = type === ALGORITHM.rsa ? readRsa(reader) : type === ALGORITHM.ecc ? readEcc(reader) : undefined
  if (jwk === undefined) throw new TpmError('the key is neither RSA nor elliptic')
  finish(reader)
  let key: KeyObject
  try {
    key = createPublicKey({ key: jwk, format: 'jwk' })
  } catch {
    throw new TpmError('the key is none')
  }
  return { key, nameAlgorithm, isBoundToTpm: (attributes & BOUND_TO_TPM) === BOUND_TO_TPM }
}

function readRsa(reader: Reader): { kty: string; n: string; e: string } {
  skipSymmetric(reader)
  skipScheme(reader)
  reader.u16()
  const exponent = reader.u32() || 65537
  const e = Buffer.from(
    exponent
      .toString(16)
      .padStart(8, '0')
      .replace(/^(00)+/, ''),
    'hex',
  )
  return { kty: 'RSA', n: Buffer.from(sized(reader)).toString('base64url'), e: e.toString('base64url') }
}

function readEcc(reader: Reader): { kty: string; crv: string; x: string; y: string } {
  skipSymmetric(reader)
  skipScheme(reader)
  const curve = CURVES[reader.u16()]
  if (curve === undefined) throw new TpmError('the curve is unknown')
  if (reader.u16() !== ALGORITHM.null) reader.u16()
  const [crv, length] = curve
  const coordinate = (): string => {
    const octets = Buffer.from(sized(reader))
    if (octets.length > length) throw new TpmError('a coordinate is too long')
    return Buffer.concat([Buffer.alloc(length - octets.length), octets]).toString('base64url')
  }
  return { kty: 'EC', crv, x: coordinate(), y: coordinate() }
}

/** TPMT_SYM_DEF_OBJECT, section 11.1.7. */
function skipSymmetric(reader: Reader): void {
  if (reader.u16() !== ALGORITHM.null) reader.bytes(4)
}

/** TPMT_ASYM_SCHEME, section 11.2.3.5, of the schemes that have a hash and nothing else. */
function skipScheme(reader: Reader): void {
  const scheme = reader.u16()
  if (scheme === ALGORITHM.null) return
  if (scheme !== ALGORITHM.rsaSsa && scheme !== ALGORITHM.rsaPss && scheme !== ALGORITHM.ecdsa) {
    throw new TpmError('the scheme of the key is unknown')
  }
  reader.u16()
}

export interface TpmCertification {
  /** What the caller had put in. */
  readonly extraData: Uint8Array
  /** TPM2B_NAME: algorithm and hash of the certified object's public area. */
  readonly name: Uint8Array
}

/** TPMS_ATTEST of TPM2_Certify, section 10.12.12. */
export function readCertification(octets: Uint8Array): TpmCertification {
  const reader = new Reader(octets)
  if (reader.u32() !== GENERATED) throw new TpmError('certInfo was not made by a TPM')
  if (reader.u16() !== ATTEST_CERTIFY) throw new TpmError('certInfo certifies no key')
  sized(reader)
  const extraData = sized(reader)
  // Clock (17 octets) and firmware version (8).
  reader.bytes(25)
  const name = sized(reader)
  sized(reader)
  finish(reader)
  return { extraData, name }
}

export interface TpmSignature {
  readonly scheme: 'rsa-pkcs1' | 'rsa-pss' | 'ecdsa'
  readonly hash: string
  /** Of ECDSA: r and s, each as long as it was written. */
  readonly parts: readonly Uint8Array[]
}

/** TPMT_SIGNATURE, section 11.3.4. SHA-1 is refused. */
export function readSignature(octets: Uint8Array): TpmSignature {
  const reader = new Reader(octets)
  const algorithm = reader.u16()
  const hash = TPM_HASHES[reader.u16()]
  if (hash === undefined) throw new TpmError('the hash of the signature is unknown or too weak')
  if (algorithm === ALGORITHM.ecdsa) {
    const parts = [sized(reader), sized(reader)]
    finish(reader)
    return { scheme: 'ecdsa', hash, parts }
  }
  if (algorithm !== ALGORITHM.rsaSsa && algorithm !== ALGORITHM.rsaPss)
    throw new TpmError('the signature is unknown')
  const parts = [sized(reader)]
  finish(reader)
  return { scheme: algorithm === ALGORITHM.rsaSsa ? 'rsa-pkcs1' : 'rsa-pss', hash, parts }
}

function sized(reader: Reader): Uint8Array {
  return reader.bytes(reader.u16())
}

function finish(reader: Reader): void {
  if (reader.left > 0) throw new TpmError('octets too many')
}
