import {
  type CertificationRequest,
  EXTENSION,
  type GeneralName,
  readApplicationPolicies,
} from '@sallyport/pki'
import type { CertificateTemplateConfiguration } from '../../config/schema.ts'
import { type Reason, reason } from '../../reasons/index.ts'
import { nameInText } from './allowed-names.ts'
import { ownNames } from './holder-names.ts'
import type { Requester } from './requester.ts'
import type { TemplateProfile } from './template-profile.ts'

/**
 * What a request may not even ask for. None of it would be issued - the server builds everything but the key - but who
 * asks to be a CA, or for the name of another, is told so and shows in the log. Everything else a request asks for
 * (subject, validity, policies, pointers, key usage) is passed over: clients write such things without meaning them.
 *
 * @param renewed names of the certificate that is renewed: clients repeat them, though the account may have others now
 * @throws PkiError 'malformed'
 */
export function wishFault(
  request: CertificationRequest,
  requester: Requester,
  template: CertificateTemplateConfiguration,
  profile: TemplateProfile,
  renewed: readonly GeneralName[],
): Reason | undefined {
  return (
    authorityWish(request) ??
    usageWish(request, template.name, profile) ??
    sidWish(request, requester) ??
    nameWish(request, requester, template, renewed)
  )
}

function authorityWish({ extensions: { basicConstraints, keyUsage } }: CertificationRequest) {
  const asksForCa = basicConstraints?.ca === true || keyUsage?.has('keyCertSign') || keyUsage?.has('cRLSign')
  return asksForCa ? reason('enrolment-asks-for-ca', {}) : undefined
}

/** Windows takes application policies for extended key usages (CVE-2024-49019): they are held to the same list. */
function usageWish(
  { extensions, rawExtensions }: CertificationRequest,
  template: string,
  { extendedKeyUsages: allowed }: TemplateProfile,
): Reason | undefined {
  const policies = rawExtensions.get(EXTENSION.applicationPolicies)
  const lists = [
    extensions.extendedKeyUsage,
    policies === undefined ? undefined : readApplicationPolicies(policies.value),
  ]
  for (const list of lists) {
    if (list === undefined) continue
    const asked = list.filter((oid) => !allowed.includes(oid))
    // An empty list would fit everything or nothing, depending on who reads it.
    if (list.length === 0) return reason('enrolment-asks-for-usage', { template, allowed })
    if (asked.length > 0) return reason('enrolment-asks-for-usage', { template, asked, allowed })
  }
  return undefined
}

function sidWish({ extensions: { sid } }: CertificationRequest, { name, identity }: Requester) {
  if (sid === undefined || sid === identity?.sid) return undefined
  return reason('enrolment-asks-for-sid', { requester: name, sid })
}

function nameWish(
  { extensions: { subjectAltName = [] } }: CertificationRequest,
  requester: Requester,
  { names }: CertificateTemplateConfiguration,
  renewed: readonly GeneralName[],
): Reason | undefined {
  if (names === 'requested') return undefined // held against allowedNames
  const own = ownNames(requester, renewed)
  const foreign = subjectAltName.map(nameInText).find((name) => !own.has(name.toLowerCase()))
  if (foreign === undefined) return undefined
  return reason('enrolment-asks-for-name', { requester: requester.name, name: foreign })
}
