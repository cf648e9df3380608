import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CLIENT_OUTPUTS } from './client-outputs.ts'
import { possibilityOf } from './possibility.ts'
import { exampleVpn, exampleWifi } from './testing/example-input.ts'

const of = (id: string, input = exampleVpn()) =>
  possibilityOf(CLIENT_OUTPUTS.find((one) => one.id === id) ?? assert.fail(id), input)

test('ok/for anybody, only for somebody named, not at all', () => {
  assert.equal(of('windows-setup'), 'yes')
  assert.equal(of('linux-networkmanager'), 'yes')
  assert.equal(of('linux-swanctl'), 'needs-person')
})

test('fail/what stands against it whoever it is for', () => {
  assert.equal(of('linux-swanctl', exampleVpn({ tunnelTypes: ['sstp'] })), 'no')
  assert.equal(of('windows-rasphone', exampleWifi() as never), 'no')
})
