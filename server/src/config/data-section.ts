import type { Transaction } from 'kysely'
import type * as z from 'zod'
import type { Schema } from '../store/schema.ts'
import type { ObjectChange } from './difference.ts'
import type { Problem } from './problem.ts'
import type { Configuration } from './schema.ts'

/**
 * A section of the YAML document that is data (users, groups: many, in tables), not configuration. The feature that owns
 * the tables implements it; `config/` plans and writes it together with the configuration, whole or not at all.
 *
 * `plan` and `export` run in the main thread on a reader; what they planned is written by the section's `DataWriter` in
 * the store thread. Everything that crosses (writes, images) is structured-cloneable; images are JSON as well, because they
 * are kept with the version for `rollback`.
 */
export interface DataSection<Item = unknown, Write = unknown> {
  /** Key in the document: `users`. */
  readonly name: string
  /** Of one list member. */
  readonly schema: z.ZodType<Item>

  /**
   * Compares with the tables, prepares the writes (hashes and seals passwords: slow work belongs here). Objects not in
   * `items` are deleted only with `prune`. `configuration` is the one that will be served.
   */
  plan(items: readonly Item[], context: DataPlanContext): Promise<DataPlan<Write>>

  /**
   * All objects as a document writes them, sorted by name; write-only fields (passwords) are left out. Undefined: there are
   * too many, and the document says nothing of them.
   */
  export(): Promise<readonly Item[] | undefined>
}

/** What writes a section, inside the transaction that stores the version. */
export interface DataWriter<Write = unknown> {
  /**
   * Throws RequestError 'version-conflict' where a row is no longer what `plan` saw. Returns the row images before and
   * after, in the order of writing.
   */
  write(transaction: Transaction<Schema>, writes: readonly Write[]): Promise<readonly RowImage[]>

  /**
   * Takes the images of one version back, last first. A row that was changed otherwise since is left alone and named;
   * counters (failures, lock-out) do not count as a change.
   */
  undo(transaction: Transaction<Schema>, images: readonly RowImage[]): Promise<DataUndo>
}

export interface DataPlanContext {
  readonly configuration: Configuration
  /** The other data sections of the same document: a user may be put into a group created beside it. */
  readonly document: Readonly<Record<string, readonly unknown[]>>
  readonly prune: boolean
}

export interface DataPlan<Write> {
  readonly changes: readonly ObjectChange[]
  readonly problems: readonly Problem[]
  readonly writes: readonly Write[]
}

/** JSON. `before` null: the row was created; `after` null: it was deleted. */
export interface RowImage {
  readonly table: string
  readonly key: string
  readonly before: Readonly<Record<string, unknown>> | null
  readonly after: Readonly<Record<string, unknown>> | null
}

export interface DataUndo {
  /** Images of what `undo` wrote, so that a later rollback can take the rollback back. */
  readonly images: readonly RowImage[]
  /** Objects left alone because they changed otherwise since: `users/alice`. */
  readonly leftAlone: readonly string[]
}
