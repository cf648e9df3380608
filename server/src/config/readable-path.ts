/**
 * Paths people can read: `clients/vpn-1/address`. A list member goes by its `name`, else by its position.
 */
export function readablePath(document: unknown, path: readonly PropertyKey[]): string {
  const words: string[] = []
  let value = document
  for (const key of path) {
    const next = memberOf(value, key)
    words.push(Array.isArray(value) ? (nameOf(next) ?? String(key)) : String(key))
    value = next
  }
  return words.join('/')
}

export function nameOf(value: unknown): string | undefined {
  const name = memberOf(value, 'name')
  return typeof name === 'string' && name !== '' ? name : undefined
}

export function memberOf(value: unknown, key: PropertyKey): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  // An object that owns the key; what it holds is still unknown.
  return (value as Readonly<Record<PropertyKey, unknown>>)[key]
}
