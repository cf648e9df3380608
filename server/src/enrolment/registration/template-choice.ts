import {
  ATTRIBUTE,
  type CertificationRequest,
  EXTENSION,
  readNameValuePairs,
  readTemplateInformation,
  readTemplateName,
} from '@sallyport/pki'
import type { CertificateTemplateConfiguration, EnrolmentProtocol } from '../../config/schema.ts'
import { type Reason, reason } from '../../reasons/index.ts'
import { BUILT_IN_TEMPLATE } from './built-in-template.ts'
import type { Requester } from './requester.ts'
import { accessFault } from './template-access.ts'
import { profileOf } from './template-profile.ts'

type Template = CertificateTemplateConfiguration

export type TemplateChoice =
  | { readonly ok: true; readonly template: Template }
  | { readonly ok: false; readonly reason: Reason }

/**
 * The one template everything that names one agrees on: the protocol, the challenge or account the requester is bound by,
 * the certificate that is renewed, and the request itself (MS-WCCE section 3.2.2.6.2.1.4.2). Two that differ are refused:
 * whichever won, somebody would get what somebody else checked. Nothing named: the only one the requester may enrol.
 *
 * @param named by the protocol, and by the certificate that is renewed
 * @throws PkiError 'malformed'
 */
export function chooseTemplate(
  templates: readonly Template[],
  request: CertificationRequest,
  { protocol, requester, named }: Asking,
): TemplateChoice {
  const wanted = [...named, requester.boundTemplate, ...namedByRequest(request)]
  const names = new Set(wanted.flatMap((name) => (name === undefined ? [] : [name])))
  if (names.size === 0) return onlyOne(templates, protocol, requester)
  const found = new Set<Template>()
  for (const name of names) {
    const template = templates.find((one) => isCalled(one, name))
    if (template === undefined) {
      return { ok: false, reason: reason('enrolment-template-unknown', { template: name }) }
    }
    found.add(template)
  }
  const [template, ...others] = found
  if (template !== undefined && others.length === 0) return { ok: true, template }
  return { ok: false, reason: reason('enrolment-template-conflict', { templates: [...names] }) }
}

interface Asking {
  readonly protocol: EnrolmentProtocol
  readonly requester: Requester
  readonly named: readonly (string | undefined)[]
}

function onlyOne(
  templates: readonly Template[],
  protocol: EnrolmentProtocol,
  requester: Requester,
): TemplateChoice {
  const all = templates.filter((template) => accessFault(template, protocol, requester) === undefined)
  // Who asks without a word asks for a certificate of its own; the built-in template is for where nothing else is.
  const own = all.filter(({ names }) => names === 'account')
  const written = own.filter(({ name }) => name !== BUILT_IN_TEMPLATE)
  const fitting = [written, own].find(({ length }) => length > 0) ?? all
  const [template, ...others] = fitting
  if (template !== undefined && others.length === 0) return { ok: true, template }
  const choices = fitting.length === 0 ? {} : { choices: fitting.map(({ name }) => name) }
  return {
    ok: false,
    reason: reason('enrolment-template-unclear', { requester: requester.name, protocol, ...choices }),
  }
}

/** By name, in any case as Windows takes it, or by OID. */
function isCalled(template: Template, name: string): boolean {
  return template.name.toLowerCase() === name.toLowerCase() || profileOf(template).oid === name
}

const NAME_PAIR = 'certificatetemplate'

function namedByRequest({ rawExtensions, attributes }: CertificationRequest): string[] {
  const byName = rawExtensions.get(EXTENSION.certificateTemplateName)
  const byOid = rawExtensions.get(EXTENSION.certificateTemplate)
  const pairs = readNameValuePairs(attributes.get(ATTRIBUTE.enrolmentNameValuePair) ?? [])
  return [
    ...(byName === undefined ? [] : [readTemplateName(byName.value)]),
    ...(byOid === undefined ? [] : [readTemplateInformation(byOid.value).oid]),
    ...pairs.flatMap(([name, value]) => (name.toLowerCase() === NAME_PAIR ? [value] : [])),
  ]
}
