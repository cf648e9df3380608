import type { Problem } from '../../../config/problem.ts'
import type { CertificateTemplateConfiguration, Configuration } from '../../../config/schema.ts'
import type { TemplateProfile } from '../template-profile.ts'

/** One template as a rule looks at it. */
export interface LintedTemplate {
  readonly template: CertificateTemplateConfiguration
  readonly profile: TemplateProfile
  readonly configuration: Configuration
}

export type TemplateRule = (linted: LintedTemplate) => readonly Problem[]

type Place = Pick<LintedTemplate, 'template'>

export function refuse({ template }: Place, field: string, code: string, message: string): Problem[] {
  return [{ path: pathOf(template, field), severity: 'error', code, message }]
}

export function warn({ template }: Place, field: string, code: string, message: string): Problem[] {
  return [{ path: pathOf(template, field), severity: 'warning', code, message }]
}

function pathOf({ name }: CertificateTemplateConfiguration, field: string): string {
  return `certificateTemplates/${name}/${field}`
}
