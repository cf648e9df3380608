import { sql, type Transaction } from 'kysely'
import type { Clock } from '../../kernel/clock.ts'
import type { Database } from '../../store/database.ts'
import type { ClientSecretUseTable, ClientSourceTable, Schema } from '../../store/schema.ts'
import type { SourceObservation } from './client-observations.ts'

/** Addresses remembered of one client; the others are counted together. Who spoofs them finds no end here. */
export const MOST_ADDRESSES_OF_A_CLIENT = 1000
/** The row of all addresses beyond those. */
export const OTHER_ADDRESSES = 'others'

/** A device that was not seen for so long is gone, and holds up nothing. */
const FORGOTTEN_AFTER_MILLISECONDS = 90 * 86_400_000

/** What was seen of one address of a client, all in all. */
export interface StoredSource extends ClientSourceTable {
  readonly uses: readonly ClientSecretUseTable[]
}

/** What was seen of RADIUS clients, by address; several workers and nodes add to it. */
export class ClientObservationStore {
  readonly #database: Database
  readonly #clock: Clock

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  async add(observations: readonly SourceObservation[]): Promise<void> {
    if (observations.length === 0) return
    await this.#database.kysely.transaction().execute(async (transaction) => {
      const known = new Map<string, Set<string>>()
      for (const observation of observations) {
        const { client } = observation
        let addresses = known.get(client)
        if (addresses === undefined) {
          addresses = await addressesOf(transaction, client)
          known.set(client, addresses)
        }
        const isRoom = addresses.has(observation.address) || addresses.size < MOST_ADDRESSES_OF_A_CLIENT
        const address = isRoom ? observation.address : OTHER_ADDRESSES
        addresses.add(address)
        await addSource(transaction, { ...observation, address })
      }
      await this.#forget(transaction)
    })
  }

  async all(): Promise<readonly StoredSource[]> {
    const { kysely } = this.#database
    const sources = await kysely.selectFrom('client_sources').selectAll().orderBy('address').execute()
    const uses = Map.groupBy(
      await kysely.selectFrom('client_secret_uses').selectAll().execute(),
      ({ client, address }) => JSON.stringify([client, address]),
    )
    return sources.map((source) => ({
      ...source,
      uses: uses.get(JSON.stringify([source.client, source.address])) ?? [],
    }))
  }

  async #forget(transaction: Transaction<Schema>): Promise<void> {
    const before = this.#clock.now() - FORGOTTEN_AFTER_MILLISECONDS
    await transaction.deleteFrom('client_sources').where('last_seen_at', '<', before).execute()
    await transaction.deleteFrom('client_secret_uses').where('last_used_at', '<', before).execute()
  }
}

async function addressesOf(transaction: Transaction<Schema>, client: string): Promise<Set<string>> {
  const rows = await transaction
    .selectFrom('client_sources')
    .select('address')
    .where('client', '=', client)
    .execute()
  return new Set(rows.map(({ address }) => address))
}

/** Adds in the statement, not in memory: another node may be adding at the same moment. */
async function addSource(transaction: Transaction<Schema>, observation: SourceObservation): Promise<void> {
  const { client, address, firstSeenAt, lastSeenAt, signed, unsigned, signedRun, lastUnsignedAt, uses } =
    observation
  await transaction
    .insertInto('client_sources')
    .values({
      ...{ client, address, first_seen_at: firstSeenAt, last_seen_at: lastSeenAt, signed, unsigned },
      ...{ last_unsigned_at: lastUnsignedAt, signed_run: signedRun },
    })
    .onConflict((conflict) =>
      conflict.columns(['client', 'address']).doUpdateSet({
        last_seen_at: later('client_sources', 'last_seen_at'),
        signed: sql`client_sources.signed + excluded.signed`,
        unsigned: sql`client_sources.unsigned + excluded.unsigned`,
        last_unsigned_at: sql`coalesce(excluded.last_unsigned_at, client_sources.last_unsigned_at)`,
        signed_run: sql`case when excluded.unsigned > 0 then excluded.signed_run
          else client_sources.signed_run + excluded.signed_run end`,
      }),
    )
    .execute()
  for (const { mark, requests, firstUsedAt, lastUsedAt } of uses) {
    await transaction
      .insertInto('client_secret_uses')
      .values({
        ...{ client, address, secret_mark: mark, requests },
        ...{ first_used_at: firstUsedAt, last_used_at: lastUsedAt },
      })
      .onConflict((conflict) =>
        conflict.columns(['client', 'address', 'secret_mark']).doUpdateSet({
          requests: sql`client_secret_uses.requests + excluded.requests`,
          last_used_at: later('client_secret_uses', 'last_used_at'),
        }),
      )
      .execute()
  }
}

/** The engines call the greater of two values differently. */
function later(table: string, column: string) {
  const mine = sql.ref(`${table}.${column}`)
  const theirs = sql.ref(`excluded.${column}`)
  return sql<number>`case when ${theirs} > ${mine} then ${theirs} else ${mine} end`
}
