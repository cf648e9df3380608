import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Configuration, configurationSchema } from '../../config/schema.ts'
import { checkMacAuthentication } from './mac-checks.ts'

function codes(recognise: string, outer: readonly string[]): string[] {
  const document = configurationSchema.parse({
    clients: [
      { name: 'switch', address: '192.0.2.1', secret: '0123456789abcdef', macAuthentication: { recognise } },
    ],
    rules: [{ name: 'r', methods: { outer }, effect: 'accept' }],
  })
  // The secret is plain text above.
  return checkMacAuthentication(document as Configuration).map(({ path, code }) => `${path} ${code}`)
}

test('ok/neither, or both', () => {
  assert.deepEqual(codes('off', ['pap']), [])
  assert.deepEqual(codes('call-check', ['pap', 'mab']), [])
})

test('fail/one without the other is a warning', () => {
  assert.deepEqual(codes('off', ['mab']), ['rules/r/methods mab-without-client'])
  assert.deepEqual(codes('user-name-is-mac', ['pap']), ['clients/switch/macAuthentication mab-without-rule'])
})
