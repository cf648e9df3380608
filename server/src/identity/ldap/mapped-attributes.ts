import type { DirectoryEntry } from './directory.ts'

/** Several values of one attribute, as conditions read them. */
const SEPARATOR = ', '

/**
 * What conditions read as `user.attributes`. Directories keep the values of an attribute in no order, so several are
 * sorted and joined. What is no text is left out, as is what the entry does not have.
 *
 * @param mapping name in conditions -> attribute of the directory
 */
export function mappedAttributes(
  entry: DirectoryEntry,
  mapping: Readonly<Record<string, string>>,
): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const [name, attribute] of Object.entries(mapping)) {
    const values = entry.texts(attribute)
    if (values.length > 0)
      attributes[name] = values.length === 1 ? (values[0] as string) : values.toSorted().join(SEPARATOR)
  }
  return attributes
}
