import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reason } from '../../reasons/index.ts'
import { silentSource } from './silent-source.ts'

test('ok/a source that is down, and one that refuses the service account, cost logins alike', () => {
  assert.equal(silentSource(reason('source-unavailable', { source: 'ad', user: 'alice' })), 'ad')
  assert.equal(silentSource(reason('directory-service-account-refused', { source: 'ad' })), 'ad')
  assert.equal(silentSource(reason('source-unavailable', {})), undefined)
  assert.equal(silentSource(reason('user-not-found', { user: 'alice' })), undefined)
})
