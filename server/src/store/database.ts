import type { DatabaseSync } from 'node:sqlite'
import type { Kysely } from 'kysely'
import type { Pool } from 'pg'
import type { Schema } from './schema.ts'

/**
 * An open database. Store classes of the features write their queries against `kysely` and never ask which engine runs;
 * where engines truly differ, a capability says so.
 */
export interface Database {
  readonly kysely: Kysely<Schema>
  readonly engine: 'sqlite' | 'postgres'
  readonly capabilities: Capabilities
  /** The connection below, for what must not pay for a query builder (group commit, projection). */
  readonly raw: RawConnection
  close(): Promise<void>
}

export interface Capabilities {
  /** Other nodes may write to the same database. */
  readonly shared: boolean
  /** `NOTIFY` reaches other connections; without it a poll has to do. */
  readonly notifies: boolean
  /** Workers may open the database file itself, read-only. */
  readonly readableFile: string | undefined
}

export type RawConnection =
  | { readonly engine: 'sqlite'; readonly connection: DatabaseSync }
  | { readonly engine: 'postgres'; readonly pool: Pool; readonly url: string }
