import type { ObjectChange } from './difference.ts'
import type { Problem } from './problem.ts'
import type { YamlText } from './yaml-text.ts'

/**
 * An object of a document replaces the one of its name as a whole. Where that takes away something the document does not
 * speak of, it was probably forgotten: one warning for each such object.
 */
export function resetFields(changes: readonly ObjectChange[], text: YamlText): Problem[] {
  return changes.flatMap(({ section, name, action, fields = [] }) => {
    if (action !== 'change') return []
    const object = objectOf(text.value, section, name)
    // The order of rules is nobody's object.
    if (object === undefined) return []
    const reset = fields.filter(({ path, before }) => before !== undefined && !names(object, path))
    if (reset.length === 0) return []
    return [
      {
        path: section === 'settings' ? section : `${section}/${name}`,
        severity: 'warning',
        code: 'fields-reset',
        message: `Fields not named go back to their defaults: ${reset.map(({ path }) => path).join(', ')}.`,
      },
    ]
  })
}

function objectOf(document: unknown, section: string, name: string): unknown {
  const value = isMap(document) ? document[section] : undefined
  if (!Array.isArray(value)) return value
  return value.find((item: unknown) => isMap(item) && item.name === name)
}

/** True where the object itself speaks of the field. */
function names(object: unknown, path: string): boolean {
  let value = object
  for (const key of path.split('/')) {
    if (!isMap(value) || !Object.hasOwn(value, key)) return false
    value = value[key]
  }
  return true
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
