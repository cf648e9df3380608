import type { Kysely } from 'kysely'
import type { ColumnTypes } from './column-types.ts'

/** Accounting that another server is still to be given. */
export async function up(kysely: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { integer, text, octets } = types
  await kysely.schema
    .createTable('forwarded_accounting')
    .$call(types.identity)
    .addColumn('upstream_group', text, (column) => column.notNull())
    .addColumn('session_key', text, (column) => column.notNull())
    .addColumn('client', text, (column) => column.notNull())
    .addColumn('user_name', text)
    .addColumn('status_type', text, (column) => column.notNull())
    .addColumn('attributes', octets, (column) => column.notNull())
    .addColumn('received_at', integer, (column) => column.notNull())
    .addColumn('attempts', integer, (column) => column.notNull().defaultTo(0))
    .addColumn('next_attempt_at', integer, (column) => column.notNull().defaultTo(0))
    .$call(types.table)
    .execute()
  await kysely.schema
    .createIndex('forwarded_accounting_of_session')
    .on('forwarded_accounting')
    .columns(['session_key', 'id'])
    .execute()
  await kysely.schema
    .createIndex('forwarded_accounting_by_group')
    .on('forwarded_accounting')
    .columns(['upstream_group', 'next_attempt_at', 'id'])
    .execute()
}
