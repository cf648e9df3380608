import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDn } from '@sallyport/ldap'
import { bindName } from './bind-name.ts'

test('ok/a DN template escapes the name', () => {
  const made = bindName('uid={user},ou=People,dc=x', 'a,ou=Admins+cn=b$&') ?? ''
  assert.deepEqual(parseDn(made)[0], [{ type: 'uid', value: 'a,ou=Admins+cn=b$&' }])
  assert.equal(parseDn(made).length, 3)
})

test('ok/a principal template takes names that are names', () => {
  assert.equal(bindName('{user}@example.org', 'ada'), 'ada@example.org')
  assert.equal(bindName('EXAMPLE\\{user}', 'ada.l-1'), 'EXAMPLE\\ada.l-1')
})

test('fail/what means something in a principal is no part of a name', () => {
  for (const name of ['', 'ada@evil.org', 'EVIL\\ada', 'a b', 'ada/x', 'ada\0', 'cn=ada,dc=x', '*', 'a;b'])
    assert.equal(bindName('{user}@example.org', name), undefined, JSON.stringify(name))
})
