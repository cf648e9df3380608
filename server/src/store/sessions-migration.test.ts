import assert from 'node:assert/strict'
import { it } from 'node:test'
import { migrate } from './migrate.ts'
import { MIGRATIONS } from './migrations/index.ts'
import { parseDatabaseUrl } from './open.ts'
import { openPostgresWriter } from './postgres.ts'
import { openSqliteWriter } from './sqlite.ts'
import { forEachEngine } from './testing.ts'

forEachEngine((engine) => {
  it('gives sessions of before the keys they are searched by, and records their session', async () => {
    const target = parseDatabaseUrl(engine.url())
    const database =
      target.engine === 'sqlite' ? openSqliteWriter(target.file) : await openPostgresWriter(target.url)
    try {
      const first = Object.entries(MIGRATIONS).slice(0, 1)
      await migrate(database, Object.fromEntries(first))
      const { kysely } = database
      const session = { client: 'gateway', acct_session_id: '0001', started_at: 1000, updated_at: 5000 }
      const counters = {
        ...{ input_octets: 0, output_octets: 0, input_packets: 0, output_packets: 0, session_seconds: 0 },
      }
      const names = { user_name: 'Alice', calling_station_id: 'AA-BB-CC-00-00-01', nas_identifier: 'vpn-1' }
      await kysely
        .insertInto('sessions')
        .values([
          { ...session, ...counters, ...names, id: 'feed', state: 'live' },
          {
            ...session,
            ...counters,
            id: 'beef',
            acct_session_id: '0002',
            state: 'stopped',
            stopped_at: 5000,
          },
        ])
        .execute()
      await kysely
        .insertInto('accounting_records')
        .values({
          ...{ idempotency_key: 'old', client: 'gateway', acct_session_id: '0001', status_type: 'Start' },
          ...{ event_at: 1000, received_at: 1000, attributes: '{}' },
        })
        .execute()
      await migrate(database)
      const rows = await kysely.selectFrom('sessions').selectAll().orderBy('id', 'desc').execute()
      assert.deepEqual(
        rows.map((row) => [row.id, row.user_key, row.station_key, row.nas, row.heard_at, row.due_at]),
        [
          ['feed', 'alice', 'aabbcc000001', 'vpn-1', 5000, 5000 + 86_400_000],
          ['beef', null, null, '', 5000, null],
        ],
      )
      const record = await kysely.selectFrom('accounting_records').selectAll().executeTakeFirstOrThrow()
      assert.deepEqual([record.session_id, record.gigawords], ['feed', 0])
    } finally {
      await database.close()
    }
  })
})
