import { sql, type Transaction } from 'kysely'
import type { Database } from './database.ts'
import type { Schema } from './schema.ts'

/** The one PostgreSQL channel of the house; the payload is a Topic. */
export const CHANNEL = 'sallyport'

/** What changed, told to other nodes. A notification can be lost: who listens also polls. */
export const TOPICS = ['configuration', 'users', 'crls'] as const

export type Topic = (typeof TOPICS)[number]

/**
 * The next revision for rows of users and groups (and for the members whose memberships change), taken inside the
 * transaction that writes them. On PostgreSQL it holds a row lock until the commit, so that revisions become visible in
 * their order: a projection that has seen 7 never meets a 6.
 */
export async function nextUserRevision(
  database: Database,
  transaction: Transaction<Schema>,
): Promise<number> {
  const { value } = await transaction
    .updateTable('revisions')
    .set((column) => ({ value: column('value', '+', 1) }))
    .where('name', '=', 'users')
    .returning('value')
    .executeTakeFirstOrThrow()
  await announce(database, transaction, 'users')
  return value
}

/** To be called for every deleted user, group and MAC address, with the revision of its transaction. */
export async function recordDeletion(
  transaction: Transaction<Schema>,
  kind: 'user' | 'group' | 'mac',
  id: string,
  revision: number,
): Promise<void> {
  await transaction
    .insertInto('tombstones')
    .values({ kind, id, revision })
    .onConflict((conflict) => conflict.columns(['kind', 'id']).doUpdateSet({ revision }))
    .execute()
}

/** Other nodes hear of it when, and only if, the transaction commits. */
export async function announce(
  database: Database,
  transaction: Transaction<Schema>,
  topic: Topic,
): Promise<void> {
  if (database.capabilities.notifies) {
    await sql`select pg_notify(${CHANNEL}, ${topic})`.execute(transaction)
  }
}
