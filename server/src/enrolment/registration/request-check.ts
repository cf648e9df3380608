import { hash } from 'node:crypto'
import {
  type CertificationRequest,
  type GeneralName,
  PkiError,
  parseCertificationRequest,
} from '@sallyport/pki'
import type { CertificateTemplateConfiguration } from '../../config/schema.ts'
import { type Reason, reason } from '../../reasons/index.ts'
import { givenNames } from './given-names.ts'
import { type HolderNames, holderNames } from './holder-names.ts'
import { keyFault } from './key-policy.ts'
import type { EnrolmentRequest } from './registration.ts'
import { wishFault } from './request-wishes.ts'
import { accessFault } from './template-access.ts'
import { chooseTemplate } from './template-choice.ts'
import { profileOf, type TemplateProfile } from './template-profile.ts'

/** A request that may be issued, if nothing in the store speaks against it. */
export interface CheckedRequest {
  readonly template: CertificateTemplateConfiguration
  readonly profile: TemplateProfile
  readonly publicKey: NonNullable<CertificationRequest['publicKey']>
  /** SHA-256 of the SubjectPublicKeyInfo, lower-case hex. */
  readonly keyHash: string
  readonly names: HolderNames
  readonly days: number
}

export type CheckOutcome =
  | { readonly ok: true; readonly checked: CheckedRequest }
  | { readonly ok: false; readonly reason: Reason }

/** What is renewed, as far as the checks of a request need it. */
export interface RenewedCertificate {
  readonly template: string
  /** Of its subjectAltName. */
  readonly names: readonly GeneralName[]
}

export interface CheckParts {
  readonly templates: readonly CertificateTemplateConfiguration[]
  /** Keys of CAs, as hashes: nobody else has them. */
  readonly authorityKeys: ReadonlySet<string>
}

/** Everything that can be said of a request without the store: in this order, the first fault is the answer. */
export function checkRequest(
  { request: octets, requester, protocol, template: named, days }: EnrolmentRequest,
  renewed: RenewedCertificate | undefined,
  { templates, authorityKeys }: CheckParts,
): CheckOutcome {
  const no = (why: Reason): CheckOutcome => ({ ok: false, reason: why })
  try {
    const request = parseCertificationRequest(octets)
    const choice = chooseTemplate(templates, request, {
      ...{ protocol, requester },
      named: [named, renewed?.template],
    })
    if (!choice.ok) return choice
    const { template } = choice
    const profile = profileOf(template)
    const keyHash = hash('sha256', request.spki, 'hex')
    const fault =
      accessFault(template, protocol, requester, renewed !== undefined) ??
      keyFault(request.publicKey, template) ??
      (authorityKeys.has(keyHash) ? reason('enrolment-key-taken', {}) : undefined) ??
      (request.proofOfPossession ? undefined : reason('enrolment-possession-unproved', {})) ??
      attestationFault(template, requester.attestedKey, keyHash) ??
      wishFault(request, requester, template, profile, renewed?.names ?? []) ??
      validityFault(template, days)
    if (fault !== undefined) return no(fault)
    const given = givenNames(template, request, requester, renewed?.names)
    if (!given.ok) return given
    const names = holderNames(template, profile, requester, given.names)
    if (!names.ok) return names
    const { publicKey } = request
    if (publicKey === undefined) return no(reason('enrolment-key-weak', { detail: 'it cannot be read' }))
    return {
      ok: true,
      checked: { template, profile, publicKey, keyHash, names, days: days ?? template.validityDays },
    }
  } catch (error) {
    if (!(error instanceof PkiError)) throw error
    return no(reason('enrolment-request-malformed', { detail: error.message }))
  }
}

function attestationFault(
  { name, keys }: CertificateTemplateConfiguration,
  attested: string | undefined,
  keyHash: string,
): Reason | undefined {
  if (keys.attestation === 'none' || attested === keyHash) return undefined
  return reason('enrolment-key-not-attested', { template: name })
}

function validityFault(
  { name, validityDays: most }: CertificateTemplateConfiguration,
  days: number | undefined,
): Reason | undefined {
  if (days === undefined || days <= most) return undefined
  return reason('enrolment-validity-too-long', { template: name, days, most })
}
