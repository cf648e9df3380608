import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemName } from './system-name.ts'

describe('systemName', () => {
  it('ok/plain', () => assert.equal(systemName({ name: 'Example VPN' }), 'Example-VPN'))
  it('ok/two-names-in-another-script-stay-two', () => {
    const [one, other] = [systemName({ name: 'Университет' }), systemName({ name: 'Больница' })]
    assert.match(one, /^connection-[0-9a-f]{8}$/)
    assert.notEqual(one, other)
  })
  it('ok/long', () => {
    // Version 5 of "linux" and the name, by Python's uuid module.
    assert.equal(systemName({ name: `ü${'a'.repeat(60)}` }), `u${'a'.repeat(39)}-3943bb2c`)
  })
  it('fail/path', () => assert.match(systemName({ name: '../../etc' }), /^etc-[0-9a-f]{8}$/))
})
