import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Database } from '../store/database.ts'
import { openWriter } from '../store/open.ts'
import { forEachEngine } from '../store/testing.ts'
import { AccountingService } from './accounting/accounting-service.ts'
import { accountingRecord } from './accounting/testing.ts'
import { type SessionFilter, SessionStore } from './session-store.ts'

async function fill(database: Database): Promise<SessionStore> {
  const service = new AccountingService(database)
  const session = (number: number, over: Parameters<typeof accountingRecord>[0]) =>
    accountingRecord({
      ...{ sessionKey: `${number}`.padStart(8, '0'), acctSessionId: `s${number}`, decisionId: null },
      ...{ class: null, framedIpAddress: null, callingStationId: null, eventAt: 1_000_000 + number },
      ...over,
    })
  const stored = await service.store([
    session(1, { userName: 'Alice', callingStationId: 'AA-BB-CC-00-00-01', framedIpAddress: '10.1.2.3' }),
    session(2, { userName: 'bob', callingStationId: 'aabb.cc00.0002:corp', framedIpAddress: '10.1.9.9' }),
    session(3, { userName: 'carol', framedIpv6Prefix: '2001:db8:0:7::/64', framedIpAddress: '10.2.0.1' }),
    session(4, { userName: 'dave', framedIpv6Address: '2001:db8::5', client: 'other' }),
    session(5, { userName: 'erin', delegatedIpv6Prefix: '2001:db8:ff00::/40' }),
    session(6, { userName: 'alice', statusType: 'Stop', callingStationId: '192.0.2.9[4500]' }),
  ])
  assert.ok(stored.every((isDurable) => isDurable))
  return new SessionStore(database)
}

/** What is looked for, and the sessions that are found. */
const SEARCHES: readonly (readonly [Partial<SessionFilter>, readonly string[]])[] = [
  [{ user: 'ALICE' }, ['s6', 's1']],
  [{ user: 'alice', state: 'live' }, ['s1']],
  [{ station: 'aa:bb:cc:00:00:01' }, ['s1']],
  [{ station: 'AABBCC000002' }, ['s2']],
  [{ station: '192.0.2.9[4500]' }, ['s6']],
  [{ address: '10.1.2.3' }, ['s1']],
  [{ address: '10.1.0.0/16' }, ['s2', 's1']],
  [{ address: '10.0.0.0/8', state: 'live' }, ['s3', 's2', 's1']],
  [{ address: '2001:db8:0:7:1::9' }, ['s3']],
  [{ address: '2001:DB8::5' }, ['s4']],
  [{ address: '2001:db8:ff12::1' }, ['s5']],
  [{ address: '2001:db8::/32' }, ['s5', 's4', 's3']],
  [{ address: '2001:db9::1' }, []],
  [{ address: 'nothing' }, []],
  [{ client: 'other' }, ['s4']],
  [{ acctSessionId: 's3' }, ['s3']],
  [{ since: 1_000_005 }, ['s6', 's5']],
  [{ state: 'stopped' }, ['s6']],
  [{ search: '192.0.2' }, ['s6']],
]

forEachEngine((engine) => {
  test('ok/by user, device in any spelling, address, prefix, client, session and time', async () => {
    const store = await fill(await engine.open())
    for (const [filter, expected] of SEARCHES) {
      const { rows } = await store.list({ limit: 50, ...filter })
      assert.deepEqual(
        rows.map((row) => row.acct_session_id),
        expected,
        JSON.stringify(filter),
      )
    }
  })
})

test('ok/every search but that for a part of a text goes by index', async () => {
  const database = await openWriter('sqlite::memory:')
  const store = new SessionStore(database)
  try {
    if (database.raw.engine !== 'sqlite') throw new TypeError('SQLite was asked for')
    const { connection } = database.raw
    const narrow: Readonly<Record<string, RegExp>> = {
      user: /sessions_of_user/,
      station: /sessions_of_station/,
      address: /sessions_by_(ipv4|ipv6)/,
      acctSessionId: /sessions_by_acct_session_id/,
      client: /sessions_of_client/,
      since: /sessions_by_start/,
      state: /sessions_by_start/,
    }
    for (const [filter] of SEARCHES) {
      if (filter.search !== undefined || filter.address === 'nothing') continue
      const { sql, parameters } = store.query({ limit: 50, ...filter }, 'live').compile()
      const plan = connection
        .prepare(`explain query plan ${sql}`)
        .all(...(parameters as string[]))
        .map(({ detail }) => String(detail))
      const [key = ''] = Object.keys(filter)
      const text = `${JSON.stringify(filter)}\n${plan.join('\n')}`
      assert.ok(
        plan.some((line) => narrow[key]?.test(line)),
        text,
      )
      assert.ok(!plan.some((line) => /^SCAN (sessions|receipts)/.test(line)), text)
    }
  } finally {
    await database.close()
  }
})

test('ok/pages go on where the one before ended, also among sessions that began together', async () => {
  const database = await openWriter('sqlite::memory:')
  try {
    const service = new AccountingService(database)
    const records = Array.from({ length: 30 }, (_, index) =>
      accountingRecord({
        ...{ sessionKey: index.toString(16).padStart(4, '0'), acctSessionId: `s${index}`, decisionId: null },
        ...{ statusType: index % 3 === 0 ? 'Stop' : 'Start', eventAt: 1_000_000 + (index >> 2) },
      }),
    )
    await service.store(records)
    const store = new SessionStore(database)
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await store.list({ limit: 7, cursor })
      seen.push(...page.rows.map((row) => row.acct_session_id))
      cursor = page.next
    } while (cursor !== undefined)
    assert.equal(seen.length, 30)
    assert.equal(new Set(seen).size, 30)
  } finally {
    await database.close()
  }
})
