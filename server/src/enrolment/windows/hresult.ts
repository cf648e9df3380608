import type { Reason, ReasonCode } from '../../reasons/index.ts'

/** Failures of MS-ERREF section 2.1.1 that a Windows client tells its user. */
export const HRESULT = {
  badRequestSubject: 0x80094001,
  noRequest: 0x80094002,
  badRenewalCertificate: 0x8009400e,
  enrolmentDenied: 0x80094011,
  templateDenied: 0x80094012,
  deniedByAdministrator: 0x80094014,
  unsupportedTemplate: 0x80094800,
  noTemplate: 0x80094801,
  templateConflict: 0x80094802,
  altNameRequired: 0x80094803,
  keyTooShort: 0x80094811,
  unknownTemplate: 0x80094813,
  attestationFailed: 0x8009481a,
  badData: 0x8007000d,
  accessDenied: 0x80070005,
  notSupported: 0x80070032,
  badSignature: 0x80090006,
  expired: 0x800b0101,
  revoked: 0x80092010,
  untrusted: 0x800b0109,
  /** RPC_S_SERVER_UNAVAILABLE: try again later. */
  unavailable: 0x800706ba,
} as const

/** What a refusal is to a Windows client; everything else is denied by the CA. */
const OF_REASON: Partial<Readonly<Record<ReasonCode, number>>> = {
  'enrolment-template-unknown': HRESULT.unknownTemplate,
  'enrolment-template-unclear': HRESULT.noTemplate,
  'enrolment-template-conflict': HRESULT.templateConflict,
  'enrolment-not-permitted': HRESULT.templateDenied,
  'enrolment-holder-unfit': HRESULT.templateDenied,
  'enrolment-protocol-not-allowed': HRESULT.unsupportedTemplate,
  'enrolment-request-malformed': HRESULT.badData,
  'enrolment-possession-unproved': HRESULT.badSignature,
  'enrolment-key-weak': HRESULT.keyTooShort,
  'enrolment-key-not-allowed': HRESULT.keyTooShort,
  'enrolment-key-not-attested': HRESULT.attestationFailed,
  'enrolment-asks-for-name': HRESULT.badRequestSubject,
  'enrolment-asks-for-sid': HRESULT.badRequestSubject,
  'enrolment-names-missing': HRESULT.altNameRequired,
  'enrolment-denied': HRESULT.deniedByAdministrator,
  'enrolment-renewal-unknown': HRESULT.badRenewalCertificate,
  'enrolment-renewal-of-other': HRESULT.badRenewalCertificate,
  'certificate-revoked': HRESULT.revoked,
  'certificate-expired': HRESULT.expired,
  'certificate-untrusted-ca': HRESULT.untrusted,
}

export function hresultOf({ code }: Reason): number {
  return OF_REASON[code] ?? HRESULT.enrolmentDenied
}
