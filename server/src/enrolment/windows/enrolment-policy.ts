import { applicationPolicies, templateInformation } from '@sallyport/pki'
import {
  ENROLMENT_FLAG,
  type EnrolmentPolicy,
  extendedKeyUsage,
  GENERAL_FLAG,
  type GetPolicies,
  keyUsage,
  SUBJECT_NAME_FLAG,
  VERSION_MASK,
} from '@sallyport/pki/windows'
import type { CertificateTemplateConfiguration } from '../../config/schema.ts'
import type { WindowsConfiguration } from '../../config/sections/enrolment/windows.ts'
import { profileOf, type TemplateProfile } from '../registration/template-profile.ts'

type Template = CertificateTemplateConfiguration

const DAY_SECONDS = 86_400
const RSA = '1.2.840.113549.1.1.1'
const SHA256 = '2.16.840.1.101.3.4.2.1'
/** Curves by which Windows names the algorithm of a key, and its length. */
const CURVES = {
  p256: { oid: '1.2.840.10045.3.1.7', bits: 256 },
  p384: { oid: '1.3.132.0.34', bits: 384 },
  p521: { oid: '1.3.132.0.35', bits: 521 },
} as const
/** NCRYPT_ALLOW_DECRYPT_FLAG, NCRYPT_ALLOW_SIGNING_FLAG. */
const KEY_MAY = { decrypt: 1, sign: 2 } as const
/** MS-CRTD section 2.27: made for Windows Server 2008 and Windows Vista, the first with templates of schema 3. */
const VERSIONS = 0x02020000

/** Templates a Windows client can enrol by: what needs an attested key, or names an ACME client proves, is not for it. */
export function isForWindows({ names, keys }: Template): boolean {
  return names !== 'proved' && keys.attestation === 'none' && keyOf(keys) !== undefined
}

/** A template in the words of MS-XCEP. */
export function enrolmentPolicy(template: Template, settings: WindowsConfiguration): EnrolmentPolicy {
  const profile = profileOf(template)
  const key = keyOf(template.keys) ?? { oid: RSA, bits: template.keys.minimumRsaBits }
  const usages = [
    ...profile.issuing.keyUsage,
    ...(key.oid === RSA ? (profile.issuing.rsaKeyUsage ?? []) : []),
  ]
  return {
    commonName: template.name,
    oid: profile.oid,
    schema: 3,
    validitySeconds: template.validityDays * DAY_SECONDS,
    renewalSeconds: renewalSeconds(template),
    autoEnroll: template.enrol.auto,
    minimalKeyLength: key.bits,
    keyUsageProperty: KEY_MAY.sign | (usages.includes('keyEncipherment') ? KEY_MAY.decrypt : 0),
    keyAlgorithmOid: key.oid,
    hashAlgorithmOid: SHA256,
    providers: settings.keyProviders,
    majorRevision: template.revision,
    minorRevision: 0,
    supersedes: template.supersedes,
    privateKeyFlags: VERSIONS,
    subjectNameFlags: subjectNameFlags(template, profile),
    enrollmentFlags: enrollmentFlags(template, settings),
    generalFlags:
      (template.enrol.auto ? GENERAL_FLAG.autoEnrolment : 0) |
      (profile.holder === 'person' ? 0 : GENERAL_FLAG.machine),
    extensions: [
      { ...keyUsage(...usages), critical: true },
      extendedKeyUsage(...profile.extendedKeyUsages),
      // The same as in the certificate: by it Windows knows which template it has one of.
      templateInformation({ oid: profile.oid, major: template.revision, minor: 0 }),
      applicationPolicies(...profile.extendedKeyUsages),
    ],
  }
}

/** MS-XCEP section 3.1.4.1.1.1: what the client cannot understand, or did not ask for, is left out. 0 = any version. */
export function passesFilter(policy: EnrolmentPolicy, asked: GetPolicies): boolean {
  const { policyOids, clientVersion, serverVersion } = asked
  const client = (policy.privateKeyFlags & VERSION_MASK.client) >>> 24
  const server = (policy.privateKeyFlags & VERSION_MASK.server) >>> 16
  return (
    (policyOids === undefined || policyOids.includes(policy.oid)) &&
    (clientVersion === 0 || client <= clientVersion) &&
    (serverVersion === 0 || server <= serverVersion)
  )
}

/** RSA where it is allowed: every version of Windows has it, and every program that uses its keys. */
function keyOf({ algorithms, minimumRsaBits }: Template['keys']) {
  if (algorithms.includes('rsa')) return { oid: RSA, bits: minimumRsaBits }
  for (const name of algorithms) if (Object.hasOwn(CURVES, name)) return CURVES[name as keyof typeof CURVES]
  return undefined
}

/** Windows throws away a policy whose renewal does not begin before the end. */
function renewalSeconds({ validityDays, renewalDays }: Template): number {
  const wanted = renewalDays > 0 && renewalDays < validityDays ? renewalDays : validityDays / 10
  return Math.round(wanted * DAY_SECONDS)
}

function enrollmentFlags(template: Template, { keyBasedRenewal }: WindowsConfiguration): number {
  const isApproved = template.approval === 'required' || template.names === 'requested'
  return (
    (template.enrol.auto ? ENROLMENT_FLAG.autoEnrolment | ENROLMENT_FLAG.removeInvalidFromStore : 0) |
    (isApproved ? ENROLMENT_FLAG.pendAllRequests | ENROLMENT_FLAG.previousApprovalSuffices : 0) |
    (keyBasedRenewal ? ENROLMENT_FLAG.allowKeyBasedRenewal : 0) |
    (template.sidExtension ? 0 : ENROLMENT_FLAG.noSecurityExtension)
  )
}

/** Whether the client writes names is all it takes from them; the rest tells people what to expect. */
function subjectNameFlags({ names }: Template, { subjectAltNames, commonName }: TemplateProfile): number {
  const flag = SUBJECT_NAME_FLAG
  if (names === 'requested') return flag.enrolleeSuppliesSubject | flag.enrolleeSuppliesAltName
  return (
    (subjectAltNames.includes('upn') ? flag.altRequireUpn : 0) |
    (subjectAltNames.includes('email') ? flag.altRequireEmail : 0) |
    (subjectAltNames.includes('dns') ? flag.altRequireDns : 0) |
    (commonName === 'dns' ? flag.requireDnsAsCommonName : flag.requireCommonName)
  )
}
