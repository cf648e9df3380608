import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { dnKey, isWithin } from './dn-key.ts'

const ALICE = 'CN=Alice Example,OU=People,DC=ad,DC=example,DC=org'

describe('keys of distinguished names', () => {
  for (const other of [
    'cn=alice example,ou=people,dc=AD,dc=example,dc=org',
    'CN = Alice Example , OU=People,  DC=ad,DC=example,DC=org',
    'CN=\\41lice Example,OU=People,DC=ad,DC=example,DC=org',
  ]) {
    it(`ok/one name: ${other}`, () => assert.equal(dnKey(other), dnKey(ALICE)))
  }
  it('ok/escapes are told from what they escape', () => {
    assert.equal(dnKey('CN=Example\\, Alice,DC=x'), dnKey('cn=Example\\2c Alice,dc=x'))
    assert.notEqual(dnKey('CN=Example\\,DC=y,DC=x'), dnKey('CN=Example,DC=y,DC=x'))
    assert.equal(dnKey('CN=J\\c3\\bcrgen,DC=x'), dnKey('CN=Jürgen,DC=x'))
    assert.equal(dnKey('CN=a+UID=b,DC=x'), dnKey('uid=b+cn=a,DC=x'))
  })
  it('fail/another name has another key', () => {
    for (const other of [ALICE.replace('Alice', 'Alicia'), ALICE.replace('OU', 'CN'), ALICE.slice(0, -1)]) {
      assert.notEqual(dnKey(other), dnKey(ALICE))
    }
  })
  it('ok/what is below a base is found by whole relative names', () => {
    assert.ok(isWithin(ALICE, 'ou=people, dc=ad,dc=example,dc=org'))
    assert.ok(isWithin(ALICE, ALICE))
    assert.ok(isWithin(ALICE, ''))
    assert.ok(!isWithin(ALICE, 'OU=eople,DC=ad,DC=example,DC=org'))
    assert.ok(!isWithin('DC=org', ALICE))
    // An escaped comma is no end of a relative name.
    assert.ok(!isWithin('CN=x\\,DC=org', 'DC=org'))
  })
})
