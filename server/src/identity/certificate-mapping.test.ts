import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CertificateNames, mapCertificate } from './certificate-mapping.ts'

const none: CertificateNames = { upns: [], emails: [], dnsNames: [], issuedByOwnCa: false }
const own: CertificateNames = { ...none, issuedByOwnCa: true }

test('a certificate of our own CA: the record, else UPN, else e-mail', () => {
  const all = { ...own, upns: ['u'], emails: ['e@example.org'] }
  assert.deepEqual(mapCertificate({ ...all, recordedUser: 'r' }), {
    kind: 'mapped',
    userName: 'r',
    by: 'record',
  })
  assert.deepEqual(mapCertificate(all), { kind: 'mapped', userName: 'u', by: 'upn' })
  assert.deepEqual(mapCertificate({ ...all, upns: [] }), {
    kind: 'mapped',
    userName: 'e@example.org',
    by: 'email',
  })
})

test('fail/the common name is nobody, whoever issued: a device may be called as a person is', () => {
  const device = { commonName: 'alice' }
  for (const names of [own, none]) {
    assert.deepEqual(mapCertificate({ ...names, ...device }), { kind: 'unmapped', why: 'no-name' })
  }
  assert.deepEqual(mapCertificate({ ...own, ...device, dnsNames: ['pc1.example.org'] }), {
    kind: 'mapped',
    userName: 'host/pc1.example.org',
    by: 'dns',
  })
})

test('a foreign CA vouches for UPN and e-mail with a realm, never for a record', () => {
  assert.deepEqual(mapCertificate({ ...none, upns: ['alice@example.org'] }), {
    kind: 'mapped',
    userName: 'alice@example.org',
    by: 'upn',
  })
  assert.deepEqual(mapCertificate({ ...none, upns: ['alice'] }), { kind: 'unmapped', why: 'no-realm' })
  assert.deepEqual(mapCertificate({ ...none, upns: ['EXAMPLE\\alice'] }), {
    kind: 'unmapped',
    why: 'no-realm',
  })
  assert.deepEqual(mapCertificate({ ...none, dnsNames: ['alice'], recordedUser: 'alice' }), {
    kind: 'unmapped',
    why: 'no-name',
  })
})

test('the kind that is present decides alone, and several names decide nothing', () => {
  const twoUpns = { ...none, upns: ['a@example.org', 'b@example.org'], emails: ['c@example.org'] }
  assert.deepEqual(mapCertificate(twoUpns), { kind: 'unmapped', why: 'ambiguous' })
  const sameTwice = { ...none, emails: ['a@example.org', 'A@EXAMPLE.org'] }
  assert.equal(mapCertificate(sameTwice).kind, 'mapped')
  const broken = { ...none, upns: ['a@b@c'], emails: ['a@example.org'] }
  assert.deepEqual(mapCertificate(broken), { kind: 'unmapped', why: 'malformed' })
  const withNul = { ...none, emails: ['admin\0@example.org'] }
  assert.deepEqual(mapCertificate(withNul), { kind: 'unmapped', why: 'malformed' })
})

test('a foreign CA cannot make somebody else of letters that fold into his name', () => {
  for (const upn of ['mıke@example.org', 'ﬁona@example.org', 'ſam@example.org', 'mike@ﬁrm.org']) {
    assert.deepEqual(mapCertificate({ ...none, upns: [upn] }), { kind: 'unmapped', why: 'look-alike' }, upn)
  }
  assert.deepEqual(mapCertificate({ ...none, upns: ['mıke@example.org', 'mike@example.org'] }), {
    kind: 'unmapped',
    why: 'look-alike',
  })
  for (const upn of ['Mike@Example.org', 'Γιώργος@example.org', 'jörg@example.org', 'МИХАИЛ@example.org']) {
    assert.equal(mapCertificate({ ...none, upns: [upn] }).kind, 'mapped', upn)
  }
})

test('a DNS name stands for a computer, and only where nothing names a person', () => {
  const computer = { kind: 'mapped', userName: 'host/pc1.example.org', by: 'dns' }
  assert.deepEqual(
    mapCertificate({ ...none, dnsNames: ['PC1.example.org', 'pc1.example.org', 'pc1'] }),
    computer,
  )
  assert.equal(mapCertificate({ ...none, dnsNames: ['pc1.example.org'], upns: ['a@b@c'] }).kind, 'unmapped')
  const two = mapCertificate({ ...none, dnsNames: ['pc1.example.org', 'pc2.example.org'] })
  assert.deepEqual(two, { kind: 'unmapped', why: 'ambiguous' })
  for (const name of [
    'pc1',
    '*.example.org',
    'pc1.example.org.',
    'pc1..org',
    'alice@example.org',
    'pc1\0.example.org',
  ])
    assert.equal(mapCertificate({ ...none, dnsNames: [name] }).kind, 'unmapped', name)
})
