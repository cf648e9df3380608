import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { toHex } from '@sallyport/bytes'
import { sidExtension } from './extension-encoders.ts'
import {
  applicationPolicies,
  nameValuePair,
  readApplicationPolicies,
  readNameValuePairs,
  readTemplateInformation,
  readTemplateName,
  templateInformation,
  templateName,
} from './microsoft-extensions.ts'

/** Another reader's view: type and value of every element, in order. */
function asn1(value: Uint8Array): string[] {
  const text = execFileSync('openssl', ['asn1parse', '-inform', 'DER'], { input: value, encoding: 'utf8' })
  return text
    .trim()
    .split('\n')
    .map((line) => line.replace(/^.*?(prim|cons): */, '').replace(/ +/g, ' '))
}

test('ok/template information, read by openssl and back', () => {
  const information = { oid: '1.3.6.1.4.1.311.21.8.1.2.3', major: 100, minor: 4 }
  const { value } = templateInformation(information)
  assert.deepEqual(asn1(value), [
    'SEQUENCE ',
    'OBJECT :1.3.6.1.4.1.311.21.8.1.2.3',
    'INTEGER :64',
    'INTEGER :04',
  ])
  assert.deepEqual(readTemplateInformation(value), information)
})

test('ok/the name of a template is one bare BMPString', () => {
  const { value } = templateName('User')
  assert.equal(toHex(value), '1e080055007300650072')
  assert.equal(readTemplateName(value), 'User')
  assert.throws(() => templateName('\u{1f600}'), { code: 'invalid-request' })
})

test('ok/application policies, read by openssl and back', () => {
  const { value } = applicationPolicies('1.3.6.1.5.5.7.3.2')
  assert.deepEqual(asn1(value), ['SEQUENCE ', 'SEQUENCE ', 'OBJECT :TLS Web Client Authentication'])
  assert.deepEqual(readApplicationPolicies(value), ['1.3.6.1.5.5.7.3.2'])
})

test('ok/the security identifier stands as KB5014754 has it', () => {
  const { value } = sidExtension('S-1-5-21-1-2-3-500')
  assert.deepEqual(asn1(value), [
    'SEQUENCE ',
    'cont [ 0 ] ',
    'OBJECT :1.3.6.1.4.1.311.25.2.1',
    'cont [ 0 ] ',
    'OCTET STRING :S-1-5-21-1-2-3-500',
  ])
})

test('ok/name-value pairs, one by one or several', () => {
  const [a, b] = [nameValuePair('CertificateTemplate', 'User'), nameValuePair('x', 'y')]
  const both = Uint8Array.from([...a, ...b])
  const pairs = [
    ['CertificateTemplate', 'User'],
    ['x', 'y'],
  ]
  assert.deepEqual(readNameValuePairs([both]), pairs)
  assert.deepEqual(readNameValuePairs([a, b]), pairs)
})
