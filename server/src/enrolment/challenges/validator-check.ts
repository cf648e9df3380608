import type { Problem } from '../../config/problem.ts'
import type { Configuration } from '../../config/schema.ts'

/** What challenges rest on must be there: a validator that is not would leave every device waiting. */
export function checkChallengeValidators({
  enrolment,
  challengeValidators,
  certificateTemplates,
}: Configuration): Problem[] {
  const error = (path: string, code: string, message: string): Problem => ({
    ...{ path, code, message },
    severity: 'error',
  })
  const { challengeValidation: chosen } = enrolment.scep
  const isKnown = chosen === 'own' || challengeValidators.some(({ name }) => name === chosen)
  const path = 'enrolment/scep/challengeValidation'
  return [
    ...(isKnown ? [] : [error(path, 'unknown-validator', `There is no challenge validator "${chosen}".`)]),
    ...challengeValidators.flatMap(({ name, template }) =>
      certificateTemplates.some((one) => one.name.toLowerCase() === template.toLowerCase())
        ? []
        : [
            error(
              `challengeValidators/${name}/template`,
              'unknown-template',
              `There is no certificate template "${template}".`,
            ),
          ],
    ),
    ...challengeValidators.flatMap(({ name }) =>
      name === 'own'
        ? [
            error(
              `challengeValidators/${name}/name`,
              'reserved-name',
              '"own" means the challenges made here.',
            ),
          ]
        : [],
    ),
  ]
}
