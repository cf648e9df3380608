/** Approval, renewal, supersession, and what is left after a crash. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Certificate, certificateNames, generateKeyPairFor, serialText } from '@sallyport/pki'
import { reason } from '../../reasons/index.ts'
import type { EnrolmentOutcome, EnrolmentRequest } from './registration.ts'
import { RegistrationAuthority } from './registration-authority.ts'
import type { Requester } from './requester.ts'
import { ALICE, makeRequest, openRegistrationBench, template } from './testing.ts'

const DAY = 86_400_000
const alice: Requester = { by: 'password', name: 'alice', identity: ALICE }
/** By the certificate that is renewed, and nothing else. */
const holder: Requester = { by: 'certificate', name: 'CN=alice' }

function asked(more: Partial<EnrolmentRequest> = {}): EnrolmentRequest {
  return { protocol: 'est', requester: alice, request: makeRequest().request, ...more }
}

function issued(outcome: EnrolmentOutcome | undefined): Certificate {
  assert.ok(outcome?.kind === 'issued', JSON.stringify(outcome))
  return outcome.certificate
}

function codeOf(outcome: EnrolmentOutcome | undefined): string | undefined {
  return outcome?.kind === 'refused' || outcome?.kind === 'unavailable' ? outcome.reason.code : outcome?.kind
}

test('ok/what needs approval waits, is issued once approved, and only its requester learns of it', async () => {
  const { registration, certificates } = await openRegistrationBench(template({ approval: 'required' }))
  const request = asked({ transaction: 't' })
  const first = await registration.request(request)
  assert.ok(first.kind === 'pending')
  assert.equal((await registration.request(request)).kind, 'pending')
  assert.equal((await certificates.issuedOfKind('client')).length, 0)
  const { id } = first
  const stranger = { ...alice, identity: { ...ALICE, id: 'corp/b2' } }
  assert.equal(await registration.result(id, stranger), undefined)
  assert.equal((await registration.result(id, alice))?.kind, 'pending')
  const certificate = issued(await registration.approve(id, 'ada', null))
  for (const again of [await registration.result(id, alice), await registration.request(request)]) {
    assert.equal(issued(again).fingerprint, certificate.fingerprint)
  }
  assert.equal(await registration.approve(id, 'ada', null), undefined)
  assert.equal(await registration.deny(id, 'ada', null), false)
  // A renewal needs none: the holder is the same, and asked for again.
  const renewed = await registration.request(asked({ requester: holder, renews: certificate }))
  assert.equal(renewed.kind, 'issued')
})

test('fail/denied stays denied, with the note', async () => {
  const { registration } = await openRegistrationBench(template({ approval: 'required' }))
  const request = asked({ transaction: 't' })
  const first = await registration.request(request)
  assert.ok(first.kind === 'pending')
  assert.equal(await registration.deny(first.id, 'ada', 'not a company phone'), true)
  const outcome = await registration.request(request)
  assert.deepEqual(
    outcome.kind === 'refused' && outcome.reason,
    reason('enrolment-denied', { id: first.id, note: 'not a company phone' }),
  )
  assert.equal(await registration.approve(first.id, 'ada', null), undefined)
})

test('fail/approved, but the account has left the group meanwhile; with the group it is issued', async () => {
  for (const groups of [['Guests'], ['VPN Users']]) {
    const { registration, identities } = await openRegistrationBench(template({ approval: 'required' }))
    const first = await registration.request(asked())
    assert.ok(first.kind === 'pending')
    identities.answers.set(ALICE.id, { kind: 'known', identity: { ...ALICE, groups } })
    const expected = groups.includes('VPN Users') ? 'issued' : 'enrolment-not-permitted'
    assert.equal(codeOf(await registration.approve(first.id, 'ada', null)), expected)
  }
})

test('ok/the directory is silent at the approval: it is issued when the client asks again', async () => {
  const { registration, identities } = await openRegistrationBench(template({ approval: 'required' }))
  const request = asked({ transaction: 't' })
  const first = await registration.request(request)
  assert.ok(first.kind === 'pending')
  const why = reason('source-unavailable', { user: 'alice', source: 'corp', why: 'down' })
  identities.answers.set(ALICE.id, { kind: 'unavailable', reason: why })
  assert.equal(codeOf(await registration.approve(first.id, 'ada', null)), 'source-unavailable')
  identities.answers.set(ALICE.id, { kind: 'known', identity: ALICE })
  assert.equal((await registration.result(first.id, alice))?.kind, 'issued')
})

test('ok/what was approved and could not be issued is tried again by approving it again', async () => {
  const { registration, identities } = await openRegistrationBench(template({ approval: 'required' }))
  const first = await registration.request(asked())
  assert.ok(first.kind === 'pending')
  const why = reason('source-unavailable', { user: 'alice', source: 'corp', why: 'down' })
  identities.answers.set(ALICE.id, { kind: 'unavailable', reason: why })
  assert.equal(codeOf(await registration.approve(first.id, 'ada', null)), 'source-unavailable')
  identities.answers.set(ALICE.id, { kind: 'known', identity: ALICE })
  assert.equal(codeOf(await registration.approve(first.id, 'ada', null)), 'issued')
  assert.equal(await registration.approve(first.id, 'ada', null), undefined)
})

test('ok/names out of a request: approved, within what the template allows, and kept by a renewal', async () => {
  const settings = { base: 'vpn-gateway', names: 'requested', allowedNames: ['*.example.org'] }
  const { registration } = await openRegistrationBench(template({ name: 'gateway', ...settings }))
  const admin: Requester = { by: 'administrator', name: 'otto' }
  const ask = (name: string) =>
    asked({
      protocol: 'request',
      template: 'gateway',
      requester: admin,
      request: makeRequest({ subject: [['CN', name]] }).request,
    })
  assert.equal(codeOf(await registration.request(ask('vpn.example.net'))), 'enrolment-name-not-allowed')
  const first = await registration.request(ask('vpn.example.org'))
  assert.ok(first.kind === 'pending')
  const certificate = issued(await registration.approve(first.id, 'ada', null))
  assert.deepEqual(certificateNames(certificate).dnsNames, ['vpn.example.org'])
  const renew = (name: string) =>
    registration.request({ ...ask(name), requester: { ...admin, by: 'certificate' }, renews: certificate })
  const renewed = issued(await renew('other.example.org'))
  assert.deepEqual(certificateNames(renewed).dnsNames, ['vpn.example.org'])
})

test('ok/a renewal: names of the account as it is now, and the old one is superseded', async () => {
  const { registration, identities, certificates, clock } = await openRegistrationBench(
    template({ perHolder: 1 }),
  )
  const old = issued(await registration.request(asked()))
  clock.advance(300 * DAY)
  assert.equal(codeOf(await registration.request(asked())), 'enrolment-too-many')
  const identity = { ...ALICE, upn: 'alice.smith@corp.example.org' }
  identities.answers.set(ALICE.id, { kind: 'known', identity })
  const renewed = issued(await registration.request(asked({ requester: holder, renews: old })))
  assert.deepEqual(certificateNames(renewed).upns, ['alice.smith@corp.example.org'])
  const [before, now] = await Promise.all(
    [old, renewed].map(({ serial }) => certificates.find(serialText(serial))),
  )
  assert.deepEqual([before?.superseded_by, now?.renews], [now?.serial, before?.serial])
  assert.deepEqual([before?.status, now?.superseded_by], ['issued', null])
})

test('fail/a renewal of what is revoked, ended, foreign, or of somebody who may not any more', async () => {
  const attempt = async (
    change: (bench: Awaited<ReturnType<typeof openRegistrationBench>>, old: Certificate) => unknown,
    more: Partial<EnrolmentRequest> = {},
  ) => {
    const bench = await openRegistrationBench()
    const old = issued(await bench.registration.request(asked()))
    await change(bench, old)
    return codeOf(await bench.registration.request(asked({ requester: holder, renews: old, ...more })))
  }
  assert.equal(await attempt(() => undefined), 'issued')
  assert.equal(
    await attempt((bench, { serial }) => bench.change(serialText(serial), 'revoked')),
    'certificate-revoked',
  )
  assert.equal(
    await attempt((bench, { serial }) => bench.change(serialText(serial), 'held')),
    'certificate-revoked',
  )
  const releasedAgain = async (
    bench: Awaited<ReturnType<typeof openRegistrationBench>>,
    { serial }: Certificate,
  ) => {
    await bench.change(serialText(serial), 'held')
    await bench.change(serialText(serial), 'released')
  }
  assert.equal(await attempt(releasedAgain), 'issued')
  assert.equal(await attempt(({ clock }) => clock.advance(366 * DAY)), 'certificate-expired')
  assert.equal(await attempt(({ clock }) => clock.advance(364 * DAY)), 'issued')
  assert.equal(await attempt(({ identities }) => identities.answers.delete(ALICE.id)), 'user-not-found')
  const disabled = reason('account-disabled', { user: 'alice' })
  assert.equal(
    await attempt(({ identities }) =>
      identities.answers.set(ALICE.id, { kind: 'refused', reason: disabled }),
    ),
    'account-disabled',
  )
  assert.equal(
    await attempt(({ identities }) =>
      identities.answers.set(ALICE.id, { kind: 'known', identity: { ...ALICE, groups: [] } }),
    ),
    'enrolment-not-permitted',
  )
  const other = { ...alice, identity: { ...ALICE, id: 'corp/b2', name: 'bob' } }
  assert.equal(await attempt(() => undefined, { requester: other }), 'enrolment-renewal-of-other')
  assert.equal(await attempt(() => undefined, { requester: alice }), 'issued')
  const elsewhere = await openRegistrationBench()
  const foreign = issued(await elsewhere.registration.request(asked()))
  assert.equal(await attempt(() => undefined, { renews: foreign }), 'enrolment-renewal-unknown')
  const own = elsewhere.authority.issuing
  assert.equal(await attempt(() => undefined, { renews: own }), 'enrolment-renewal-unknown')
})

test('fail/a renewal by another template; one that supersedes it is a first request for that', async () => {
  const [user, other] = [template(), template({ name: 'other' })]
  const next = template({ name: 'next', supersedes: ['user'], approval: 'required' })
  const { registration, certificates } = await openRegistrationBench(user, other, next)
  const old = issued(await registration.request(asked({ template: 'user' })))
  const by = (name: string) => registration.request(asked({ requester: holder, renews: old, template: name }))
  assert.equal(codeOf(await by('other')), 'enrolment-template-conflict')
  const first = await by('next')
  assert.ok(first.kind === 'pending', String(codeOf(first)))
  const certificate = issued(await registration.approve(first.id, 'ada', null))
  const record = await certificates.find(serialText(old.serial))
  assert.equal(record?.superseded_by, serialText(certificate.serial))
})

test('a renewal keeps its key only where the template lets it', async () => {
  for (const reuse of [true, false]) {
    const { registration } = await openRegistrationBench(template({ keys: { reuse } }))
    const keys = generateKeyPairFor('p256')
    const request = makeRequest({ keys }).request
    const old = issued(await registration.request(asked({ request })))
    const outcome = await registration.request(asked({ requester: holder, renews: old, request }))
    assert.equal(codeOf(outcome), reuse ? 'issued' : 'enrolment-key-taken')
    // Even so another holder does not get it.
    const bob = { ...alice, identity: { ...ALICE, id: 'corp/b2', name: 'bob' } }
    const stolen = await registration.request(asked({ requester: bob, request }))
    assert.equal(codeOf(stolen), 'enrolment-key-taken')
  }
})

test('ok/the revision stands in the record, and devices are counted apart from their holder', async () => {
  const device = template({ name: 'device', base: 'device', perHolder: 1, revision: 7 })
  const { registration, certificates } = await openRegistrationBench(device)
  const of = (deviceId: string) => asked({ requester: { ...alice, deviceId } })
  const certificate = issued(await registration.request(of('phone 1')))
  assert.equal(codeOf(await registration.request(of('phone 1'))), 'enrolment-too-many')
  assert.equal((await registration.request(of('phone 2'))).kind, 'issued')
  const { uris, subject } = certificateNames(certificate)
  assert.deepEqual(
    [subject, ...uris],
    ['CN=phone 1', 'urn:sallyport:device:phone%201', 'urn:sallyport:user:corp/a1'],
  )
  const record = await certificates.find(serialText(certificate.serial))
  assert.deepEqual([record?.template_revision, record?.device_id], [7, 'phone 1'])
})

test('ok/a crash after the certificate was issued and before that was noted: the same one is handed out', async () => {
  const bench = await openRegistrationBench()
  const { parts, clock, certificates, requests } = bench
  const bound = (name: 'finish') => ({ [name]: () => Promise.reject(new Error('killed')) })
  const crashing = new RegistrationAuthority({
    ...parts,
    requests: Object.assign(Object.create(requests), bound('finish'), {
      open: requests.open.bind(requests),
      claim: requests.claim.bind(requests),
      find: requests.find.bind(requests),
      issuedSerial: requests.issuedSerial.bind(requests),
      held: requests.held.bind(requests),
      release: () => Promise.reject(new Error('killed')),
    }),
  })
  const request = asked({ transaction: 't' })
  assert.equal(codeOf(await crashing.request(request)), 'store-unavailable')
  assert.equal((await certificates.issuedOfKind('client')).length, 1)
  // While it is claimed nobody else issues; a minute later somebody takes over.
  assert.equal((await bench.registration.request(request)).kind, 'pending')
  clock.advance(61_000)
  issued(await bench.registration.request(request))
  assert.equal((await certificates.issuedOfKind('client')).length, 1)
})

test('fail/the store is full: nobody is refused for good, and the same request is issued later', async () => {
  const { parts, registration } = await openRegistrationBench()
  const full = new RegistrationAuthority({
    ...parts,
    requests: Object.assign(Object.create(parts.requests), {
      open: () => Promise.reject(new Error('disk full')),
    }),
  })
  const request = asked()
  const outcome = await full.request(request)
  assert.equal(outcome.kind, 'unavailable')
  assert.equal((await registration.request(request)).kind, 'issued')
})

test('fail/the same request again after its certificate was revoked', async () => {
  const { registration, change } = await openRegistrationBench()
  const request = asked()
  const { serial } = issued(await registration.request(request))
  assert.equal((await registration.request(request)).kind, 'issued')
  await change(serialText(serial), 'revoked')
  assert.equal(codeOf(await registration.request(request)), 'enrolment-transaction-spent')
})

test('fail/the request is exchanged once it is approved: what was approved is issued', async () => {
  const settings = { base: 'vpn-gateway', names: 'requested', allowedNames: ['*.example.org'] }
  const bench = await openRegistrationBench(template({ name: 'gateway', ...settings }))
  const admin: Requester = { by: 'administrator', name: 'otto' }
  const keys = generateKeyPairFor('p256')
  const ask = (name: string) =>
    bench.registration.request({
      ...{ protocol: 'request', template: 'gateway', requester: admin, transaction: 't' },
      request: makeRequest({ subject: [['CN', name]], keys }).request,
    })
  const first = await ask('vpn.example.org')
  assert.ok(first.kind === 'pending')
  assert.equal((await ask('mail.example.org')).kind, 'pending')
  // Approved, and the key of the CA does not answer at that moment.
  const at = bench.clock.now()
  await bench.requests.decide(first.id, { status: 'approved', by: 'ada', note: null, at })
  const certificate = issued(await ask('mail.example.org'))
  assert.deepEqual(certificateNames(certificate).dnsNames, ['vpn.example.org'])
})

test('fail/renewing by a certificate that has the serial of one of ours, and is none', async () => {
  const { registration } = await openRegistrationBench()
  const certificate = issued(await registration.request(asked()))
  const renews = { ...certificate, fingerprint: '00'.repeat(32) }
  assert.equal(
    codeOf(await registration.request(asked({ requester: holder, renews }))),
    'enrolment-renewal-unknown',
  )
})

test('fail/a device renews the certificate of another', async () => {
  const { registration } = await openRegistrationBench(template({ name: 'phones', base: 'device' }))
  const phone = (deviceId: string): Requester => ({
    ...{ by: 'challenge', name: `device ${deviceId}`, deviceId, boundTemplate: 'phones' },
  })
  const ask = (deviceId: string, renews?: Certificate) =>
    registration.request(asked({ requester: phone(deviceId), ...(renews !== undefined && { renews }) }))
  const certificate = issued(await ask('p1'))
  assert.equal(codeOf(await ask('p2', certificate)), 'enrolment-renewal-of-other')
  assert.equal(codeOf(await ask('p1', certificate)), 'issued')
})
