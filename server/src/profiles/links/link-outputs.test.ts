import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CLIENT_OUTPUTS } from '../client-outputs.ts'
import { LINK_SYSTEMS, PERSONAL_OUTPUTS, personalOutputs } from './link-outputs.ts'

test('ok/every output a link offers is there, of a system a page has a button for', () => {
  for (const id of PERSONAL_OUTPUTS) {
    const output = CLIENT_OUTPUTS.find((one) => one.id === id) ?? assert.fail(id)
    assert.ok((LINK_SYSTEMS as readonly string[]).includes(output.system), id)
  }
})

test('ok/the order is that of the list, not of the registry', () => {
  const [first, second] = CLIENT_OUTPUTS.filter(({ system }) => system === 'windows')
  assert.ok(first && second)
  const ids = personalOutputs(CLIENT_OUTPUTS, 'windows', [second.id, first.id, 'apple-mobileconfig'])
  assert.deepEqual(
    ids.map(({ id }) => id),
    [second.id, first.id],
  )
})
