import type { Kysely } from 'kysely'
import type { ColumnTypes } from './column-types.ts'

/** Until when each mail entry was told what ends. */
export async function up({ schema }: Kysely<unknown>, { key, integer, table }: ColumnTypes): Promise<void> {
  await schema
    .createTable('mail_marks')
    .addColumn('name', key, (column) => column.notNull().primaryKey())
    .addColumn('until', integer, (column) => column.notNull())
    .$call(table)
    .execute()
}
