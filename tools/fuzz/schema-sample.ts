import * as z from 'zod'
import type { Random } from './random.ts'

/** Beyond it a case is slow because it is large. */
const MOST_OF_A_LIST = 5
/** Most settings take few of the texts. */
const TRIES = 150

/** The texts that settings are made of. */
export type Texts = readonly string[]

/**
 * A value that the schema takes, made by walking it: each text one of `texts` or two of them, each number often the least
 * or the greatest. Undefined: no text was found that it takes.
 */
export function sample(schema: z.core.$ZodType, texts: Texts, random: Random): unknown {
  // Of the union of all that zod has; what is not walked here throws.
  const def = schema._zod.def as z.core.$ZodTypes['_zod']['def']
  switch (def.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(def.shape).flatMap(([key, inner]) => {
          const isLeftOut = inner._zod.optin === 'optional' && !random.oneIn(3)
          const value = isLeftOut ? undefined : sample(inner, texts, random)
          return value === undefined ? [] : [[key, value]]
        }),
      )
    case 'optional':
    case 'default':
    case 'prefault':
      return sample(def.innerType, texts, random)
    case 'array': {
      const { least = 0, most = MOST_OF_A_LIST } = boundsOf(schema)
      const length = random.between(least, Math.max(least, Math.min(most, MOST_OF_A_LIST)))
      const made = Array.from({ length }, () => sample(def.element, texts, random))
      return made.filter((one) => one !== undefined)
    }
    case 'union':
      return sample(random.pick(def.options), texts, random)
    case 'enum':
      return random.pick(Object.values(def.entries))
    case 'literal':
      return random.pick(def.values)
    case 'boolean':
      return random.oneIn(2)
    case 'number': {
      const { least = 0, most = 65_536 } = boundsOf(schema)
      return random.pick([least, most, random.between(least, most)])
    }
    case 'string':
      return textOf(schema, texts, random)
    default:
      throw new Error(`no walk for a schema of type ${def.type}`)
  }
}

function textOf(schema: z.core.$ZodType, texts: Texts, random: Random): string | undefined {
  for (let turn = 0; turn < TRIES; turn++) {
    const text = random.pick(texts) + (random.oneIn(3) ? random.pick(texts) : '')
    if (z.safeParse(schema, text).success) return text
  }
  return undefined
}

/** What `.min()` and `.max()` said, of a number or of how many there are. */
function boundsOf(schema: z.core.$ZodType): { readonly least?: number; readonly most?: number } {
  const bounds: { least?: number; most?: number } = {}
  for (const { _zod } of schema._zod.def.checks ?? []) {
    const check = _zod.def as z.core.$ZodChecks['_zod']['def']
    if (check.check === 'min_length') bounds.least = check.minimum
    if (check.check === 'max_length') bounds.most = check.maximum
    if (check.check === 'greater_than') bounds.least = Number(check.value)
    if (check.check === 'less_than') bounds.most = Number(check.value)
  }
  return bounds
}
