import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toHex } from '@sallyport/bytes'
import { encodeFilter } from './filter-encoder.ts'
import { LdapError } from './ldap-error.ts'

const hex = (text: string): string => Buffer.from(text).toString('hex')

/** RFC 4515 section 4 -> octets of RFC 4511 section 4.5.1.7. */
const WRITTEN: readonly [string, string][] = [
  ['(cn=Babs)', `a30a0402${hex('cn')}0404${hex('Babs')}`],
  ['(objectClass=*)', `870b${hex('objectClass')}`],
  ['(!(cn=a))', `a209a3070402${hex('cn')}0401${hex('a')}`],
  ['(&(a=1)(b=2))', `a010a3060401${hex('a')}0401${hex('1')}a3060401${hex('b')}0401${hex('2')}`],
  ['(|(a=1))', `a108a3060401${hex('a')}0401${hex('1')}`],
  ['(o=univ*of*mich*)', `a4150401${hex('o')}30108004${hex('univ')}8102${hex('of')}8104${hex('mich')}`],
  ['(o=*x)', `a4080401${hex('o')}30038201${hex('x')}`],
  ['(a>=5)', `a5060401${hex('a')}0401${hex('5')}`],
  ['(a<=5)', `a6060401${hex('a')}0401${hex('5')}`],
  ['(a~=5)', `a8060401${hex('a')}0401${hex('5')}`],
  ['(cn:caseExactMatch:=F)', `a917810e${hex('caseExactMatch')}8202${hex('cn')}8301${hex('F')}`],
  ['(o:dn:=A)', `a9098201${hex('o')}8301${hex('A')}8401ff`],
  ['(:1.2.3:=W)', `a90a8105${hex('1.2.3')}8301${hex('W')}`],
  ['(o=)', `a3050401${hex('o')}0400`],
  ['(o=\\2a\\00\\ff)', `a3080401${hex('o')}04032a00ff`],
  ['(cn;lang-de=ü)', `a310040a${hex('cn;lang-de')}0402c3bc`],
]

test('ok/filters as octets', () => {
  for (const [text, octets] of WRITTEN) assert.equal(toHex(encodeFilter(text)), octets, text)
})

test('fail/what is no filter says where', () => {
  const wrong = [
    '',
    'cn=a',
    '(cn=a',
    '(cn=a))',
    '(&)',
    '(|)',
    '(!)',
    '((cn=a))',
    '(=a)',
    '(cn=a\\2)',
    '(cn=\\zz)',
    '(a=*(b=c)',
    '(a>=*)',
    '(a=**)',
    '(:=a)',
    '(a=\0)',
  ]
  for (const text of wrong)
    assert.throws(
      () => encodeFilter(text),
      (error) => error instanceof LdapError && error.code === 'invalid-filter',
      text,
    )
  assert.throws(
    () => encodeFilter('(!'.repeat(5000).concat('(a=b)', ')'.repeat(5000))),
    /nested deeper than 32/,
  )
})
