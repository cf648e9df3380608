import type { Kysely } from 'kysely'
import type { ColumnTypes } from './column-types.ts'

/** CoA and Disconnect that were sent, with what came back. */
export async function up(kysely: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { integer, text } = types
  await kysely.schema
    .createTable('dynamic_authorizations')
    .$call(types.identity)
    .addColumn('at', integer, (column) => column.notNull())
    .addColumn('session_id', text, (column) => column.notNull())
    .addColumn('decision_id', text)
    .addColumn('client', text, (column) => column.notNull())
    .addColumn('user_name', text)
    .addColumn('calling_station_id', text)
    .addColumn('action', text, (column) => column.notNull())
    .addColumn('profile', text)
    .addColumn('asked_by', text, (column) => column.notNull())
    .addColumn('asked_by_name', text)
    .addColumn('device', text)
    .addColumn('request', text)
    .addColumn('outcome', text, (column) => column.notNull())
    .addColumn('error_cause', integer)
    .addColumn('reason', text)
    .addColumn('attempts', integer, (column) => column.notNull().defaultTo(0))
    .addColumn('finished_at', integer)
    .$call(types.table)
    .execute()
  await kysely.schema
    .createIndex('dynamic_authorizations_of_session')
    .on('dynamic_authorizations')
    .columns(['session_id', 'id'])
    .execute()
  await kysely.schema
    .createIndex('dynamic_authorizations_by_time')
    .on('dynamic_authorizations')
    .column('at')
    .execute()
}
