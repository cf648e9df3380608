import type { Kysely } from 'kysely'
import type { ColumnTypes } from './column-types.ts'

/** Users and groups as directories were last heard to have them, and how far each source has been read. */
export async function up(kysely: Kysely<unknown>, { text, key, integer, table }: ColumnTypes): Promise<void> {
  const { schema } = kysely
  await schema
    .createTable('directory_users')
    .addColumn('source', text, (column) => column.notNull())
    .addColumn('id', text, (column) => column.notNull())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('name_key', key, (column) => column.notNull())
    .addColumn('upn', text)
    .addColumn('display_name', text)
    .addColumn('display_key', key)
    .addColumn('surname_key', key)
    .addColumn('mail', text)
    .addColumn('addresses', text, (column) => column.notNull())
    .addColumn('department', text)
    .addColumn('dn', text, (column) => column.notNull())
    .addColumn('dn_key', text, (column) => column.notNull())
    .addColumn('sid', text)
    .addColumn('primary_group_sid', text)
    .addColumn('disabled', integer, (column) => column.notNull())
    .addColumn('expires_at', integer)
    .addColumn('changed_at', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('directory_users_primary', ['source', 'id'])
    .$call(table)
    .execute()
  for (const column of ['name_key', 'display_key', 'surname_key', 'dn_key', 'primary_group_sid']) {
    await schema
      .createIndex(`directory_users_by_${column}`)
      .on('directory_users')
      .columns(['source', column])
      .execute()
  }

  await schema
    .createTable('directory_addresses')
    .addColumn('source', text, (column) => column.notNull())
    .addColumn('address_key', key, (column) => column.notNull())
    .addColumn('user_id', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('directory_addresses_primary', ['source', 'address_key', 'user_id'])
    .$call(table)
    .execute()
  await schema
    .createIndex('directory_addresses_of_user')
    .on('directory_addresses')
    .columns(['source', 'user_id'])
    .execute()
  // A mail server asks by address alone.
  await schema
    .createIndex('directory_addresses_by_key')
    .on('directory_addresses')
    .column('address_key')
    .execute()

  await schema
    .createTable('directory_groups')
    .addColumn('source', text, (column) => column.notNull())
    .addColumn('id', text, (column) => column.notNull())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('name_key', key, (column) => column.notNull())
    .addColumn('description', text)
    .addColumn('dn', text, (column) => column.notNull())
    .addColumn('dn_key', text, (column) => column.notNull())
    .addColumn('sid', text)
    .addColumn('changed_at', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('directory_groups_primary', ['source', 'id'])
    .$call(table)
    .execute()
  for (const column of ['name_key', 'dn_key', 'sid']) {
    await schema
      .createIndex(`directory_groups_by_${column}`)
      .on('directory_groups')
      .columns(['source', column])
      .execute()
  }

  await schema
    .createTable('directory_memberships')
    .addColumn('source', text, (column) => column.notNull())
    .addColumn('group_id', text, (column) => column.notNull())
    .addColumn('member_key', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('directory_memberships_primary', ['source', 'group_id', 'member_key'])
    .$call(table)
    .execute()
  await schema
    .createIndex('directory_memberships_of_member')
    .on('directory_memberships')
    .columns(['source', 'member_key', 'group_id'])
    .execute()

  await schema
    .createTable('directory_sync')
    .addColumn('source', text, (column) => column.primaryKey())
    .addColumn('settings_mark', text, (column) => column.notNull())
    .addColumn('marks', text, (column) => column.notNull())
    .addColumn('holder', text, (column) => column.notNull())
    .addColumn('held_until', integer, (column) => column.notNull())
    .addColumn('started_at', integer)
    .addColumn('tried_at', integer)
    .addColumn('succeeded_at', integer)
    .addColumn('full_at', integer)
    .addColumn('last', text)
    .addColumn('failure', text)
    .$call(table)
    .execute()
}
