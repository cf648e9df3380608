import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type LoginName, readLoginName } from './login-name.ts'

const DOMAIN = { dnsName: 'ad.example.org', netbiosName: 'EXAMPLE' }

function read(user: string, wholeName = user): LoginName {
  return readLoginName(user, wholeName, DOMAIN)
}

test('ok/persons', () => {
  assert.deepEqual(read('alice'), { kind: 'person', account: 'alice' })
  assert.deepEqual(read('alice', 'example\\alice'), { kind: 'person', account: 'alice' })
  assert.deepEqual(read('alice', 'AD.EXAMPLE.ORG\\alice'), { kind: 'person', account: 'alice' })
  assert.deepEqual(read('a.b', 'a.b@mail.example'), {
    kind: 'person',
    principal: 'a.b@mail.example',
    account: 'a.b',
  })
})

test('ok/computers', () => {
  assert.deepEqual(read('host/PC1.ad.example.org'), { kind: 'computer', dnsName: 'PC1.ad.example.org' })
  assert.deepEqual(read('host/pc1'), { kind: 'computer', dnsName: 'pc1.ad.example.org' })
  for (const whole of ['PC1$', 'EXAMPLE\\PC1$', 'PC1$@ad.example.org'])
    assert.deepEqual(read('PC1$', whole), { kind: 'computer', account: 'PC1$' })
})

test('fail/another domain, no name at all', () => {
  assert.deepEqual(read('alice', 'OTHER\\alice'), { kind: 'elsewhere' })
  assert.deepEqual(read('PC1$', 'OTHER\\PC1$'), { kind: 'elsewhere' })
  assert.deepEqual(read('host/'), { kind: 'elsewhere' })
  assert.deepEqual(read('host/a/b.example.org'), { kind: 'elsewhere' })
  assert.deepEqual(readLoginName('alice', 'EXAMPLE\\alice', { dnsName: 'ad.example.org' }), {
    kind: 'elsewhere',
  })
})
