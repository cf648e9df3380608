import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDn } from '@sallyport/ldap'
import fc from 'fast-check'
import { dnFault } from './dn-syntax.ts'

const GOOD = [
  // RFC 4514 section 4
  'UID=jsmith,DC=example,DC=net',
  'OU=Sales+CN=J.  Smith,DC=example,DC=net',
  'CN=James \\"Jim\\" Smith\\, III,DC=example,DC=net',
  'CN=Before\\0dAfter,DC=example,DC=net',
  '1.3.6.1.4.1.1466.0=#04024869',
  'CN=Lu\\C4\\8Di\\C4\\87',
  // as people write them
  'cn=svc, ou=Dienste, dc=example, dc=org',
  'CN=Müller\\, Anna,OU=Users,DC=example,DC=org',
  'cn=a=b,dc=org',
  'cn=ends with space\\ ,dc=org',
]

const BAD: readonly (readonly [dn: string, fault: RegExp])[] = [
  ['svc@example.org', /not of the form name=value/],
  ['cn=a,,dc=org', /empty/],
  ['cn=a,', /empty/],
  ['cn=,dc=org', /value of 'cn' is empty/],
  ['c n=a', /'c n' is not the name/],
  ['cn=#zz', /hexadecimal/],
  ['cn="quoted",dc=org', /must be escaped/],
  ['cn=a<b', /must be escaped/],
  ['cn=a\\', /ends within an escape/],
  ['cn=a\\qb', /escapes nothing/],
  ['cn=a\0b', /must be escaped/],
]

test('ok/distinguished names', () => {
  for (const dn of GOOD) assert.equal(dnFault(dn), undefined, dn)
})

test('fail/what is none', () => {
  for (const [dn, fault] of BAD) assert.match(dnFault(dn) ?? 'no fault', fault, dn)
})

test('any text ends in a verdict', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const fault = dnFault(text)
      assert.ok(fault === undefined || fault.length > 0)
    }),
    { seed: 20261122 },
  )
})

test('what passes here can be read where names are compared', () => {
  for (const dn of GOOD) assert.notEqual(parseDn(dn), undefined, dn)
  const part = fc.stringMatching(/^[a-z ,+=\\"#;<>0-9]{0,8}$/)
  fc.assert(
    fc.property(part, part, (first, second) => {
      const text = `cn=${first},dc=${second}`
      if (dnFault(text) === undefined) assert.notEqual(parseDn(text), undefined, text)
    }),
    { seed: 20261122, numRuns: 2000 },
  )
})
