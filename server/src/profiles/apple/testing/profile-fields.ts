import assert from 'node:assert/strict'
import type { Field } from '../../testing/golden.ts'
import type { PlistField } from './read-plist.ts'

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g

/**
 * Fields of a profile for a golden file: an identifier is a hash, which nobody writes by hand, so each is named by the
 * payload it belongs to (`own UUID`, `UUID of PayloadContent/2`). @throws AssertionError where two payloads share one
 */
export function profileFields(fields: readonly PlistField[]): readonly Field[] {
  const owners = new Map<string, string>()
  for (const [path, value] of fields) {
    if (path.at(-1) !== 'PayloadUUID') continue
    assert.equal(owners.has(value), false, `${value} twice`)
    owners.set(value, path.slice(0, -1).join('/') || 'the profile')
  }
  return fields.map(([path, value]) => {
    const owner = owners.get(value)
    const name = path.join('/')
    if (owner === undefined) return [name, value.replace(UUID, 'HASH')]
    return [name, path.at(-1) === 'PayloadUUID' ? 'own UUID' : `UUID of ${owner}`]
  })
}
