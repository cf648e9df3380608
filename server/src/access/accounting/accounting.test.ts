import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromUtf8 } from '@sallyport/bytes'
import { attribute, encodeRequest, inspect, PacketCode, Secret } from '@sallyport/radius'
import {
  AcctMultiSessionId,
  AcctSessionId,
  AcctStatusType,
  CalledStationId,
  CallingStationId,
  Class,
  NasIdentifier,
  NasPortId,
  UserName,
} from '@sallyport/radius/attributes'
import { forEachEngine } from '../../store/testing.ts'
import { SessionStore } from '../session-store.ts'
import { type AccountingRecord, readAccountingRecord } from './accounting-record.ts'
import { AccountingService } from './accounting-service.ts'
import { accountingRecord } from './testing.ts'

const BASE = accountingRecord({ eventKey: 'a' })

const START = BASE
const INTERIM: AccountingRecord = {
  ...BASE,
  eventKey: 'b',
  statusType: 'Interim-Update',
  inputOctets: 5_000_000_000,
  gigawords: 3,
  outputOctets: 10,
  sessionSeconds: 60,
  eventAt: 1_060_000,
}
const STOP: AccountingRecord = {
  ...BASE,
  eventKey: 'c',
  statusType: 'Stop',
  framedIpAddress: null,
  inputOctets: 6_000_000_000,
  gigawords: 3,
  outputOctets: 20,
  sessionSeconds: 120,
  terminateCause: 'User-Request',
  eventAt: 1_120_000,
}

forEachEngine((engine) => {
  async function open() {
    const database = await engine.open()
    return {
      database,
      service: new AccountingService(database),
      sessions: new SessionStore(database),
    }
  }

  test('ok/a device that ends its texts with NUL: stored on every engine, and its session with it', async () => {
    const { service, sessions } = await open()
    const texts = [UserName, AcctSessionId, AcctMultiSessionId, CallingStationId, CalledStationId]
    const attributes = [
      attribute(AcctStatusType, 1),
      ...[...texts, NasIdentifier, NasPortId].map((definition) => attribute(definition, 'text\0')),
      attribute(Class, fromUtf8('sallyport:01\0')),
    ]
    const code = PacketCode.AccountingRequest
    const inspected = inspect(encodeRequest({ code, id: 1, secret: new Secret('any'), attributes }))
    assert.ok(inspected.ok)
    const origin = { client: 'gateway', sourceAddress: '192.0.2.1', receivedAt: 1_000_000 }
    const read = readAccountingRecord(inspected.packet, origin)
    assert.ok(read.ok)
    assert.deepEqual(await service.store([read.record]), [true])
    const { rows } = await sessions.list({ limit: 10 })
    assert.deepEqual(
      rows.map(({ user_name, acct_session_id }) => [user_name, acct_session_id]),
      [['text\ufffd', 'text\ufffd']],
    )
  })

  /** All orders in which three requests can arrive. */
  const orders = [
    [START, INTERIM, STOP],
    [START, STOP, INTERIM],
    [INTERIM, START, STOP],
    [INTERIM, STOP, START],
    [STOP, START, INTERIM],
    [STOP, INTERIM, START],
  ]

  for (const order of orders) {
    test(`ok/ ${order.map((record) => record.statusType).join(', ')} end in the same session`, async () => {
      const { service, sessions } = await open()
      for (const record of order) assert.deepEqual(await service.store([record]), [true])
      const { rows } = await sessions.list({ limit: 10 })
      assert.equal(rows.length, 1)
      const [session] = rows
      assert.equal(session?.state, 'stopped')
      assert.equal(session?.input_octets, 6_000_000_000)
      assert.equal(session?.session_seconds, 120)
      assert.equal(session?.started_at, 1_000_000)
      assert.equal(session?.stopped_at, 1_120_000)
      assert.equal(session?.framed_ip_address, '10.0.0.7')
      assert.equal(session?.terminate_cause, 'User-Request')
    })
  }

  test('a retransmission, also within one batch, is acknowledged and leaves one row', async () => {
    const { database, service } = await open()
    assert.deepEqual(await service.store([START, START, INTERIM]), [true, true, true])
    assert.deepEqual(await service.store([START]), [true])
    const rows = await database.kysely.selectFrom('accounting_records').select('status_type').execute()
    assert.deepEqual(rows.map((row) => row.status_type).sort(), ['Interim-Update', 'Start'])
  })

  test('Accounting-On loses the live sessions of that NAS alone', async () => {
    const { service, sessions } = await open()
    const other = {
      ...START,
      eventKey: 'd',
      sessionKey: 'beef',
      nasKey: 'gateway other',
      nas: '192.0.2.2',
      nasAddress: '192.0.2.2',
      acctSessionId: '0002',
    }
    const on = {
      ...BASE,
      eventKey: 'e',
      sessionKey: null,
      acctSessionId: null,
      statusType: 'Accounting-On',
      eventAt: 2_000_000,
    }
    await service.store([START, other])
    await service.store([on])
    const states = new Map(
      (await sessions.list({ limit: 10 })).rows.map((row) => [row.acct_session_id, row.state]),
    )
    assert.deepEqual(
      states,
      new Map([
        ['0001', 'lost'],
        ['0002', 'live'],
      ]),
    )
    assert.equal(await sessions.liveCount(), 1)
  })

  test('fail/ a row the database refuses is not acknowledged, its neighbours are', async () => {
    const { service } = await open()
    const broken = { ...INTERIM, client: null as unknown as string } // what a bug would send
    assert.deepEqual(await service.store([START, broken, STOP]), [true, false, true])
  })

  test('a session behind an anonymous outer identity shows, and is found by, the name that was proved', async () => {
    const { database, service, sessions } = await open()
    const row = { at: 1, client: 'gateway', outcome: 'accept', config_version: 1, body: '{}', size: 1 }
    await database.kysely
      .insertInto('receipts')
      .values({ ...row, id: '01', user_name: 'alice' })
      .execute()
    await service.store([{ ...START, userName: 'anonymous@example.org' }])
    const { rows } = await sessions.list({ limit: 10, user: 'Alice' })
    assert.deepEqual(
      rows.map((session) => [session.proved_user, session.user_name]),
      [['alice', 'anonymous@example.org']],
    )
    assert.equal((await sessions.list({ limit: 10, search: 'lic' })).rows.length, 1)
    assert.equal((await sessions.list({ limit: 10, user: 'mallory' })).rows.length, 0)
  })

  test('sessions are searched, filtered and paged', async () => {
    const { service, sessions } = await open()
    const records = Array.from({ length: 25 }, (_, index) => ({
      ...START,
      eventKey: `k${index}`,
      sessionKey: index.toString(16).padStart(4, '0'),
      acctSessionId: `s${index}`,
      userName: index % 2 === 0 ? 'alice' : 'b%b_o',
      eventAt: 1_000_000 + (index >> 2),
    }))
    await service.store(records)
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await sessions.list({ limit: 7, cursor })
      seen.push(...page.rows.map((row) => row.acct_session_id))
      cursor = page.next
    } while (cursor !== undefined)
    assert.equal(new Set(seen).size, 25)
    assert.equal(seen.length, 25)
    assert.equal((await sessions.list({ limit: 100, search: '%B_' })).rows.length, 12)
    assert.equal((await sessions.list({ limit: 100, search: 'lic' })).rows.length, 13)
    assert.equal((await sessions.list({ limit: 100, user: 'alice', client: 'nobody' })).rows.length, 0)
  })
})
