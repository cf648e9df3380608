import type { Field } from '../../testing/golden.ts'

/** Every leaf of JSON text with its path, in the order of the file; a list counts its members. */
export function jsonFields(text: string): readonly Field[] {
  return leaves('', JSON.parse(text))
}

function leaves(path: string, value: unknown): readonly Field[] {
  if (typeof value !== 'object' || value === null) return [[path, String(value)]]
  return Object.entries(value).flatMap(([key, inner]) => leaves(path === '' ? key : `${path}/${key}`, inner))
}
