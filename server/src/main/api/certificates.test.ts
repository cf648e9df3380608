import assert from 'node:assert/strict'
import { test } from 'node:test'
import pino from 'pino'
import type { ConfigurationService } from '../../config/apply.ts'
import { AuthorityStore } from '../../enrolment/authority/authority-store.ts'
import { CertificateAuthority } from '../../enrolment/authority.ts'
import { CertificateStore } from '../../enrolment/certificate-store.ts'
import { withBuiltIn } from '../../enrolment/registration/built-in-template.ts'
import { CertificateRequestStore } from '../../enrolment/registration/certificate-request-store.ts'
import { RegistrationAuthority } from '../../enrolment/registration/registration-authority.ts'
import { FakeIdentities } from '../../enrolment/registration/testing.ts'
import { CertificateStatusStore } from '../../enrolment/status/certificate-status-store.ts'
import { CrlStore } from '../../enrolment/status/crl-store.ts'
import { PublishedCrls } from '../../enrolment/status/published-crls.ts'
import { StatusActions } from '../../enrolment/status/status-action.ts'
import { UserStore } from '../../identity/local/user-store.ts'
import { FakeClock } from '../../kernel/clock.ts'
import { RequestError, UpstreamError } from '../../kernel/errors.ts'
import { Sealer } from '../../kernel/seal.ts'
import type { Revocation } from '../../listeners/https/services.ts'
import { openWriter } from '../../store/open.ts'
import { CertificateIssuing } from './certificate-issuing.ts'
import { certificateApi } from './certificates.ts'

const REALMS = [{ name: 'default', default: true, sources: ['local'] }]

async function openApi({ realms = REALMS } = {}) {
  const reader = await openWriter('sqlite::memory:')
  const clock = new FakeClock()
  const store = new CertificateStore(reader.kysely)
  const authorities = new AuthorityStore(reader.kysely)
  const sealer = new Sealer([{ id: 'k1', key: new Uint8Array(32).fill(7) }])
  const authority = await CertificateAuthority.open({ store, authorities, sealer, clock })
  await new UserStore(reader, clock).create({ id: 'u1', name: 'Alice', source: 'local' })
  const workers = { reached: true, told: 0 }
  const statusActions = new StatusActions({
    store: new CertificateStatusStore(reader),
    crls: { publish: async () => ({ lists: [], failures: [] }) },
    tellLogins: async () => {
      workers.told += 1
      return workers.reached
    },
    tellOcsp: async () => {},
    clock,
    log: pino({ level: 'silent' }),
  })
  // Of the configuration nothing but the realms is looked at.
  const configuration = { snapshot: { configuration: { realms } } } as unknown as ConfigurationService
  const log = pino({ level: 'silent' })
  const identities = new FakeIdentities()
  identities.answers.set('u1', {
    kind: 'known',
    identity: { kind: 'person', id: 'u1', source: 'local', name: 'Alice', groups: [] },
  })
  const registration = new RegistrationAuthority({
    ...{ authority, identities, clock, log },
    templates: () => withBuiltIn([]),
    requests: new CertificateRequestStore(reader.kysely),
    certificates: store,
  })
  const issuing = new CertificateIssuing({
    authority,
    configuration,
    reader,
    clock,
    registration,
    identities,
  })
  // Nothing is published here.
  const publication = { lists: new PublishedCrls(new CrlStore(reader), clock) }
  const api = certificateApi({ authority, reader, clock, statusActions, publication }, issuing)
  const revoke = (serial: string, reason: Revocation['reason']) =>
    api.changeStatus(serial, { to: 'revoked', reason }, 'admin')
  return { api, revoke, workers, store, [Symbol.asyncDispose]: () => reader.close() }
}

const code = (expected: string) => (error: unknown) =>
  error instanceof RequestError && error.code === expected

test('ok/the account is named as it is stored, and its key is handed out, not kept', async () => {
  await using house = await openApi()
  const { userName, serial, key } = await house.api.issue({ user: 'aLICE', days: 1 }, 'admin')
  assert.deepEqual([userName, key?.startsWith('-----BEGIN PRIVATE KEY-----')], ['Alice', true])
  assert.equal((await house.store.find(serial))?.key_sealed, null)
})

test('fail/nobody, and whom no realm leads to, gets no certificate', async () => {
  await using house = await openApi({ realms: [{ name: 'other', default: true, sources: ['ldap'] }] })
  await assert.rejects(house.api.issue({ user: 'bob', days: 1 }, 'admin'), code('user-not-found'))
  await assert.rejects(house.api.issue({ user: 'alice', days: 1 }, 'admin'), code('no-realm-for-user'))
  assert.deepEqual((await house.api.list({ kind: 'client', limit: 10 })).items, [])
})

test('fail/a revocation that did not reach the workers is not reported as done; asking again brings it there', async () => {
  await using house = await openApi()
  const { serial } = await house.api.issue({ user: 'alice', days: 1 }, 'admin')
  house.workers.reached = false
  await assert.rejects(house.revoke(serial, 'keyCompromise'), UpstreamError)
  house.workers.reached = true
  const typed = serial.toUpperCase().replace(/(..)(?!$)/g, '$1:')
  const revoked = await house.revoke(typed, 'superseded')
  assert.deepEqual([revoked.status, revoked.reason, house.workers.told], ['revoked', 'keyCompromise', 2])
})

test('fail/a CA cannot be revoked; what may have been signed before a crash can', async () => {
  await using house = await openApi()
  const { items } = await house.api.list({ limit: 10 })
  assert.deepEqual(items.map(({ kind }) => kind).sort(), ['issuing-ca', 'root-ca'])
  for (const { serial } of items) {
    await assert.rejects(house.revoke(serial, 'unspecified'), code('certificate-not-revocable'))
  }
  const intent = { serial: '4a01', kind: 'client', subject: 'CN=x', key_sealed: null }
  await house.store.record({ ...intent, not_before: 0, not_after: 1, created_at: 0 })
  await assert.rejects(house.revoke('4a02', 'unspecified'), code('certificate-not-found'))
  assert.equal(house.workers.told, 0)
  assert.equal((await house.revoke('4a01', 'unspecified')).status, 'revoked')
})

test('fail/a refusal of the registration authority says what to do', async () => {
  await using house = await openApi()
  const issuing = house.api.issue({ user: 'alice', template: 'nosuch' }, 'admin')
  await assert.rejects(issuing, (error: unknown) => {
    assert(error instanceof RequestError)
    assert.match(String(error.values.nextStep), /`sallyport templates` lists them/)
    return true
  })
})
