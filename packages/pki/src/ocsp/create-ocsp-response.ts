import { createHash } from 'node:crypto'
import { signatureAlgorithmFor, signOctets } from '../algorithms/signature-algorithm.ts'
import type { Certificate } from '../certificate/certificate.ts'
import { encodeExtensions } from '../certificate/extension.ts'
import { CRL_REASONS } from '../crl/crl-reason.ts'
import {
  bitString,
  element,
  enumerated,
  explicit,
  generalizedTime,
  nullValue,
  octetString,
  oid,
  sequence,
} from '../der/der-writer.ts'
import { contextConstructed, contextPrimitive } from '../der/tags.ts'
import type { CertificateIssuer } from '../issue/issue-certificate.ts'
import { OCSP } from '../oids.ts'
import { subjectPublicKey } from './cert-id.ts'
import { ERROR_STATUS, type OcspErrorStatus, type OcspStatus } from './ocsp-response.ts'

export interface OcspResponseRequest {
  /** Whoever may speak for the issuer: itself, or a responder it certified for that (RFC 6960 section 4.2.2.2). */
  readonly signer: CertificateIssuer
  readonly answers: readonly {
    /** CertID as it was asked for, DER. */
    readonly id: Uint8Array
    readonly status: OcspStatus
    readonly thisUpdate: number
    readonly nextUpdate: number
  }[]
  readonly producedAt: number
  readonly nonce?: Uint8Array
  /** A serial that was never issued may be answered with `revoked` (section 4.4.8). */
  readonly extendedRevoke?: boolean
  /** Sent along, so that a client can check the signature. */
  readonly certificates?: readonly Certificate[]
}

/** A signed answer, DER. The responder is named by its key, which is shorter than its name. */
export function createOcspResponse(request: OcspResponseRequest): Uint8Array {
  const { signer, answers, producedAt, nonce, extendedRevoke = false, certificates = [] } = request
  const extensions = [
    ...(nonce === undefined ? [] : [{ oid: OCSP.nonce, critical: false, value: octetString(nonce) }]),
    ...(extendedRevoke ? [{ oid: OCSP.extendedRevoke, critical: false, value: nullValue() }] : []),
  ]
  const keyHash = createHash('sha1').update(subjectPublicKey(signer.certificate)).digest()
  const tbs = sequence(
    explicit(2, octetString(keyHash)),
    generalizedTime(producedAt),
    sequence(...answers.map(encodeAnswer)),
    ...(extensions.length > 0 ? [explicit(1, encodeExtensions(extensions))] : []),
  )
  const algorithm = signatureAlgorithmFor(signer.privateKey)
  const basic = sequence(
    tbs,
    algorithm.encoded,
    bitString(signOctets(algorithm, signer.privateKey, tbs)),
    ...(certificates.length > 0 ? [explicit(0, sequence(...certificates.map(({ der }) => der)))] : []),
  )
  return sequence(enumerated(0), explicit(0, sequence(oid(OCSP.basic), octetString(basic))))
}

/** What is said instead of an answer; it is not signed (section 2.3). */
export function createOcspError(status: OcspErrorStatus): Uint8Array {
  const found = Object.entries(ERROR_STATUS).find(([, name]) => name === status)
  return sequence(enumerated(Number(found?.[0])))
}

function encodeAnswer({ id, status, thisUpdate, nextUpdate }: OcspResponseRequest['answers'][number]) {
  return sequence(
    id,
    encodeStatus(status),
    generalizedTime(thisUpdate),
    explicit(0, generalizedTime(nextUpdate)),
  )
}

function encodeStatus(status: OcspStatus): Uint8Array {
  if (status.kind === 'good') return element(contextPrimitive(0))
  if (status.kind === 'unknown') return element(contextPrimitive(2))
  const { revokedAt, reason } = status
  // RFC 5280 section 5.3.1 on `unspecified` holds here too: better left out.
  const why = reason === 'unspecified' ? [] : [explicit(0, enumerated(CRL_REASONS.indexOf(reason)))]
  return element(contextConstructed(1), generalizedTime(revokedAt), ...why)
}
