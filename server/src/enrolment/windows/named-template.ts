import type { CertificateTemplateConfiguration } from '../../config/schema.ts'
import { profileOf } from '../registration/template-profile.ts'

export type NamedTemplate =
  | { readonly kind: 'one'; readonly template?: string }
  | { readonly kind: 'conflict'; readonly names: readonly string[] }

const NAME = 'certificatetemplate'

/**
 * The template that context items and CMC controls name. Together with those inside the request, which the registration
 * authority reads, all must be the same: two that differ are refused, for whichever won, somebody checked the other.
 */
export function namedTemplate(
  pairs: readonly (readonly [name: string, value: string])[],
  templates: readonly CertificateTemplateConfiguration[],
): NamedTemplate {
  const written = pairs.flatMap(([name, value]) =>
    name.toLowerCase() === NAME && value !== '' ? [value] : [],
  )
  const names = [...new Set(written.map((name) => nameOf(name, templates)))]
  const [template, ...others] = names
  if (template === undefined) return { kind: 'one' }
  return others.length === 0 ? { kind: 'one', template } : { kind: 'conflict', names }
}

/** By name, in any case, or by OID. */
function nameOf(written: string, templates: readonly CertificateTemplateConfiguration[]): string {
  const found = templates.find(
    (template) =>
      template.name.toLowerCase() === written.toLowerCase() || profileOf(template).oid === written,
  )
  return found?.name ?? written
}
