import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceAddressFor } from './source-address.ts'

test('ok/ the address we listen on, of the family of the device', () => {
  const listening = ['192.0.2.10', '2001:db8::10']
  assert.equal(sourceAddressFor('192.0.2.1', listening), '192.0.2.10')
  assert.equal(sourceAddressFor('2001:db8::1', listening), '2001:db8::10')
})

test('ok/ left to the system where we listen on all, or on none that reaches the device', () => {
  assert.equal(sourceAddressFor('192.0.2.1', ['0.0.0.0', '::']), undefined)
  assert.equal(sourceAddressFor('2001:db8::1', ['192.0.2.10']), undefined)
  assert.equal(sourceAddressFor('192.0.2.1', ['127.0.0.1']), undefined)
  assert.equal(sourceAddressFor('127.0.0.6', ['127.0.0.1']), '127.0.0.1')
})
