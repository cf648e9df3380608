import type { Kysely } from 'kysely'
import type { ColumnTypes } from './column-types.ts'

/** CA keys and their states, by which of them a certificate was issued, and who was handed which anchor. */
export async function up(kysely: Kysely<unknown>, { text, key, integer, table }: ColumnTypes): Promise<void> {
  const { schema } = kysely
  await schema.alterTable('certificates').addColumn('issuer_key', text).execute()

  await schema
    .createTable('authorities')
    .addColumn('key_id', key, (column) => column.primaryKey())
    .addColumn('role', text, (column) => column.notNull())
    .addColumn('state', text, (column) => column.notNull())
    .addColumn('origin', text, (column) => column.notNull())
    .addColumn('certificate', text)
    .addColumn('chain', text, (column) => column.notNull())
    .addColumn('key_sealed', text)
    .addColumn('token_sealed', text)
    .addColumn('request', text)
    .addColumn('created_at', integer, (column) => column.notNull())
    .$call(table)
    .execute()

  await schema
    .createTable('anchor_holders')
    .addColumn('holder', key, (column) => column.notNull())
    .addColumn('anchor', key, (column) => column.notNull())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('handed_by', text, (column) => column.notNull())
    .addColumn('handed_at', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('anchor_holders_key', ['holder', 'anchor'])
    .$call(table)
    .execute()
}
