import { keyWeakness } from '../algorithms/public-key.ts'
import { type SignatureAlgorithm, verifySignature } from '../algorithms/signature-algorithm.ts'
import type { Certificate } from '../certificate/certificate.ts'

export interface SignatureRules {
  readonly minimumRsaBits: number
  readonly allowSha1: boolean
}

/** Why a signature proves nothing, in words, or undefined where its algorithm is good enough. */
export function signatureWeakness(algorithm: SignatureAlgorithm, rules: SignatureRules): string | undefined {
  const { scheme } = algorithm
  if (scheme === undefined) return `signature algorithm ${algorithm.oid} is not supported`
  if (scheme.hash === 'md5') return `${scheme.name} is broken`
  if (scheme.hash === 'sha1' && !rules.allowSha1) return `${scheme.name} is broken and not allowed here`
  return undefined
}

/** Whether `issuer` signed `certificate` with a key and an algorithm that the rules allow. */
export function verifyIssuedBy(
  certificate: Certificate,
  issuer: Certificate,
  rules: SignatureRules,
): boolean {
  if (certificate.issuer.key !== issuer.subject.key) return false
  if (signatureWeakness(certificate.signatureAlgorithm, rules) !== undefined) return false
  return hasValidSignature(certificate, issuer) && keyWeakness(issuer.publicKey, rules) === undefined
}

/** Names and signature fit, by an algorithm and a key that are good enough today. */
export function hasIssued(issuer: Certificate, certificate: Certificate): boolean {
  return verifyIssuedBy(certificate, issuer, { minimumRsaBits: 2048, allowSha1: false })
}

export function hasValidSignature(certificate: Certificate, issuer: Certificate): boolean {
  const { publicKey } = issuer
  if (publicKey === undefined) return false
  return verifySignature(certificate.signatureAlgorithm, publicKey, certificate.tbs, certificate.signature)
}
