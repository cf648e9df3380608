import { attributeFromText, RadiusError } from '@sallyport/radius'
import type { Problem } from '../../config/problem.ts'
import type { ClientConfiguration, Configuration } from '../../config/schema.ts'
import { DICTIONARY } from '../readable-attributes.ts'
import { namesSession } from './session-names.ts'

/** What would be found out when a session has to go: better said now. */
export function checkDynamicAuthorization({ clients }: Configuration): Problem[] {
  return clients.flatMap((client) => [...identifyProblems(client), ...recipeProblems(client)])
}

function identifyProblems({ name, dynamicAuthorization }: ClientConfiguration): Problem[] {
  const identify = dynamicAuthorization?.identify
  if (identify === undefined) return []
  const path = `clients/${name}/dynamicAuthorization/identify`
  const unknown = identify.flatMap((entry, index) => {
    const [attribute = entry] = entry.split(':', 1)
    if (DICTIONARY.named(attribute) !== undefined) return []
    return [
      problem(
        `${path}/${index}`,
        'attribute-unknown-attribute',
        `No dictionary knows an attribute ${attribute}.`,
      ),
    ]
  })
  if (identify.some(namesSession)) return unknown
  const message =
    'These name the device alone: a request would be about every session of it, so none is sent.'
  return [...unknown, problem(path, 'session-not-named', message)]
}

const RECIPES = ['disconnect', 'reauthenticate', 'bouncePort'] as const

function recipeProblems({ name, dynamicAuthorization }: ClientConfiguration): Problem[] {
  return RECIPES.flatMap((field) =>
    (dynamicAuthorization?.[field]?.attributes ?? []).flatMap((text, index) => {
      const path = `clients/${name}/dynamicAuthorization/${field}/attributes/${index}`
      try {
        attributeFromText(DICTIONARY, text)
        return []
      } catch (error) {
        if (!(error instanceof RadiusError)) throw error
        return [problem(path, `attribute-${error.code}`, error.message)]
      }
    }),
  )
}

function problem(path: string, code: string, message: string): Problem {
  return { path, severity: 'error', code, message }
}
