import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { stableUuid } from './stable-uuid.ts'

describe('stableUuid', () => {
  it('ok/version-5', () => {
    assert.match(stableUuid('a'), /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  it('ok/same-name-same-identifier', () =>
    assert.equal(stableUuid('vpn', 'alice'), stableUuid('vpn', 'alice')))

  it('fail/parts-do-not-run-together', () => {
    assert.notEqual(stableUuid('vpn', 'alice'), stableUuid('vpna', 'lice'))
    assert.notEqual(stableUuid('a","b'), stableUuid('a', 'b'))
  })
})
