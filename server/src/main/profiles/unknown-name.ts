import { RequestError } from '../../kernel/errors.ts'
import { nearest } from '../../policy/suggestion.ts'

interface Asked {
  /** What it would be: `connection`. */
  readonly what: string
  readonly name: string
  readonly known: readonly string[]
  /** The command that lists what there is. */
  readonly list: string
}

/** The refusal of a name nobody has, with the one that was probably meant, or how to see all. */
export function unknownName(code: string, { what, name, known, list }: Asked): RequestError {
  const meant = nearest(name, known)
  const hint = meant === undefined ? `See: ${list}` : `Did you mean "${meant}"?`
  return new RequestError(code, `There is no ${what} "${name}". ${hint}`, { [what]: name })
}
