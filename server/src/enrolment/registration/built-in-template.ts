import { type CertificateTemplateConfiguration, certificateTemplateSchema } from '../../config/schema.ts'

export const BUILT_IN_TEMPLATE = 'built-in'

/**
 * Always there: an administrator can give a person a certificate before any template is written. Nobody enrols by it
 * alone, because no group may.
 */
const BUILT_IN: CertificateTemplateConfiguration = certificateTemplateSchema.parse({
  name: BUILT_IN_TEMPLATE,
  base: 'user',
  protocols: ['request', 'pkcs12'],
  perHolder: 1000,
})

export function withBuiltIn(
  configured: readonly CertificateTemplateConfiguration[],
): readonly CertificateTemplateConfiguration[] {
  return [...configured, BUILT_IN]
}
