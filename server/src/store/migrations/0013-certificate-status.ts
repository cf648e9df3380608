import { toHex } from '@sallyport/bytes'
import { decodePem, parseCertificate } from '@sallyport/pki'
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
    .addColumn('newest', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('certificate_names_key', ['name', 'newest', 'serial'])
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
    .addColumn('held_for', text)
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

  await copyRevoked(kysely as Kysely<Before>)

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

interface Before {
  certificates: {
    serial: string
    pem: string | null
    status: string
    revoked_at: number | null
    revocation_reason: string | null
    not_after: number
    issuer_key: string | null
  }
  revisions: { name: string; value: number }
  revoked_certificates: {
    serial: string
    issuer_key: string
    status: string
    revoked_at: number
    reason: string
    not_after: number
    revision: number
  }
}

const PAGE = 500

/** Certificates that are revoked already are what lists and workers read from now on. */
async function copyRevoked(kysely: Kysely<Before>): Promise<void> {
  let after = ''
  let revision: number | undefined
  for (;;) {
    const rows = await kysely
      .selectFrom('certificates')
      .selectAll()
      .where('status', '=', 'revoked')
      .where('serial', '>', after)
      .orderBy('serial')
      .limit(PAGE)
      .execute()
    const last = rows.at(-1)
    if (last === undefined) return
    revision ??= await nextRevision(kysely)
    const common = { status: 'revoked', revision }
    const values = rows.map((row) => ({
      ...common,
      serial: row.serial,
      issuer_key: row.issuer_key ?? signingKey(row.pem),
      revoked_at: row.revoked_at ?? 0,
      reason: row.revocation_reason ?? 'unspecified',
      not_after: row.not_after,
    }))
    await kysely.insertInto('revoked_certificates').values(values).execute()
    after = last.serial
  }
}

async function nextRevision(kysely: Kysely<Before>): Promise<number> {
  const { value } = await kysely
    .updateTable('revisions')
    .set((column) => ({ value: column('value', '+', 1) }))
    .where('name', '=', 'users')
    .returning('value')
    .executeTakeFirstOrThrow()
  return Number(value)
}

function signingKey(pem: string | null): string {
  const [der] = pem === null ? [] : decodePem('CERTIFICATE', pem)
  const signer = der === undefined ? undefined : parseCertificate(der).extensions.authorityKeyIdentifier
  return signer?.keyIdentifier === undefined ? '' : toHex(signer.keyIdentifier)
}
