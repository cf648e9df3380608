import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from './column-types.ts'

/** What a certificate was issued by and for whom, and the requests for certificates. */
export async function up(
  kysely: Kysely<unknown>,
  { text, key, integer, octets, identity, table }: ColumnTypes,
): Promise<void> {
  const { schema } = kysely
  const texts = [
    'template',
    'protocol',
    'holder_id',
    'holder_name',
    'device_id',
    'key_hash',
    'renews',
    'superseded_by',
  ]
  for (const column of texts) await schema.alterTable('certificates').addColumn(column, text).execute()
  for (const column of ['template_revision', 'request_id']) {
    await schema.alterTable('certificates').addColumn(column, integer).execute()
  }
  for (const column of ['key_hash', 'fingerprint', 'request_id']) {
    await schema.createIndex(`certificates_by_${column}`).on('certificates').column(column).execute()
  }
  // With what is asked for beside: SQLite would otherwise read every certificate of the status or template.
  for (const column of ['holder_id', 'device_id']) {
    const columns = [column, 'status', 'template']
    await schema.createIndex(`certificates_by_${column}`).on('certificates').columns(columns).execute()
  }

  await schema
    .createTable('certificate_requests')
    .$call(identity)
    .addColumn('transaction_key', key, (column) => column.notNull())
    .addColumn('protocol', text, (column) => column.notNull())
    .addColumn('template', text, (column) => column.notNull())
    .addColumn('requester', text, (column) => column.notNull())
    .addColumn('holder_id', text)
    .addColumn('device_id', text)
    .addColumn('key_hash', text, (column) => column.notNull())
    .addColumn('days', integer)
    .addColumn('requester_data', text, (column) => column.notNull())
    .addColumn('request', octets, (column) => column.notNull())
    .addColumn('renews', text)
    .addColumn('status', text, (column) => column.notNull())
    .addColumn('serial', text)
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('decided_at', integer)
    .addColumn('decided_by', text)
    .addColumn('note', text)
    .addColumn('claimed_at', integer)
    .$call(table)
    .execute()
  await schema
    .createIndex('certificate_requests_by_transaction')
    .unique()
    .on('certificate_requests')
    .column('transaction_key')
    .execute()
  await schema
    .createIndex('certificate_requests_by_status')
    .on('certificate_requests')
    .columns(['status', 'id'])
    .execute()
  for (const column of ['holder_id', 'device_id', 'key_hash']) {
    await schema
      .createIndex(`certificate_requests_by_${column}`)
      .on('certificate_requests')
      .column(column)
      .execute()
  }
  await schema
    .createIndex('certificate_requests_by_requester')
    .on('certificate_requests')
    .columns(['requester', 'template', 'created_at'])
    .execute()
  // Taken by whoever opens a request: on PostgreSQL its row lock lets one after the other count and insert.
  await sql`insert into revisions (name, value) values ('certificate-requests', 0)`.execute(kysely)
}
