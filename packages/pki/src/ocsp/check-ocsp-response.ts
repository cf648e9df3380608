import { createHash } from 'node:crypto'
import { verifySignature } from '../algorithms/signature-algorithm.ts'
import type { Certificate } from '../certificate/certificate.ts'
import type { CrlReason } from '../crl/crl-reason.ts'
import { equalOctets } from '../der/equal-octets.ts'
import { EKU } from '../oids.ts'
import { type SignatureRules, signatureWeakness, verifyIssuedBy } from '../path/signature-rules.ts'
import { PkiError } from '../pki-error.ts'
import { isAbout, subjectPublicKey } from './cert-id.ts'
import {
  type BasicOcspResponse,
  type OcspAnswer,
  type OcspErrorStatus,
  parseOcspResponse,
} from './ocsp-response.ts'

/** Why an answer counts for nothing. Codes are stable. */
export type OcspFault =
  | OcspErrorStatus
  | 'malformed'
  /** A critical extension that is not understood. */
  | 'unsupported'
  /** Signed by nobody who may speak for the issuer. */
  | 'responder-untrusted'
  | 'signature-invalid'
  | 'nonce-mismatch'
  /** The answer is about other certificates. */
  | 'other-certificate'
  | 'not-yet-valid'
  | 'expired'

export type OcspVerdict =
  | { readonly kind: 'good'; readonly thisUpdate: number; readonly until: number }
  | {
      readonly kind: 'revoked'
      readonly thisUpdate: number
      readonly until: number
      readonly revokedAt: number
      readonly reason: CrlReason
    }
  /** The responder, who is to be trusted, does not know the certificate. */
  | { readonly kind: 'unknown'; readonly thisUpdate: number; readonly until: number }
  | { readonly kind: 'unusable'; readonly fault: OcspFault; readonly detail: string }

export interface OcspCheck {
  readonly certificate: Certificate
  readonly issuer: Certificate
  /** Milliseconds since the epoch. */
  readonly at: number
  /** What was asked with: an answer with another one is refused, an answer without one is taken (RFC 5019 section 4). */
  readonly nonce?: Uint8Array
  /** A delegated responder whose certificate does not say that it need not be checked (`id-pkix-ocsp-nocheck`). */
  readonly isRevoked?: (responder: Certificate) => boolean
  readonly rules?: SignatureRules
}

const RULES: SignatureRules = { minimumRsaBits: 2048, allowSha1: false }
/** A responder's clock may be ahead of ours. */
const SKEW = 5 * 60_000
/** Without nextUpdate newer news is always there (RFC 6960 section 4.2.2.1): such an answer holds for moments. */
const WITHOUT_NEXT_UPDATE = 5 * 60_000
const NOCHECK = '1.3.6.1.5.5.7.48.1.5'

type Unusable = Extract<OcspVerdict, { kind: 'unusable' }>

/**
 * What an OCSP response says of one certificate (RFC 6960 section 3.2): signed by its issuer, or by a responder the
 * issuer itself has certified for that; about this very certificate; of now. Never throws for what a peer can send.
 */
export function checkOcspResponse(octets: Uint8Array, check: OcspCheck): OcspVerdict {
  try {
    const response = parseOcspResponse(octets)
    if (!response.ok) return unusable(response.status, `the responder says ${response.status}`)
    return checkBasic(response.basic, check)
  } catch (error) {
    if (error instanceof PkiError) return unusable('malformed', error.message)
    throw error
  }
}

function checkBasic(basic: BasicOcspResponse, check: OcspCheck): OcspVerdict {
  const [unknown] = basic.unknownCritical
  if (unknown !== undefined) return unusable('unsupported', `critical extension ${unknown}`)
  const signer = signerOf(basic, check)
  if ('kind' in signer) return signer
  if (
    signer.publicKey === undefined ||
    !verifySignature(basic.signatureAlgorithm, signer.publicKey, basic.tbs, basic.signature)
  ) {
    return unusable('signature-invalid', 'the signature does not hold')
  }
  if (check.nonce !== undefined && basic.nonce !== undefined && !equalOctets(check.nonce, basic.nonce)) {
    return unusable('nonce-mismatch', 'the answer is to another question')
  }
  const answers = basic.answers.filter(({ id }) => isAbout(id, check.certificate, check.issuer))
  if (answers.length === 0) return unusable('other-certificate', 'the answer is about another certificate')
  const verdicts = answers.map((answer) => timely(answer, check.at))
  // Of several answers about one certificate the worst counts.
  return (
    verdicts.find(({ kind }) => kind === 'revoked') ??
    verdicts.find(({ kind }) => kind === 'unknown') ??
    verdicts.find(({ kind }) => kind === 'unusable') ??
    (verdicts[0] as OcspVerdict) // there is at least one
  )
}

/** RFC 6960 section 4.2.2.2: the issuer itself, or a responder whose certificate the issuer has signed for this. */
function signerOf(basic: BasicOcspResponse, check: OcspCheck): Certificate | Unusable {
  const rules = check.rules ?? RULES
  const weakness = signatureWeakness(basic.signatureAlgorithm, rules)
  if (weakness !== undefined) return unusable('signature-invalid', weakness)
  const { issuer } = check
  if (isNamed(basic, issuer)) return issuer
  const named = basic.certificates.filter((candidate) => isNamed(basic, candidate))
  let why = 'the responder did not send its certificate'
  for (const candidate of named) {
    const problem = delegationProblem(candidate, check, rules)
    if (problem === undefined) return candidate
    why = problem
  }
  return unusable('responder-untrusted', why)
}

function delegationProblem(
  responder: Certificate,
  { issuer, at, isRevoked }: OcspCheck,
  rules: SignatureRules,
): string | undefined {
  const { extendedKeyUsage, keyUsage, unknownCritical } = responder.extensions
  if (!verifyIssuedBy(responder, issuer, rules)) return 'its certificate is not of the issuer'
  // Expressly: a certificate for anything at all is not one for this.
  if (extendedKeyUsage?.includes(EKU.ocspSigning) !== true) return 'its certificate is not for OCSP signing'
  if (keyUsage !== undefined && !keyUsage.has('digitalSignature')) return 'its certificate is not for signing'
  if (unknownCritical.length > 0) return `critical extension ${unknownCritical[0]} in its certificate`
  if (at < responder.notBefore || at > responder.notAfter) {
    const until = new Date(responder.notAfter).toISOString()
    return `its certificate is not valid now (until ${until})`
  }
  if (!responder.rawExtensions.has(NOCHECK) && isRevoked?.(responder) === true)
    return 'its certificate is revoked'
  return undefined
}

function isNamed({ responder }: BasicOcspResponse, certificate: Certificate): boolean {
  if (responder.by === 'name') return responder.name.key === certificate.subject.key
  return equalOctets(responder.hash, createHash('sha1').update(subjectPublicKey(certificate)).digest())
}

function timely({ status, thisUpdate, nextUpdate }: OcspAnswer, at: number): OcspVerdict {
  if (thisUpdate > at + SKEW) {
    return unusable('not-yet-valid', `the answer begins ${new Date(thisUpdate).toISOString()}`)
  }
  const until = nextUpdate ?? thisUpdate + WITHOUT_NEXT_UPDATE
  if (at > until) return unusable('expired', `the answer ended ${new Date(until).toISOString()}`)
  return { ...status, thisUpdate, until }
}

function unusable(fault: OcspFault, detail: string): Unusable {
  return { kind: 'unusable', fault, detail }
}
