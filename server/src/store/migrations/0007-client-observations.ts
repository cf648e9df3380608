import type { Kysely } from 'kysely'
import type { ColumnTypes } from './column-types.ts'

/** What was seen of RADIUS clients at each of their addresses: Message-Authenticator, and which secret is in use. */
export async function up(kysely: Kysely<unknown>, { text, integer, table }: ColumnTypes): Promise<void> {
  await kysely.schema
    .createTable('client_sources')
    .addColumn('client', text, (column) => column.notNull())
    .addColumn('address', text, (column) => column.notNull())
    .addColumn('first_seen_at', integer, (column) => column.notNull())
    .addColumn('last_seen_at', integer, (column) => column.notNull())
    .addColumn('signed', integer, (column) => column.notNull())
    .addColumn('unsigned', integer, (column) => column.notNull())
    .addColumn('last_unsigned_at', integer)
    .addColumn('signed_run', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('client_sources_primary', ['client', 'address'])
    .$call(table)
    .execute()
  await kysely.schema
    .createTable('client_secret_uses')
    .addColumn('client', text, (column) => column.notNull())
    .addColumn('address', text, (column) => column.notNull())
    .addColumn('secret_mark', text, (column) => column.notNull())
    .addColumn('requests', integer, (column) => column.notNull())
    .addColumn('first_used_at', integer, (column) => column.notNull())
    .addColumn('last_used_at', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('client_secret_uses_primary', ['client', 'address', 'secret_mark'])
    .$call(table)
    .execute()
}
