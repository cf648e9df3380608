import type { Kysely } from 'kysely'
import type { ColumnTypes } from './column-types.ts'

/** One-time secrets a certificate is asked for with, and the SCEP transactions that wait for approval. */
export async function up(
  kysely: Kysely<unknown>,
  { text, key, integer, identity, table }: ColumnTypes,
): Promise<void> {
  const { schema } = kysely
  await schema
    .createTable('enrolment_challenges')
    .$call(identity)
    .addColumn('hash', key, (column) => column.notNull().unique())
    .addColumn('template', text, (column) => column.notNull())
    .addColumn('user_name', text)
    .addColumn('holder_id', text)
    .addColumn('device_id', text)
    .addColumn('subject', text)
    .addColumn('names', text, (column) => column.notNull())
    .addColumn('minimum_rsa_bits', integer)
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('created_by', text, (column) => column.notNull())
    .addColumn('expires_at', integer, (column) => column.notNull())
    .addColumn('used_at', integer)
    .addColumn('used_by', text)
    .$call(table)
    .execute()
  await schema
    .createIndex('enrolment_challenges_by_expiry')
    .on('enrolment_challenges')
    .column('expires_at')
    .execute()

  await schema
    .createTable('scep_transactions')
    .addColumn('transaction_key', key, (column) => column.notNull().primaryKey())
    .addColumn('request_id', integer, (column) => column.notNull())
    .addColumn('proof', text, (column) => column.notNull())
    .addColumn('requester', text, (column) => column.notNull())
    .addColumn('holder_id', text)
    .addColumn('holder_name', text)
    .addColumn('device_id', text)
    .addColumn('created_at', integer, (column) => column.notNull())
    .$call(table)
    .execute()
  await schema.createIndex('scep_transactions_by_time').on('scep_transactions').column('created_at').execute()
}
