import type { Insertable, Kysely, Transaction } from 'kysely'
import { type InsertStatement, insert, type RowWrite } from './row-write.ts'
import type { FactChangeTable, Schema } from './schema.ts'

export type FactChange = Omit<Insertable<FactChangeTable>, 'id'>

/**
 * Notes that a fact changed, so that grants resting on it are decided again. Called inside the transaction of the change:
 * a change that is stored and whose note is lost would leave its grants alive.
 */
export async function recordFactChange(
  transaction: Kysely<Schema> | Transaction<Schema>,
  change: FactChange,
): Promise<void> {
  await transaction.insertInto('fact_changes').values(change).execute()
}

const INSERT: InsertStatement<'fact_changes'> = {
  table: 'fact_changes',
  columns: ['at', 'fact', 'key', 'cause', 'asked_by', 'config_version'],
}

/** The same note, for a change that a RowWriter writes. */
export function factChangeWrite(change: FactChange): RowWrite {
  return insert(INSERT, change)
}
