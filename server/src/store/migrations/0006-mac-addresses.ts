import type { Kysely } from 'kysely'
import type { ColumnTypes } from './column-types.ts'

/** MAC addresses that may come in without a login: `mac` is twelve lower-case hexadecimal digits. */
export async function up(kysely: Kysely<unknown>, { text, integer, table }: ColumnTypes): Promise<void> {
  await kysely.schema
    .createTable('mac_addresses')
    .addColumn('mac', text, (column) => column.primaryKey())
    .addColumn('description', text, (column) => column.notNull())
    .addColumn('groups', text, (column) => column.notNull())
    .addColumn('owner', text, (column) => column.notNull())
    .addColumn('disabled', integer, (column) => column.notNull())
    .addColumn('expires_at', integer)
    .addColumn('attributes', text, (column) => column.notNull())
    .addColumn('revision', integer, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('updated_at', integer, (column) => column.notNull())
    .$call(table)
    .execute()
  await kysely.schema
    .createIndex('mac_addresses_by_revision')
    .on('mac_addresses')
    .column('revision')
    .execute()
}
