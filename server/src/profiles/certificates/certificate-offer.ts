import type { CertificateTemplateConfiguration, EnrolmentConfiguration } from '../../config/schema.ts'
import type { CertificateForm } from '../profile-input.ts'

/** What decides whether certificates can come in some form, whoever they are for. */
export interface OfferInput {
  readonly enrolment: EnrolmentConfiguration
  /** Undefined: no template is named, and none can be chosen. */
  readonly template: CertificateTemplateConfiguration | undefined
  /** Serial number or UDID of the device. */
  readonly device?: string
}

/** Forms in which a file brings something of its own. */
export type BroughtForm = Exclude<CertificateForm, 'installed'>

/** Why the configuration does not offer certificates in this form; undefined: it does. */
export function offerObstacle(form: BroughtForm, input: OfferInput): string | undefined {
  const { template } = input
  if (template === undefined) return 'no certificate template fits: name one in certificateTemplate'
  if (!template.protocols.includes(form)) {
    return `template "${template.name}" does not name ${form} among its protocols`
  }
  return OBSTACLES[form]({ ...input, template })
}

type Known = OfferInput & { readonly template: CertificateTemplateConfiguration }

const OBSTACLES: Readonly<Record<BroughtForm, (input: Known) => string | undefined>> = {
  pkcs12: ({ template }) => notOfAccounts(template) ?? attested(template),
  scep: ({ enrolment, template }) => {
    if (!enrolment.scep.enabled) return 'enrolment.scep.enabled is off'
    if (enrolment.scep.challengeValidation !== 'own') {
      return 'challenges are validated elsewhere (enrolment.scep.challengeValidation)'
    }
    if (scepUrl(enrolment) === undefined) return 'enrolment.httpUrl is not set'
    if (scepKeyBits(template) === undefined) {
      return `template "${template.name}" takes no RSA key of 2048 or 4096 bits, and SCEP clients make no other`
    }
    return notOfAccounts(template) ?? attested(template)
  },
  est: ({ enrolment, template }) => {
    if (!enrolment.est.enabled) return 'enrolment.est.enabled is off'
    if (enrolment.httpsUrl === undefined) return 'enrolment.httpsUrl is not set'
    return notOfAccounts(template) ?? attested(template)
  },
  acme: ({ enrolment, template, device }) => {
    const { enabled, openTemplates, attestationRoots } = enrolment.acme
    if (!enabled) return 'enrolment.acme.enabled is off'
    if (enrolment.httpsUrl === undefined) return 'enrolment.httpsUrl is not set'
    // A profile has no place for the key of an external account.
    if (!openTemplates.includes(template.name)) {
      return `template "${template.name}" is not among enrolment.acme.openTemplates`
    }
    if (template.names !== 'proved' || template.keys.attestation !== 'required') {
      return `template "${template.name}" is not for devices that attest their key (names: proved, attestation: required)`
    }
    if (attestationRoots === '') return 'enrolment.acme.attestationRoots is empty'
    return device === undefined
      ? 'the serial number of the device is not known: give it (--device)'
      : undefined
  },
}

function notOfAccounts({ name, names }: CertificateTemplateConfiguration): string | undefined {
  return names === 'account' ? undefined : `template "${name}" does not take its names from the account`
}

function attested({ name, keys }: CertificateTemplateConfiguration): string | undefined {
  return keys.attestation === 'none' ? undefined : `template "${name}" takes only keys a device attests`
}

/** SCEP protects its messages itself, and a client may not yet trust our CA for HTTPS. */
export function scepUrl({ httpUrl, httpsUrl }: EnrolmentConfiguration): string | undefined {
  const base = httpUrl ?? httpsUrl
  return base === undefined ? undefined : `${base}/scep`
}

/** Sizes Apple's payload knows; undefined: the template takes none of them. */
export function scepKeyBits({ keys }: CertificateTemplateConfiguration): number | undefined {
  if (!keys.algorithms.includes('rsa')) return undefined
  return [2048, 4096].find((bits) => bits >= keys.minimumRsaBits)
}
