import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Insertable } from 'kysely'
import type { CertificateRequestTable, CertificateTable } from '../../store/schema.ts'
import { forEachEngine } from '../../store/testing.ts'
import { CertificateStore } from '../certificate-store.ts'
import { ChallengeStore } from '../challenges/challenge-store.ts'
import { CertificateRequestStore } from '../registration/certificate-request-store.ts'
import { CertificateStatusStore } from '../status/certificate-status-store.ts'
import { CrlStore } from '../status/crl-store.ts'
import { CertificateUpkeepStore } from './certificate-upkeep-store.ts'

const BEFORE = 10_000
const NOW = 50_000
const certificate = {
  ...{ kind: 'client', subject: 'CN=alice', key_sealed: null, not_before: 0, not_after: 9_000 },
  ...{ created_at: 1000, template: 'user', holder_id: 'corp/a1', holder_name: 'alice', issuer_key: 'ca1' },
}
const request: Insertable<CertificateRequestTable> = {
  ...{ transaction_key: '', protocol: 'est', template: 'user', requester: 'alice', holder_id: 'corp/a1' },
  ...{ device_id: null, key_hash: 'k1', days: null, requester_data: '{}', request: Uint8Array.of(1) },
  ...{ renews: null, serial: null, created_at: 1000, decided_at: null, decided_by: null, note: null },
  ...{ status: 'pending', claimed_at: null },
}

forEachEngine(({ open }) => {
  const world = async () => {
    const database = await open()
    const { kysely } = database
    const certificates = new CertificateStore(kysely)
    return {
      ...{ kysely, certificates, store: new CertificateUpkeepStore(kysely), crls: new CrlStore(database) },
      requests: new CertificateRequestStore(kysely),
      issued: async (serial: string, more: Partial<Insertable<CertificateTable>> = {}) => {
        await certificates.record({ ...certificate, ...more, serial })
        await kysely
          .updateTable('certificates')
          .set({ status: 'issued', fingerprint: serial })
          .where('serial', '=', serial)
          .execute()
        await kysely
          .insertInto('certificate_names')
          .values({ name: 'alice', serial, newest: -1000 })
          .execute()
      },
      revoke: (serial: string, reason: string) =>
        new CertificateStatusStore(database).change({
          ...{ serial, to: 'revoked', at: 2000, reason, cause: 'test', askedBy: 'test' },
        }),
      asked: async (key: string, more: Partial<Insertable<CertificateRequestTable>>) =>
        (
          await kysely
            .insertInto('certificate_requests')
            .values({ ...request, ...more, transaction_key: key })
            .returning('id')
            .executeTakeFirstOrThrow()
        ).id,
      serials: async () =>
        (await kysely.selectFrom('certificates').select('serial').orderBy('serial').execute()).map(
          ({ serial }) => serial,
        ),
    }
  }
  const fullCrl = (thisUpdate: number, revision: number) => ({
    ...{ issuer_key: 'ca1', kind: 'full' as const, number: thisUpdate, base_number: null, delta_url: null },
    ...{ this_update: thisUpdate, next_update: NOW, revision, entries: 0, der: Uint8Array.of(1) },
  })

  it('ok/what ended long ago goes with its names, twice the same; what has not, and CAs, stay', async () => {
    const { store, issued, certificates, serials, kysely } = await world()
    await issued('01')
    await issued('02', { not_after: BEFORE })
    await issued('03', { kind: 'root-ca' })
    await issued('04', { kind: 'issuing-ca' })
    await certificates.record({ ...certificate, serial: '05' })
    await certificates.record({ ...certificate, serial: '06', not_after: NOW })
    assert.deepEqual(await store.deleteCertificates(BEFORE, ['ca1']), { changed: 2 })
    assert.deepEqual(await store.deleteCertificates(BEFORE, ['ca1']), { changed: 0 })
    assert.deepEqual(await serials(), ['02', '03', '04', '06'])
    const names = await kysely.selectFrom('certificate_names').select('serial').orderBy('serial').execute()
    assert.deepEqual(
      names.map(({ serial }) => serial),
      ['02', '03', '04'],
    )
  })

  it('ok/a revoked one stays until a full list of after its end was published', async () => {
    const { store, issued, revoke, crls, serials, kysely } = await world()
    await issued('01')
    const changed = await revoke('01', 'superseded')
    assert.equal(changed.kind, 'changed')
    const revision = changed.kind === 'changed' ? changed.revision : 0
    assert.equal((await store.deleteCertificates(BEFORE, ['ca1'])).changed, 0, 'no list')
    await crls.publish('ca1', [fullCrl(9_000, revision)])
    assert.equal((await store.deleteCertificates(BEFORE, ['ca1'])).changed, 0, 'a list of before its end')
    await crls.publish('ca1', [fullCrl(9_001, revision - 1)])
    assert.equal(
      (await store.deleteCertificates(BEFORE, ['ca1'])).changed,
      0,
      'a list of before it was revoked',
    )
    await crls.publish('ca1', [fullCrl(9_002, revision)])
    assert.equal((await store.deleteCertificates(BEFORE, ['ca1'])).changed, 1)
    assert.deepEqual(await serials(), [])
    assert.deepEqual(await kysely.selectFrom('revoked_certificates').selectAll().execute(), [])
  })

  it('ok/a revoked one of a CA that makes no lists any more goes; a key somebody else has is remembered', async () => {
    const { store, issued, revoke, serials } = await world()
    for (const serial of ['01', '02']) await issued(serial)
    await revoke('01', 'superseded')
    await revoke('02', 'keyCompromise')
    assert.equal((await store.deleteCertificates(BEFORE, ['ca2'])).changed, 1)
    assert.deepEqual(await serials(), ['02'])
  })

  it('ok/goes on behind what stays', async () => {
    const { store, issued, serials } = await world()
    for (let at = 0; at < 40; at++) await issued(`a${1000 + at}`, { kind: 'root-ca' })
    await issued('b1')
    const first = await store.deleteCertificates(BEFORE, [])
    assert.deepEqual(first, { changed: 0, next: { notAfter: 9_000, serial: 'a1039' } })
    assert.deepEqual(await store.deleteCertificates(BEFORE, [], first.next), { changed: 1 })
    assert.equal((await serials()).includes('b1'), false)
  })

  it('ok/begun and never finished: told for the time asked for', async () => {
    const { store, certificates, issued } = await world()
    await certificates.record({ ...certificate, serial: '01', created_at: 100 })
    await certificates.record({ ...certificate, serial: '02', created_at: 200 })
    await issued('03', { created_at: 200 })
    assert.deepEqual(await store.recorded(100, 200), ['02'])
  })

  it('ok/a request that waits too long is denied as expired, and no other', async () => {
    const { store, asked, requests } = await world()
    const late = await asked('est/1', {})
    const young = await asked('est/2', { created_at: BEFORE })
    const approved = await asked('est/3', { status: 'approved' })
    assert.deepEqual(await store.expireRequests(BEFORE, NOW), { changed: 1 })
    assert.deepEqual(await store.expireRequests(BEFORE, NOW), { changed: 0 })
    const { status, note, decided_at } = (await requests.find(late)) ?? {}
    assert.deepEqual([status, note, Number(decided_at)], ['denied', 'expired', NOW])
    assert.equal((await requests.find(young))?.status, 'pending')
    assert.equal((await requests.find(approved))?.status, 'approved')
  })

  it('ok/decided requests go, but not while they wait, are young, or their certificate lives', async () => {
    const { store, asked, issued, requests } = await world()
    const denied = await asked('est/1', { status: 'denied', decided_at: 2000 })
    const young = await asked('est/2', { status: 'denied', decided_at: BEFORE })
    const waiting = await asked('est/3', {})
    const ended = await asked('est/4', { status: 'issued', serial: '04' })
    await issued('04', { request_id: ended })
    const lives = await asked('est/5', { status: 'issued', serial: '05' })
    await issued('05', { request_id: lives, not_after: NOW + 1 })
    assert.deepEqual(await store.deleteRequests(BEFORE, NOW), { changed: 2 })
    assert.deepEqual(await store.deleteRequests(BEFORE, NOW), { changed: 0 })
    for (const id of [denied, ended]) assert.equal(await requests.find(id), undefined)
    for (const id of [young, waiting, lives]) assert.notEqual(await requests.find(id), undefined)
  })

  it('ok/challenges, transactions, handed anchors and unused ACME accounts of long ago go', async () => {
    const { store, kysely } = await world()
    const challenge = {
      ...{ template: 't', user_name: null, holder_id: null, device_id: null, subject: null, names: '[]' },
      ...{ minimum_rsa_bits: null, created_at: 1000, created_by: 'mdm' },
    }
    const challenges = new ChallengeStore(kysely)
    await challenges.useForeign({ ...challenge, hash: 'old', expires_at: 9_000, used_by: 'x' })
    await challenges.useForeign({ ...challenge, hash: 'new', expires_at: BEFORE, used_by: 'y' })
    assert.equal(await store.deleteTransactions(BEFORE), 1)
    assert.equal(await challenges.find('old'), undefined)
    assert.notEqual(await challenges.find('new'), undefined)

    const handed = { name: 'alice', handed_by: 'est' }
    await kysely
      .insertInto('anchor_holders')
      .values([
        { ...handed, holder: '1', anchor: 'gone', handed_at: 1 },
        { ...handed, holder: '1', anchor: 'ours', handed_at: 1 },
        { ...handed, holder: '2', anchor: 'gone', handed_at: BEFORE },
      ])
      .execute()
    assert.equal(await store.deleteAnchorHolders(['ours'], BEFORE), 1)
    assert.equal(await store.deleteAnchorHolders(['ours'], BEFORE), 0)

    const account = {
      ...{
        template: 't',
        jwk: '{}',
        status: 'valid' as const,
        contacts: '[]',
        account_name: null,
        names: '[]',
      },
      ...{ holder_id: null, created_at: 1000, created_from: '::1', seen_at: 2000, key_id: null },
    }
    await kysely
      .insertInto('acme_accounts')
      .values([
        { ...account, id: 'idle', key_place: '1' },
        { ...account, id: 'seen', key_place: '2', seen_at: BEFORE },
        { ...account, id: 'bound', key_place: '3', key_id: 'k' },
      ])
      .execute()
    assert.equal(await store.deleteAcmeAccounts(BEFORE), 1)
    const left = await kysely.selectFrom('acme_accounts').select('id').orderBy('id').execute()
    assert.deepEqual(
      left.map(({ id }) => id),
      ['bound', 'seen'],
    )
  })
})
