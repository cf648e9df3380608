import type { Kysely } from 'kysely'
import type { ColumnTypes } from './column-types.ts'

/** What is revoked, the lists that say so, and the names certificates are looked for by. */
export async function up(
  kysely: Kysely<unknown>,
  { text, key, integer, octets, table }: ColumnTypes,
): Promise<void> {
  const { schema } = kysely
  // Each ends with what orders the pages, so that a page is read from the index and never sorted.
  const orders = {
    created: ['created_at', 'serial'],
    template: ['template', 'created_at', 'serial'],
    status: ['status', 'created_at', 'serial'],
    kind: ['kind', 'created_at', 'serial'],
    not_after: ['not_after', 'serial'],
  } as const
  for (const [name, columns] of Object.entries(orders))
    await schema
      .createIndex(`certificates_in_order_of_${name}`)
      .on('certificates')
      .columns([...columns])
      .execute()

  await schema
    .createTable('certificate_names')
    .addColumn('name', key, (column) => column.notNull())
    .addColumn('serial', text, (column) => column.notNull())
    .addColumn('kind', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('certificate_names_key', ['name', 'serial', 'kind'])
    .$call(table)
    .execute()
  await schema.createIndex('certificate_names_of').on('certificate_names').column('serial').execute()

  await schema
    .createTable('revoked_certificates')
    .addColumn('serial', key, (column) => column.primaryKey())
    .addColumn('issuer_key', key, (column) => column.notNull())
    .addColumn('status', text, (column) => column.notNull())
    .addColumn('revoked_at', integer, (column) => column.notNull())
    .addColumn('reason', text, (column) => column.notNull())
    .addColumn('invalidity_date', integer)
    .addColumn('not_after', integer, (column) => column.notNull())
    .addColumn('revision', integer, (column) => column.notNull())
    .$call(table)
    .execute()
  await schema
    .createIndex('revoked_certificates_of_issuer')
    .on('revoked_certificates')
    .columns(['issuer_key', 'serial'])
    .execute()
  await schema
    .createIndex('revoked_certificates_by_revision')
    .on('revoked_certificates')
    .column('revision')
    .execute()

  await schema
    .createTable('crl_sequences')
    .addColumn('issuer_key', key, (column) => column.primaryKey())
    .addColumn('number', integer, (column) => column.notNull())
    .addColumn('claimed_until', integer, (column) => column.notNull())
    .$call(table)
    .execute()
  await schema
    .createTable('crls')
    .addColumn('issuer_key', key, (column) => column.notNull())
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('number', integer, (column) => column.notNull())
    .addColumn('base_number', integer)
    .addColumn('this_update', integer, (column) => column.notNull())
    .addColumn('next_update', integer, (column) => column.notNull())
    .addColumn('revision', integer, (column) => column.notNull())
    .addColumn('delta_url', text)
    .addColumn('entries', integer, (column) => column.notNull())
    .addColumn('der', octets, (column) => column.notNull())
    .addPrimaryKeyConstraint('crls_key', ['issuer_key', 'kind'])
    .$call(table)
    .execute()
}
