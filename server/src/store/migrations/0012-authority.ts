import type { Kysely } from 'kysely'
import type { ColumnTypes } from './column-types.ts'

/** By which CA key a certificate was issued. */
export async function up(kysely: Kysely<unknown>, { text }: ColumnTypes): Promise<void> {
  await kysely.schema.alterTable('certificates').addColumn('issuer_key', text).execute()
}
