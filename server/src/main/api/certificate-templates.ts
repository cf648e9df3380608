import { withBuiltIn } from '../../enrolment/registration/built-in-template.ts'
import { lintTemplates } from '../../enrolment/registration/linter/lint-templates.ts'
import { profileOf } from '../../enrolment/registration/template-profile.ts'
import type { CertificateTemplateService } from '../../listeners/https/services.ts'
import type { ApiParts } from '../api-services.ts'

/** The templates as they are in force: what the base fills in is filled in, and what the linter says stands beside. */
export function certificateTemplateApi({
  configuration,
}: Pick<ApiParts, 'configuration'>): CertificateTemplateService {
  return {
    list: async () => {
      const current = configuration.snapshot.configuration
      const problems = lintTemplates(current)
      return withBuiltIn(current.certificateTemplates).map((template) => {
        const { holder, extendedKeyUsages, subjectAltNames, commonName, oid } = profileOf(template)
        const path = `certificateTemplates/${template.name}/`
        return {
          ...template,
          ...{ holder, extendedKeyUsages, subjectAltNames, commonName, oid },
          problems: problems
            .filter((problem) => problem.path.startsWith(path))
            .map(({ path: at, severity, code, message }) => ({
              field: at.slice(path.length),
              ...{ severity, code, message },
            })),
        }
      })
    },
  }
}
