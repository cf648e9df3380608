import type { Problem } from '../../../config/problem.ts'
import type { Configuration } from '../../../config/schema.ts'
import { profileOf } from '../template-profile.ts'
import { knownSources, knownTemplates, ownOid, renewalWindow, reservedName } from './consistency-rules.ts'
import type { TemplateRule } from './finding.ts'
import { allowedNames, requestedNames, strongMapping, telling } from './name-rules.ts'
import { attestation, everybodyEnrols, nobodyEnrols, plainHttp, weakMapping } from './right-rules.ts'
import { deadlyUsages, heavyUsages, mixedUsages } from './usage-rules.ts'

/** In the order they are reported. */
const RULES: readonly TemplateRule[] = [
  reservedName,
  deadlyUsages,
  requestedNames,
  allowedNames,
  strongMapping,
  weakMapping,
  everybodyEnrols,
  plainHttp,
  heavyUsages,
  mixedUsages,
  telling,
  nobodyEnrols,
  attestation,
  renewalWindow,
  knownSources,
  knownTemplates,
  ownOid,
]

/**
 * What is wrong, or dangerous, about the certificate templates: the classes ESC1 to ESC16 by which templates of AD CS are
 * abused, as far as they can occur here (docs/guides/certificate-templates.md has the others and why they cannot).
 */
export function lintTemplates(configuration: Configuration): Problem[] {
  return configuration.certificateTemplates.flatMap((template) => {
    const linted = { template, profile: profileOf(template), configuration }
    return RULES.flatMap((rule) => rule(linted))
  })
}
