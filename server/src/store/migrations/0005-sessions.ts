import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from './column-types.ts'

/**
 * A session directory that heals: what tells sessions of one Acct-Session-Id apart, when one was heard of last, and
 * normalised keys to search by. Sessions from before get their keys as far as SQL can make them; the rest comes with
 * their next report.
 */
export async function up(kysely: Kysely<unknown>, { integer, text }: ColumnTypes): Promise<void> {
  const { schema } = kysely
  const texts = [
    ...['account', 'user_key', 'station_key', 'ipv4_key', 'ipv6_key', 'delegated_key'],
    ...['framed_ipv6_address', 'delegated_ipv6_prefix'],
  ]
  for (const name of texts) await schema.alterTable('sessions').addColumn(name, text).execute()
  await schema
    .alterTable('sessions')
    .addColumn('nas', text, (column) => column.notNull().defaultTo(''))
    .execute()
  for (const [name, value] of [
    ['incarnations', 1],
    ['has_start', 0],
    ['heard_at', 0],
    ['counter_wraps', 0],
    ['counter_resets', 0],
  ] as const) {
    await schema
      .alterTable('sessions')
      .addColumn(name, integer, (column) => column.notNull().defaultTo(value))
      .execute()
  }
  for (const name of ['due_at', 'interim_seconds']) {
    await schema.alterTable('sessions').addColumn(name, integer).execute()
  }
  await sql`update sessions set
    nas = coalesce(nas_identifier, nas_address, ''),
    user_key = lower(user_name),
    station_key = lower(replace(replace(replace(calling_station_id, '-', ''), ':', ''), '.', '')),
    heard_at = updated_at`.execute(kysely)
  await sql`update sessions set due_at = heard_at + 86400000 where state = 'live'`.execute(kysely)

  for (const name of ['sessions_of_user', 'sessions_of_client', 'sessions_by_start']) {
    await schema.dropIndex(name).execute()
  }
  const indexes = [
    ['sessions_of_user', ['user_key', 'state']],
    // Many sessions begin in one second: the next page must not look at all of them again.
    ['sessions_of_client', ['client', 'state', 'started_at', 'id']],
    ['sessions_by_start', ['state', 'started_at', 'id']],
    ['sessions_by_acct_session_id', ['acct_session_id']],
  ] as const
  for (const [name, columns] of indexes) {
    await schema
      .createIndex(name)
      .on('sessions')
      .columns([...columns])
      .execute()
  }
  const partial = [
    ['sessions_of_station', 'station_key'],
    ['sessions_by_ipv4', 'ipv4_key'],
    ['sessions_by_ipv6', 'ipv6_key'],
    ['sessions_by_delegated', 'delegated_key'],
    ['sessions_due', 'due_at'],
    ['sessions_by_end', 'stopped_at'],
  ] as const
  for (const [name, column] of partial) {
    await sql`create index ${sql.ref(name)} on sessions (${sql.ref(column)}) where ${sql.ref(column)} is not null`.execute(
      kysely,
    )
  }

  await schema.alterTable('accounting_records').addColumn('session_id', text).execute()
  await schema
    .alterTable('accounting_records')
    .addColumn('gigawords', integer, (column) => column.notNull().defaultTo(0))
    .execute()
  await sql`update accounting_records set session_id = (
    select id from sessions
     where sessions.acct_session_id = accounting_records.acct_session_id
       and sessions.client = accounting_records.client limit 1)`.execute(kysely)
  await schema.dropIndex('accounting_records_of_session').execute()
  await schema
    .createIndex('accounting_records_of_session')
    .on('accounting_records')
    .columns(['session_id', 'event_at'])
    .execute()
}
