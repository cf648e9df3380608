import { concat } from '@sallyport/bytes'
import { keyIdentifier } from '../algorithms/public-key.ts'
import { signatureAlgorithmFor, signOctets } from '../algorithms/signature-algorithm.ts'
import { type Extension, encodeExtensions } from '../certificate/extension.ts'
import {
  bitString,
  enumerated,
  explicit,
  generalizedTime,
  integer,
  sequence,
  time,
} from '../der/der-writer.ts'
import { TAG } from '../der/tags.ts'
import { authorityKeyIdentifier, freshestCrl } from '../issue/extension-encoders.ts'
import type { CertificateIssuer } from '../issue/issue-certificate.ts'
import { EXTENSION } from '../oids.ts'
import { invalidRequest } from '../pki-error.ts'
import { type Crl, parseCrl } from './crl.ts'
import { CRL_REASONS, type CrlReason } from './crl-reason.ts'

/** A revoked certificate as a CRL lists it. Times are milliseconds since the epoch. */
export interface CrlEntry {
  readonly serial: Uint8Array
  readonly revokedAt: number
  readonly reason: CrlReason
  /** Since when the key is known or suspected to be lost (RFC 5280 section 5.3.2). */
  readonly invalidityDate?: number
}

export interface CrlHead {
  readonly issuer: CertificateIssuer
  /** Grows with every list of this issuer, full or delta (RFC 5280 section 5.2.3). */
  readonly number: number
  readonly thisUpdate: number
  readonly nextUpdate: number
  /** Number of the full list this is a delta to (section 5.2.4); absent: a full list. */
  readonly baseNumber?: number
  /** Where the delta to this full list is (section 5.2.6). */
  readonly deltaUris?: readonly string[]
  /** Beyond the authority key identifier and the above. */
  readonly extensions?: readonly Extension[]
}

export interface CrlRequest extends CrlHead {
  readonly revoked: readonly CrlEntry[]
}

/** Signs a version 2 CRL, full or delta. */
export function createCrl({ revoked, ...head }: CrlRequest): Crl {
  return parseCrl(signCrl(head, encodeCrlEntries(revoked)))
}

/**
 * Signs a CRL over entries that were encoded before, so that a long list is made a part at a time: the pieces of
 * `encodeCrlEntries`, in any number. Answers DER.
 */
export function signCrl(head: CrlHead, ...entries: readonly Uint8Array[]): Uint8Array {
  const { certificate, privateKey } = head.issuer
  if (!(head.thisUpdate < head.nextUpdate)) throw invalidRequest('nextUpdate is not later than thisUpdate')
  const algorithm = signatureAlgorithmFor(privateKey)
  const isEmpty = entries.every(({ length }) => length === 0)
  const tbs = sequence(
    integer(1),
    algorithm.encoded,
    certificate.subject.encoded,
    time(head.thisUpdate),
    time(head.nextUpdate),
    // RFC 5280 section 5.1.2.6: the list is absent when nothing is revoked.
    ...(isEmpty ? [] : [sequence(...entries)]),
    explicit(0, encodeExtensions(extensionsOf(head))),
  )
  return sequence(tbs, algorithm.encoded, bitString(signOctets(algorithm, privateKey, tbs)))
}

export function encodeCrlEntries(entries: readonly CrlEntry[]): Uint8Array {
  const times = new Map<number, Uint8Array>()
  return concat(...entries.map((entry) => encodeShort(entry, times) ?? encodeEntry(entry)))
}

/**
 * The form nearly every entry has: lengths of one octet, a reason or none. Written in one go, because the elements of a
 * hundred thousand entries one by one take seconds.
 */
function encodeShort(
  { serial, revokedAt, reason, invalidityDate }: CrlEntry,
  times: Map<number, Uint8Array>,
): Uint8Array | undefined {
  const [first = 0, second = 0] = serial
  const isMinimal = first !== 0 || (serial.length > 1 && second >= 0x80)
  if (invalidityDate !== undefined || serial.length > 40 || !isMinimal) return undefined
  const at = times.get(revokedAt) ?? time(revokedAt)
  times.set(revokedAt, at)
  const padding = first >= 0x80 ? 1 : 0
  const extensions = reason === 'unspecified' ? NOTHING : REASON_ALONE[reason]
  const length = 2 + padding + serial.length + at.length + extensions.length
  const octets = new Uint8Array(2 + length)
  octets[0] = TAG.sequence
  octets[1] = length
  octets[2] = TAG.integer
  octets[3] = padding + serial.length
  octets.set(serial, 4 + padding)
  octets.set(at, 4 + padding + serial.length)
  octets.set(extensions, 4 + padding + serial.length + at.length)
  return octets
}

const NOTHING = new Uint8Array()

function extensionsOf({ issuer, number, baseNumber, deltaUris = [], extensions = [] }: CrlHead): Extension[] {
  const { certificate } = issuer
  const identifier = certificate.extensions.subjectKeyIdentifier ?? keyIdentifier(certificate.spki)
  if (baseNumber !== undefined && (baseNumber > number || deltaUris.length > 0))
    throw invalidRequest('a delta CRL is older than its base, or names a delta of its own')
  return [
    authorityKeyIdentifier(identifier),
    { oid: EXTENSION.cRLNumber, critical: false, value: integer(number) },
    ...(baseNumber === undefined
      ? []
      : [{ oid: EXTENSION.deltaCRLIndicator, critical: true, value: integer(baseNumber) }]),
    ...(deltaUris.length > 0 ? [freshestCrl(...deltaUris)] : []),
    ...extensions,
  ]
}

function encodeEntry({ serial, revokedAt, reason, invalidityDate }: CrlEntry): Uint8Array {
  // Section 5.3.1: `unspecified` is expressed by leaving the reason out.
  if (reason === 'unspecified' && invalidityDate === undefined)
    return sequence(integer(serial), time(revokedAt))
  if (invalidityDate === undefined) return sequence(integer(serial), time(revokedAt), REASON_ALONE[reason])
  const extensions = [
    ...(reason === 'unspecified' ? [] : [reasonExtension(reason)]),
    { oid: EXTENSION.invalidityDate, critical: false, value: generalizedTime(invalidityDate) },
  ]
  return sequence(integer(serial), time(revokedAt), encodeExtensions(extensions))
}

function reasonExtension(reason: CrlReason): Extension {
  return { oid: EXTENSION.cRLReason, critical: false, value: enumerated(CRL_REASONS.indexOf(reason)) }
}

/** Encoded once: a list holds the same few a hundred thousand times. */
const REASON_ALONE = Object.fromEntries(
  CRL_REASONS.flatMap((reason) =>
    reason === undefined ? [] : [[reason, encodeExtensions([reasonExtension(reason)])]],
  ),
) as Readonly<Record<CrlReason, Uint8Array>> // one for each reason
