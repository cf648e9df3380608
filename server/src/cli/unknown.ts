import { nearest } from '../policy/suggestion.ts'
import { type CliError, usageError } from './cli-error.ts'
import { oneLine } from './table.ts'

/** The refusal of a name that is not in the list, with the one that was probably meant. */
export function unknown(what: string, name: string, items: readonly { readonly name: string }[]): CliError {
  const meant = nearest(
    name,
    items.map((one) => one.name),
  )
  const hint = meant === undefined ? `See: npx sallyport ${what}s` : `Did you mean "${oneLine(meant)}"?`
  return usageError(`There is no ${what} "${oneLine(name)}". ${hint}`)
}
