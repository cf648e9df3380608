import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filterFault } from './filter-syntax.ts'

const GOOD = [
  // RFC 4515 section 4
  '(cn=Babs Jensen)',
  '(!(cn=Tim Howes))',
  '(&(objectClass=Person)(|(sn=Jensen)(cn=Babs J*)))',
  '(o=univ*of*mich*)',
  '(seeAlso=)',
  '(cn:caseExactMatch:=Fred Flintstone)',
  '(cn:=Betty Rubble)',
  '(sn:dn:2.4.6.8.10:=Barney Rubble)',
  '(o:dn:=Ace Industry)',
  '(:1.2.3:=Wilma Flintstone)',
  '(:dn:2.4.6.8.10:=Dino)',
  '(o=Parens R Us \\28for all your parenthetical needs\\29)',
  '(bin=\\00\\00\\00\\04)',
  '(sn=Lu\\c4\\8di\\c4\\87)',
  '(memberOf:1.2.840.113556.1.4.1941:=cn=VPN Users,dc=example,dc=org)',
]

const BAD = [
  ...['', 'cn=a', '(cn=a', '(cn=a))', '(cn=a)(b=c)', '()', '(cn)', '(&)', '(!)', '(!(a=b)(c=d))'],
  ...['(&(a=b)', '(a=b\\zz)', '(a=b\\2)', '(a=\0)', '(a b=c)', ' (a=b)', '(&(a=b) (c=d))', '(=x)'],
  `${'(!'.repeat(50)}(a=b)${')'.repeat(50)}`,
]

test('ok/filters', () => {
  for (const filter of GOOD) assert.equal(filterFault(filter), undefined, filter)
})

test('fail/what is none', () => {
  for (const filter of BAD) assert.notEqual(filterFault(filter), undefined, filter)
})
