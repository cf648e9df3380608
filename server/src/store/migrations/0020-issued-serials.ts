import type { Kysely } from 'kysely'
import type { ColumnTypes } from './column-types.ts'

/** How far each local file that copies from the database had come: by it a file notices that the database went back in time. */
export async function up(
  { schema }: Kysely<unknown>,
  { key, text, integer, table }: ColumnTypes,
): Promise<void> {
  await schema
    .createTable('projection_marks')
    .addColumn('file', key, (column) => column.notNull().primaryKey())
    .addColumn('mark', text, (column) => column.notNull())
    .addColumn('marked_at', integer, (column) => column.notNull())
    .$call(table)
    .execute()
}
