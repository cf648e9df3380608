import type { CertificationRequest, GeneralName } from '@sallyport/pki'
import type { CertificateTemplateConfiguration } from '../../config/schema.ts'
import { type Reason, reason } from '../../reasons/index.ts'
import { nameInText } from './allowed-names.ts'
import type { Requester } from './requester.ts'

type Given =
  | { readonly ok: true; readonly names: readonly GeneralName[] }
  | { readonly ok: false; readonly reason: Reason }

const COMMON_NAME = '2.5.4.3'

/**
 * Names that do not come from an account: proved by the protocol, or asked for and approved. A renewal goes on with
 * those of its certificate, which were proved or approved then.
 */
export function givenNames(
  template: CertificateTemplateConfiguration,
  request: CertificationRequest,
  { provedNames = [] }: Requester,
  renewed: readonly GeneralName[] | undefined,
): Given {
  const before = renewed?.filter((name) => name.kind !== 'uri')
  switch (template.names) {
    case 'account':
      return { ok: true, names: [] }
    case 'proved':
      return { ok: true, names: provedNames.length > 0 ? provedNames : (before ?? []) }
    case 'requested':
      return renewed === undefined
        ? requestedNames(template, request)
        : sameNames(template, request, before ?? [])
  }
}

/** The subjectAltName; of a request without one its common name, which is what old devices can write. */
function requestedNames(template: CertificateTemplateConfiguration, request: CertificationRequest): Given {
  const asked = askedNames(request)
  const uri = asked.find((name) => name.kind === 'uri')
  if (uri === undefined) return { ok: true, names: asked }
  return {
    ok: false,
    reason: reason('enrolment-name-not-allowed', { template: template.name, name: nameInText(uri) }),
  }
}

function askedNames({ extensions, subject }: CertificationRequest): readonly GeneralName[] {
  if (extensions.subjectAltName !== undefined) return extensions.subjectAltName
  const common = subject.rdns.flat().findLast(({ type }) => type === COMMON_NAME)?.text
  return common === undefined ? [] : [{ kind: 'dns', name: common }]
}

/** Without an approval a renewal gets no new names. */
function sameNames(
  template: CertificateTemplateConfiguration,
  { extensions }: CertificationRequest,
  before: readonly GeneralName[],
): Given {
  const known = new Set(before.map((name) => nameInText(name).toLowerCase()))
  const asked = extensions.subjectAltName?.filter((name) => name.kind !== 'uri') ?? []
  const foreign = asked.find((name) => !known.has(nameInText(name).toLowerCase()))
  if (foreign === undefined) return { ok: true, names: before }
  return {
    ok: false,
    reason: reason('enrolment-name-not-allowed', { template: template.name, name: nameInText(foreign) }),
  }
}
