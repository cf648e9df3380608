import { constants, createHash, type KeyObject, verify } from 'node:crypto'
import { Truncated } from '@sallyport/bytes'
import type { Certificate } from '@sallyport/pki'
import { nameOfGeneralName } from '../identifiers.ts'
import { attestationCertificate } from './attestation-chain.ts'
import type { CborMap } from './cbor.ts'
import type { AttestationQuestion } from './check-attestation.ts'
import {
  readCertification,
  readPublic,
  readSignature,
  TPM_HASHES,
  TpmError,
  type TpmSignature,
} from './tpm-structures.ts'

/** tcg-kp-AIKCertificate (TCG EK Credential Profile): the key signs only what the TPM itself says. */
const ATTESTATION_KEY = '2.23.133.8.3'

/**
 * WebAuthn section 8.3, with the key authorization in the place of the client data: a TPM says, by a key somebody vouches
 * for, that it holds the new key and that nobody can take it out.
 */
export function checkTpm(statement: CborMap, question: AttestationQuestion): KeyObject | string {
  const certificate = attestationCertificate(statement, question.roots, question.now)
  if (typeof certificate === 'string') return certificate
  if (!(certificate.extensions.extendedKeyUsage ?? []).includes(ATTESTATION_KEY)) {
    return 'its certificate is not one for an attestation key'
  }
  if (statement.get('ver') !== '2.0') return 'it is not of a TPM 2.0'
  const [info, area, signature] = ['certInfo', 'pubArea', 'sig'].map((name) => statement.get(name))
  if (!(info instanceof Uint8Array && area instanceof Uint8Array && signature instanceof Uint8Array)) {
    return 'certInfo, pubArea and sig are not all there'
  }
  try {
    return checkStatement(certificate, { info, area, signature }, question)
  } catch (error) {
    if (error instanceof TpmError) return error.message
    if (error instanceof Truncated) return 'a structure is cut short'
    throw error
  }
}

interface Parts {
  readonly info: Uint8Array
  readonly area: Uint8Array
  readonly signature: Uint8Array
}

function checkStatement(
  certificate: Certificate,
  { info, area, signature: signatureOctets }: Parts,
  { keyAuthorization, device }: AttestationQuestion,
): KeyObject | string {
  const signature = readSignature(signatureOctets)
  if (certificate.publicKey === undefined || !isSignedBy(certificate.publicKey, info, signature)) {
    return 'it is not signed by the attestation key'
  }
  const { extraData, name } = readCertification(info)
  const wanted = createHash(signature.hash).update(keyAuthorization).digest()
  if (!wanted.equals(extraData)) return 'it is for another challenge'
  const { key, nameAlgorithm, isBoundToTpm } = readPublic(area)
  const nameHash = TPM_HASHES[nameAlgorithm]
  if (nameHash === undefined) return 'the name of the key is made by an unknown hash'
  const digest = createHash(nameHash).update(area).digest()
  if (!Buffer.concat([Buffer.from([nameAlgorithm >> 8, nameAlgorithm & 0xff]), digest]).equals(name)) {
    return 'it certifies another key'
  }
  if (!isBoundToTpm) return 'its key was not made in the TPM, or may leave it'
  const names = (certificate.extensions.subjectAltName ?? []).map(nameOfGeneralName)
  const isDevice = names.some(
    (each) => each?.identifier.type === 'permanent-identifier' && each.identifier.value === device,
  )
  return isDevice ? key : 'the certificate of the attestation key does not name this device'
}

function isSignedBy(key: KeyObject, octets: Uint8Array, { scheme, hash, parts }: TpmSignature): boolean {
  const [first = new Uint8Array(), second = new Uint8Array()] = parts
  if (scheme !== 'ecdsa') {
    const padding = scheme === 'rsa-pss' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING
    return key.asymmetricKeyType === 'rsa' && verify(hash, octets, { key, padding }, first)
  }
  const bits =
    key.asymmetricKeyType === 'ec' ? CURVE_OCTETS[key.asymmetricKeyDetails?.namedCurve ?? ''] : undefined
  if (bits === undefined || first.length > bits || second.length > bits) return false
  const half = (octets: Uint8Array): Buffer => Buffer.concat([Buffer.alloc(bits - octets.length), octets])
  return verify(hash, octets, { key, dsaEncoding: 'ieee-p1363' }, Buffer.concat([half(first), half(second)]))
}

const CURVE_OCTETS: Readonly<Record<string, number>> = { prime256v1: 32, secp384r1: 48, secp521r1: 66 }
