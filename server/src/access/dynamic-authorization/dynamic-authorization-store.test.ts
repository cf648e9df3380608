import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forEachEngine } from '../../store/testing.ts'
import type { AccountingRecord } from '../accounting/accounting-record.ts'
import { AccountingService } from '../accounting/accounting-service.ts'
import { SessionStore } from '../session-store.ts'
import { DynamicAuthorizationStore, type NewDynamicAuthorization } from './dynamic-authorization-store.ts'
import { START } from './test/accounting.ts'

const DAY = 86_400_000

const ROW: NewDynamicAuthorization = {
  at: 1000,
  session_id: 'aa00',
  decision_id: null,
  client: 'switch',
  user_name: 'alice',
  calling_station_id: null,
  action: 'disconnect',
  profile: null,
  asked_by: 'admin',
  asked_by_name: 'ada',
  device: null,
  request: null,
  outcome: 'sending',
  attempts: 0,
}

forEachEngine((engine) => {
  async function open(...records: Partial<AccountingRecord>[]) {
    const database = await engine.open()
    const all = records.map((record, index) => ({ ...START, eventKey: `k${index}`, ...record }))
    await new AccountingService(database).store(all)
    return { store: new DynamicAuthorizationStore(database), sessions: new SessionStore(database) }
  }

  test('ok/ begun, finished, listed by page, session, client and user', async () => {
    const { store } = await open()
    const ids: number[] = []
    for (let index = 0; index < 5; index++)
      ids.push(await store.begin({ ...ROW, session_id: `s${index % 2}` }))
    const [first = 0] = ids
    const end = {
      outcome: 'refused',
      error_cause: 503,
      reason: null,
      attempts: 2,
      finished_at: 2000,
    } as const
    await store.finish(first, end)
    const seen: number[] = []
    let cursor: string | undefined
    do {
      const page = await store.list({ limit: 2, cursor })
      seen.push(...page.rows.map(({ id }) => id))
      cursor = page.next
    } while (cursor !== undefined)
    assert.deepEqual(seen, ids.toReversed())
    const oldest = (await store.list({ limit: 10, session: 's0' })).rows.at(-1)
    assert.deepEqual({ ...oldest }, { ...ROW, ...end, id: first, session_id: 's0' })
    assert.equal((await store.list({ limit: 10, client: 'other' })).rows.length, 0)
    assert.equal((await store.list({ limit: 10, user: 'alice' })).rows.length, 5)
  })

  test('ok/ what is older than the receipts goes', async () => {
    const { store } = await open()
    await store.begin(ROW)
    const kept = await store.begin({ ...ROW, at: 50 * DAY })
    assert.deepEqual(await store.retain({ keepDays: 30 }, 60 * DAY), { more: false })
    assert.deepEqual(
      (await store.list({ limit: 10 })).rows.map(({ id }) => id),
      [kept],
    )
  })

  test('ok/ what a process left behind under way is no answer, an hour later', async () => {
    const { store } = await open()
    await store.begin(ROW)
    const outcomes = async () => (await store.list({ limit: 10 })).rows.map(({ outcome }) => outcome)
    await store.retain({ keepDays: 30 }, ROW.at + 3_600_000)
    assert.deepEqual(await outcomes(), ['sending'])
    await store.retain({ keepDays: 30 }, ROW.at + 3_600_001)
    assert.deepEqual(await outcomes(), ['no-answer'])
  })

  test('ok/ sessions are found by all that is said of them, and only live ones', async () => {
    const { store } = await open(
      {},
      { sessionKey: 'bb00', acctSessionId: '0002', callingStationId: '02-00-00-00-00-02' },
      { sessionKey: 'cc00', acctSessionId: '0003', userName: 'bob', nasIdentifier: 'sw-2' },
      { sessionKey: 'dd00', acctSessionId: '0004', statusType: 'Stop' },
    )
    assert.deepEqual(await store.findSessions({ user_name: 'alice' }, 9), ['aa00', 'bb00'])
    assert.deepEqual(await store.findSessions({ user_name: 'alice' }, 1), ['aa00'])
    assert.deepEqual(await store.findSessions({ user_name: 'alice', acct_session_id: '0002' }, 9), ['bb00'])
    assert.deepEqual(await store.findSessions({ station_key: '020000000002' }, 9), ['bb00'])
    assert.deepEqual(await store.findSessions({ user_name: 'ALICE', nas_identifier: 'sw-1' }, 9), [
      'aa00',
      'bb00',
    ])
    assert.deepEqual(await store.findSessions({ user_name: 'bob', nas_identifier: 'sw-1' }, 9), [])
    assert.deepEqual(await store.findSessions({ acct_session_id: '0004' }, 9), [])
  })

  test('ok/ the last words of a device about a session are not those of its neighbour', async () => {
    const { store, sessions } = await open(
      { attributes: '{"NAS-Port":["7"]}' },
      {
        ...{ sessionKey: 'bb00', nas: 'sw-2', nasIdentifier: 'sw-2' },
        attributes: '{"NAS-Port":["9"]}',
      },
    )
    const session = await sessions.find('aa00')
    assert.ok(session !== undefined)
    assert.deepEqual((await store.lastReported(session))['NAS-Port'], ['7'])
    assert.deepEqual(await store.lastReported({ id: 'none' }), {})
  })
})
