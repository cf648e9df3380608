import type { CertificateTemplateConfiguration, Configuration } from '../../config/schema.ts'
import { type Problem, problem } from './problem.ts'

/** The template of a directory, where it has one; what is not clearly allowed is not there. */
export function servedTemplate(
  name: string,
  { enrolment, certificateTemplates }: Pick<Configuration, 'enrolment' | 'certificateTemplates'>,
): CertificateTemplateConfiguration | Problem {
  const refuse = (detail: string): Problem =>
    problem('malformed', 'acme-not-served', { template: name.slice(0, 64), detail }, { status: 404 })
  if (!enrolment.acme.enabled) return refuse('ACME is not enabled')
  const template = certificateTemplates.find((each) => each.name === name)
  if (template === undefined) return refuse('there is no such template')
  if (!template.protocols.includes('acme')) return refuse('it does not name ACME among its protocols')
  if (template.names === 'requested')
    return refuse('its names are those of the request, and ACME proves names')
  return template
}
