import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CertificateNameFacts } from '../../../policy/facts.ts'
import { parseAltSecurityIdentity } from './alt-security-identity.ts'
import { certificateFault } from './certificate-fault.ts'

const SID = 'S-1-5-21-1-2-3-1103'
const KEY = 'a1'.repeat(20)
const CERTIFICATE: CertificateNameFacts = {
  ...{ subject: 'CN=Alice,O=Example', issuer: 'CN=Example CA,DC=example,DC=org', serial: '9a0b0c' },
  ...{ fingerprint: 'f1', notAfter: '2030-01-01T00:00:00Z', extendedKeyUsages: [] },
  ...{ dnsNames: [], upns: ['alice@example.org'], emails: ['alice@example.org'] },
  ...{ subjectKeyId: '0102ff', publicKeySha1: KEY, thumbprint: 'b2'.repeat(20) },
}
const ISSUER = 'DC=org,DC=example,CN=Example CA'

function fault(
  names: Partial<CertificateNameFacts> | undefined,
  altSecurityIdentities: readonly string[] = [],
  mode: 'strong' | 'compatible' = 'strong',
) {
  const certificate = names && { ...CERTIFICATE, ...names }
  return certificateFault(certificate, { mode, kind: 'person', sid: SID, altSecurityIdentities })?.kind
}

test('ok/strong: the SID of the account, or an entry about this certificate or its key', () => {
  assert.equal(fault({ sid: SID }), undefined)
  for (const entry of [
    `X509:<I>${ISSUER}<SR>0c0b9a`,
    `x509:<i>dc=ORG,dc=Example,cn=example ca<sr>0C0B9A00`,
    'X509:<SKI>0102FF',
    `X509:<SHA1-PUKEY>${KEY}`,
    `X509:<SHA1-PUKEY>${'b2'.repeat(20)}`,
  ])
    assert.equal(fault({}, ['Kerberos:x@y', entry]), undefined, entry)
})

test('fail/strong: anything else, a name alone above all', () => {
  assert.equal(fault({}), 'certificate-unbound')
  assert.equal(fault(undefined), 'certificate-unbound')
  for (const entry of [
    'X509:<RFC822>alice@example.org',
    'X509:<S>O=Example,CN=Alice',
    `X509:<I>${ISSUER}<S>O=Example,CN=Alice`,
    `X509:<I>${ISSUER}<SR>9a0b0c`,
    'X509:<I>CN=Example CA,DC=example,DC=org<SR>0c0b9a',
    'X509:<I>DC=org,DC=example,CN=Other CA<SR>0c0b9a',
    `X509:<I>${ISSUER}<SR>`,
    `X509:<I>${ISSUER}`,
    'X509:<I><SR>0c0b9a',
    'X509:<SR>0c0b9a',
    'X509:<SKI>',
    'X509:<SKI>0102',
    `X509:<SKI>0102ff<S>x`,
    `X509:junk<SKI>0102ff`,
    `X509:<SHA1-PUKEY>${'00'.repeat(20)}`,
    '<SKI>0102ff',
  ])
    assert.equal(fault({}, [entry]), 'certificate-unbound', entry)
})

test('fail/the SID of another account, in either mode and whatever else fits', () => {
  const entries = ['X509:<SKI>0102ff']
  for (const sid of [
    'S-1-5-21-1-2-3-500',
    `${SID}0`,
    SID.slice(0, -1),
    '',
    `${SID} S-1-5-21-1-2-3-500`,
    `${SID}\0`,
  ])
    for (const mode of ['strong', 'compatible'] as const)
      assert.equal(fault({ sid }, entries, mode), 'certificate-of-other', JSON.stringify(sid))
})

test('ok/compatible: the name is enough where there is no SID', () => {
  assert.equal(fault({}, [], 'compatible'), undefined)
  assert.equal(fault({ sid: SID }, [], 'compatible'), undefined)
})

test('ok/forms of altSecurityIdentities', () => {
  assert.deepEqual(parseAltSecurityIdentity('X509:<I>CN=a<SR>00ff'), {
    form: 'issuer-serial',
    issuer: 'CN=a',
    serial: 'ff00',
  })
  assert.equal(parseAltSecurityIdentity('X509:'), undefined)
  assert.equal(parseAltSecurityIdentity('X509:<X>1'), undefined)
})
