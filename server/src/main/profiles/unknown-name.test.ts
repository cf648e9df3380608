import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unknownName } from './unknown-name.ts'

const KNOWN = { what: 'connection', known: ['Example VPN'], list: 'npx sallyport connections' } as const

test('fail/a name with a slip brings the one that was meant', () => {
  const { code, message } = unknownName('connection-not-found', { ...KNOWN, name: 'Exmple VPN' })
  assert.equal(code, 'connection-not-found')
  assert.equal(message, 'There is no connection "Exmple VPN". Did you mean "Example VPN"?')
})

test('fail/one that is like none brings the command that lists them', () => {
  const { message } = unknownName('connection-not-found', { ...KNOWN, name: 'other' })
  assert.equal(message, 'There is no connection "other". See: npx sallyport connections')
})
