import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forEachEngine } from '../../store/testing.ts'
import { AccountingService } from '../accounting/accounting-service.ts'
import { accountingRecord } from '../accounting/testing.ts'
import { SessionDirectory } from './session-directory.ts'

const LIMITS = { missedInterims: 3, silentHours: 48 }
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000]
const LONG_AGO = -100 * DAY

forEachEngine((engine) => {
  async function open() {
    const database = await engine.open()
    const service = new AccountingService(database)
    const tell = async (...reports: Parameters<typeof accountingRecord>[0][]): Promise<void> => {
      for (const report of reports) {
        const { sessionKey = 'feed', eventAt = 0 } = report ?? {}
        const over = { receivedAt: eventAt, acctSessionId: sessionKey, ...report }
        assert.deepEqual(await service.store([accountingRecord(over)]), [true])
      }
    }
    const states = async () => {
      const rows = await database.kysely.selectFrom('sessions').selectAll().orderBy('id').execute()
      return rows.map(({ state, terminate_cause }) => [state, terminate_cause])
    }
    return { database, service, directory: new SessionDirectory(database), tell, states }
  }

  test('ok/a session is lost after the intervals its device missed, and lives again with the next update', async () => {
    const { directory, tell, states } = await open()
    await tell({ eventAt: 1 }, { statusType: 'Interim-Update', eventAt: 10 * MINUTE, sessionSeconds: 600 })
    const lose = (now: number) => directory.loseSilent(LIMITS, now, LONG_AGO)
    assert.deepEqual(await lose(40 * MINUTE - 1), { lost: 0, more: false })
    assert.deepEqual(await lose(40 * MINUTE), { lost: 1, more: false })
    assert.deepEqual(await states(), [['lost', 'Interim-Update-Missing']])
    await tell({ statusType: 'Interim-Update', eventAt: 60 * MINUTE, sessionSeconds: 3600 })
    assert.deepEqual(await states(), [['live', null]])
    // The gap in between was a loss, not the device's new interval.
    assert.equal((await lose(90 * MINUTE)).lost, 1)
  })

  test('ok/an update right after the Start is not taken for the interval of the device', async () => {
    const { directory, tell, states } = await open()
    await tell({ eventAt: 0 }, { statusType: 'Interim-Update', eventAt: 2_000, sessionSeconds: 2 })
    assert.equal((await directory.loseSilent(LIMITS, 30 * MINUTE, LONG_AGO)).lost, 0)
    await tell({ statusType: 'Interim-Update', eventAt: 10 * MINUTE, sessionSeconds: 600 })
    assert.deepEqual(await states(), [['live', null]])
    assert.equal((await directory.loseSilent(LIMITS, 39 * MINUTE, LONG_AGO)).lost, 0)
    assert.equal((await directory.loseSilent(LIMITS, 40 * MINUTE, LONG_AGO)).lost, 1)
  })

  test('ok/Acct-Interim-Interval of the accept or of the report counts where no update was seen yet', async () => {
    const { database, directory, tell } = await open()
    const body = JSON.stringify({ reply: [{ name: 'Acct-Interim-Interval', value: '300' }] })
    const receipt = { id: '01', at: 1, client: 'gateway', outcome: 'accept', config_version: 1, size: 1 }
    await database.kysely
      .insertInto('receipts')
      .values({ ...receipt, body, user_name: 'alice' })
      .execute()
    await tell({ eventAt: 0 }, { eventAt: 0, sessionKey: 'beef', decisionId: null, interimSeconds: 60 })
    assert.equal((await directory.loseSilent(LIMITS, 3 * MINUTE, LONG_AGO)).lost, 1)
    assert.equal((await directory.loseSilent(LIMITS, 15 * MINUTE, LONG_AGO)).lost, 1)
  })

  test('ok/a device that sends no updates has longer; our own outage is nobody’s silence', async () => {
    const { directory, tell } = await open()
    await tell({ eventAt: 0, decisionId: null })
    assert.equal((await directory.loseSilent(LIMITS, 47 * HOUR, LONG_AGO)).lost, 0)
    assert.equal((await directory.loseSilent(LIMITS, 72 * HOUR, 71 * HOUR)).lost, 0)
    assert.equal((await directory.loseSilent(LIMITS, 72 * HOUR, LONG_AGO)).lost, 1)
  })

  test('ok/an administrator ends a session whose device is gone; one that is not live cannot be ended', async () => {
    const { database, directory, tell } = await open()
    await tell({ eventAt: 0, sessionKey: 'feed', decisionId: null })
    assert.equal(await directory.close('feed', HOUR), true)
    const row = await database.kysely.selectFrom('sessions').selectAll().executeTakeFirstOrThrow()
    assert.deepEqual(
      [row.state, row.terminate_cause, row.stopped_at, row.due_at],
      ['lost', 'Closed-By-Administrator', HOUR, null],
    )
    assert.equal(await directory.close('feed', HOUR), false)
    assert.equal(await directory.close('nobody', HOUR), false)
    const later = { eventAt: 2 * HOUR, receivedAt: 2 * HOUR, sessionKey: 'feed', decisionId: null }
    await tell({ ...later, statusType: 'Interim-Update', sessionSeconds: 7200 })
    const again = await database.kysely.selectFrom('sessions').select('state').executeTakeFirstOrThrow()
    assert.equal(again.state, 'live')
  })

  test('ok/ended sessions and old records go, live ones and numbers in use stay', async () => {
    const { database, directory, tell } = await open()
    const old = { eventAt: DAY, decisionId: null }
    await tell({ ...old, sessionKey: 'a' }, { ...old, sessionKey: 'b', statusType: 'Stop' })
    await tell({ ...old, sessionKey: 'c', statusType: 'Stop', sessionSeconds: 60 })
    await tell({ eventAt: 80 * DAY, sessionKey: 'c', decisionId: null })
    const limits = { keepDays: 10 }
    assert.deepEqual(await directory.retainSessions(limits, 90 * DAY), { deleted: 1, more: false })
    const ids = await database.kysely.selectFrom('sessions').select('id').orderBy('id').execute()
    assert.deepEqual(
      ids.map(({ id }) => id),
      ['a', 'c', 'c-2'],
    )
    // The live one ends and goes; then nothing needs the number of sessions any more.
    await tell({
      eventAt: 81 * DAY,
      sessionKey: 'c',
      decisionId: null,
      statusType: 'Stop',
      sessionSeconds: 86_400,
    })
    assert.equal((await directory.retainSessions(limits, 92 * DAY)).deleted, 1)
    assert.equal((await directory.retainSessions(limits, 92 * DAY)).deleted, 1)
    assert.deepEqual(await directory.retainRecords(limits, 90 * DAY), { deleted: 3, more: false })
    assert.deepEqual(await directory.retainRecords(limits, 90 * DAY), { deleted: 0, more: false })
  })

  test('ok/thousands go a thousand at a time', async () => {
    const { service, directory } = await open()
    const many = Array.from({ length: 2_500 }, (_, index) =>
      accountingRecord({ sessionKey: `k${index}`, statusType: 'Stop', eventAt: 0, decisionId: null }),
    )
    await service.store(many)
    const now = 100 * DAY
    for (const retain of [directory.retainSessions, directory.retainRecords]) {
      const steps: unknown[] = []
      for (let more = true; more; ) {
        const step = await retain.call(directory, { keepDays: 10 }, now)
        steps.push(step.deleted)
        more = step.more
      }
      assert.deepEqual(steps, [1000, 1000, 500])
    }
  })

  test('ok/a session that began before its receipt was stored learns its user', async () => {
    const { database, service, tell } = await open()
    await tell({ eventAt: 0, userName: 'anonymous' })
    const receipt = { id: '01', at: 1, client: 'gateway', outcome: 'accept', config_version: 1, size: 1 }
    await database.kysely
      .insertInto('receipts')
      .values({ ...receipt, body: '{}', user_name: 'alice' })
      .execute()
    await service.nameAccounts()
    const { account, user_key, user_name } = await database.kysely
      .selectFrom('sessions')
      .selectAll()
      .executeTakeFirstOrThrow()
    assert.deepEqual([account, user_key, user_name], ['alice', 'alice', 'anonymous'])
  })
})
