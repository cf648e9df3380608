import type { Problem } from '../../config/problem.ts'
import type { Configuration } from '../../config/schema.ts'

/** Settings that name a certificate template which is not there: clients would be refused, and only then somebody looks. */
export function checkTemplateReferences({ enrolment, certificateTemplates }: Configuration): Problem[] {
  const { est, acme } = enrolment
  const named = [
    ...(est.template === undefined ? [] : [{ path: 'enrolment/est/template', name: est.template }]),
    ...acme.openTemplates.map((name) => ({ path: 'enrolment/acme/openTemplates', name })),
  ]
  const known = new Set(certificateTemplates.map(({ name }) => name.toLowerCase()))
  return named
    .filter(({ name }) => !known.has(name.toLowerCase()))
    .map(({ path, name }) => ({
      ...{ path, code: 'unknown-template', severity: 'warning' },
      message: `There is no certificate template "${name}": clients that ask here are refused.`,
    }))
}
