import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Configuration, configurationSchema } from '../../config/schema.ts'
import { checkDynamicAuthorization } from './setting-checks.ts'

function problems(dynamicAuthorization: object): string[] {
  const client = { name: 'switch', address: '192.0.2.1', secret: '0123456789abcdef', dynamicAuthorization }
  const document = configurationSchema.parse({ clients: [client] })
  // Secrets are plain text in this document.
  return checkDynamicAuthorization(document as unknown as Configuration).map(
    ({ path, severity, code }) => `${severity} ${path} ${code}`,
  )
}

test('ok/ names and requests that can be built', () => {
  assert.deepEqual(
    problems({
      identify: ['NAS-Identifier', 'Cisco-AVPair:audit-session-id'],
      bouncePort: { packet: 'coa', attributes: [{ name: 'HP-Port-Bounce-Host', value: '10' }] },
    }),
    [],
  )
})

test('fail/ a name no dictionary knows, a value that is none, names of the device alone', () => {
  const at = 'error clients/switch/dynamicAuthorization'
  assert.deepEqual(problems({ identify: ['User-Name', 'Usr-Name'] }), [
    `${at}/identify/1 attribute-unknown-attribute`,
  ])
  assert.deepEqual(problems({ identify: ['NAS-Identifier', 'NAS-IP-Address'] }), [
    `${at}/identify session-not-named`,
  ])
  const attributes = [{ name: 'Session-Timeout', value: 'soon' }]
  assert.deepEqual(problems({ reauthenticate: { packet: 'coa', attributes } }), [
    `${at}/reauthenticate/attributes/0 attribute-value-not-representable`,
  ])
})
