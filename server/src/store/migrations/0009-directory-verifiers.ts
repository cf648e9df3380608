import type { Kysely } from 'kysely'
import type { ColumnTypes } from './column-types.ts'

/** Accounts of directories as these last told them, and salted hashes of the passwords these last took. */
export async function up(kysely: Kysely<unknown>, { text, integer, table }: ColumnTypes): Promise<void> {
  await kysely.schema
    .createTable('directory_verifiers')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('account_sealed', text, (column) => column.notNull())
    .addColumn('keep_until', integer, (column) => column.notNull())
    .$call(table)
    .execute()
  await kysely.schema
    .createIndex('directory_verifiers_by_keep_until')
    .on('directory_verifiers')
    .column('keep_until')
    .execute()
}
