import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { IdentifiedUser } from '../../identity/source.ts'
import { enrolmentIdentity } from './enrolment-identity.ts'

const REALMS = [
  { name: 'staff', default: true, suffixes: ['example.org'], sources: ['local'] },
  { name: 'ad', suffixes: ['ad.example.org'], sources: ['corp'] },
]
const LOCAL: IdentifiedUser = {
  ...{ id: '1', name: 'alice', source: 'local', groups: ['staff'], kind: 'person' },
  attributes: {
    displayName: 'Alice A',
    mail: 'alice@example.org',
    upn: 'administrator@ad.example.org',
    sid: 'S-1-5',
  },
}
const COMPUTER: IdentifiedUser = {
  ...{ id: 'corp/2', name: 'WS1$', source: 'corp', groups: ['Domain Computers'], kind: 'computer' },
  attributes: { sid: 'S-1-5-21-1-2-3-1104', dnsHostName: 'WS1.ad.example.org' },
}

test('ok/a person of Active Directory and a computer: names and SID as the directory says them', () => {
  const person = {
    ...LOCAL,
    id: 'corp/1',
    source: 'corp',
    attributes: { upn: 'a@corp.test', sid: 'S-1-5-21-1' },
  }
  assert.deepEqual(enrolmentIdentity(person, 'active-directory', REALMS), {
    ...{ kind: 'person', id: 'corp/1', source: 'corp', name: 'alice', groups: ['staff'] },
    ...{ realm: 'ad.example.org', upn: 'a@corp.test', sid: 'S-1-5-21-1' },
  })
  const computer = enrolmentIdentity(COMPUTER, 'active-directory', REALMS)
  assert.equal(computer.dnsName, 'ws1.ad.example.org')
  assert.equal(computer.sid, 'S-1-5-21-1-2-3-1104')
  assert.equal(computer.upn, undefined)
})

test('fail/what a local user says of itself is neither a SID nor a principal name', () => {
  const { upn, sid, displayName, email } = enrolmentIdentity(LOCAL, 'none', REALMS)
  assert.deepEqual([upn, sid], ['alice@example.org', undefined])
  assert.deepEqual([displayName, email], ['Alice A', 'alice@example.org'])
  assert.equal(enrolmentIdentity(LOCAL, 'directory', REALMS).sid, undefined)
})

test('ok/an account that no name leads to has no principal name', () => {
  const identity = enrolmentIdentity({ ...LOCAL, source: 'nobody-asks-it' }, 'none', REALMS)
  assert.deepEqual([identity.realm, identity.upn], [undefined, undefined])
})
