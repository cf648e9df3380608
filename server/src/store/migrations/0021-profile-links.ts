import type { Kysely } from 'kysely'
import type { ColumnTypes } from './column-types.ts'

/** One-time links by which people fetch the files of connections. */
export async function up(
  { schema }: Kysely<unknown>,
  { text, key, integer, identity, table }: ColumnTypes,
): Promise<void> {
  await schema
    .createTable('profile_links')
    .$call(identity)
    .addColumn('token_hash', key, (column) => column.notNull().unique())
    .addColumn('code_mark', key, (column) => column.unique())
    .addColumn('user_name', text, (column) => column.notNull())
    .addColumn('holder_id', key, (column) => column.notNull())
    .addColumn('connections', text, (column) => column.notNull())
    .addColumn('system', text)
    .addColumn('language', text)
    .addColumn('made_by', text, (column) => column.notNull())
    .addColumn('created_by', text, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('expires_at', integer, (column) => column.notNull())
    .addColumn('used_at', integer)
    .addColumn('used_from', text)
    .addColumn('used_for', text)
    .$call(table)
    .execute()
  await schema.createIndex('profile_links_by_expiry').on('profile_links').column('expires_at').execute()
  await schema
    .createIndex('profile_links_by_holder')
    .on('profile_links')
    .columns(['holder_id', 'created_at'])
    .execute()
}
