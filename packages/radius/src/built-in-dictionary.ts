import { MODULES } from './attributes/index.generated.ts'
import type { AttributeDefinition } from './definition.ts'
import { Dictionary } from './dictionary.ts'

function isDefinition(value: object): value is AttributeDefinition {
  return 'path' in value
}

/** The dictionaries this package brings. Lay an administrator's own over it with `builtInDictionary.with(own)`. */
export const builtInDictionary: Dictionary = new Dictionary(
  MODULES.flatMap((module) => Object.values<object>(module).filter(isDefinition)),
)
