import assert from 'node:assert/strict'
import { test } from 'node:test'
import { certificateNames } from '@sallyport/pki'
import type { EnrolmentRequest } from './registration.ts'
import { ALICE, makeRequest, openRegistrationBench, template } from './testing.ts'

const alice = { by: 'password', name: 'alice', identity: ALICE } as const

function asked(more: Partial<EnrolmentRequest> = {}): EnrolmentRequest {
  return { protocol: 'est', requester: alice, request: makeRequest().request, ...more }
}

test('ok/a certificate for an account: its names, its key, the template', async () => {
  const { registration, certificates } = await openRegistrationBench()
  const outcome = await registration.request(asked())
  assert.ok(outcome.kind === 'issued', JSON.stringify(outcome))
  const { subject, upns, emails, uris, sid, extendedKeyUsages } = certificateNames(outcome.certificate)
  assert.deepEqual(
    { subject, upns, emails, uris, sid, extendedKeyUsages },
    {
      subject: 'CN=alice',
      upns: ['alice@corp.example.org'],
      emails: ['alice@example.org'],
      uris: ['urn:sallyport:user:corp/a1'],
      sid: 'S-1-5-21-1-2-3-1104',
      extendedKeyUsages: ['1.3.6.1.5.5.7.3.2'],
    },
  )
  assert.equal(outcome.chain.length, 2)
  const record = await certificates.find(certificateNames(outcome.certificate).serial)
  assert.deepEqual(
    [record?.kind, record?.template, record?.holder_id, record?.holder_name, record?.protocol],
    ['client', 'user', 'corp/a1', 'alice', 'est'],
  )
})

test('ok/a certificate that logs in holds the id of its account, whatever the template lists', async () => {
  const { registration } = await openRegistrationBench(template({ subjectAltNames: ['upn'] }))
  const outcome = await registration.request(asked())
  assert.ok(outcome.kind === 'issued', JSON.stringify(outcome))
  const { upns, emails, uris } = certificateNames(outcome.certificate)
  const names = [['alice@corp.example.org'], [], ['urn:sallyport:user:corp/a1']]
  assert.deepEqual([upns, emails, uris], names)
})

test('ok/fifty of the same transaction at once get one certificate, and later ones the same', async () => {
  const { registration, certificates } = await openRegistrationBench(template({ perHolder: 1 }))
  const request = asked({ transaction: 't1' })
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => registration.request(request)))
  outcomes.push(await registration.request(request))
  const fingerprints = new Set(
    outcomes.map((outcome) => (outcome.kind === 'issued' ? outcome.certificate.fingerprint : outcome.kind)),
  )
  assert.equal(fingerprints.size, 1)
  assert.equal((await certificates.issuedOfKind('client')).length, 1)
})

test('fail/fifty transactions at once get no more certificates than one may have', async () => {
  const { registration, certificates } = await openRegistrationBench(template({ perHolder: 3 }))
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => registration.request(asked())))
  assert.equal(outcomes.filter(({ kind }) => kind === 'issued').length, 3)
  const refusals = outcomes.flatMap((outcome) => (outcome.kind === 'refused' ? [outcome.reason.code] : []))
  assert.deepEqual([...new Set(refusals)], ['enrolment-too-many'])
  assert.equal((await certificates.issuedOfKind('client')).length, 3)
})
