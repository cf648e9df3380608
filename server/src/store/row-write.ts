import type { CompiledQuery, Insertable } from 'kysely'
import type { Schema } from './schema.ts'

/** A value both engines bind. */
export type Column = string | number | Uint8Array | null

/**
 * An insert that is prepared once and run many times: a constant of the feature that owns the table.
 *
 * `onConflict` is SQL both engines read the same: `(id) do nothing`, or
 * `(id) do update set state = excluded.state where excluded.updated_at >= sessions.updated_at`. Its key columns go into
 * `conflictKey`, because PostgreSQL refuses to touch one row twice in one statement.
 */
export interface InsertStatement<T extends keyof Schema = keyof Schema> {
  readonly table: T
  readonly columns: readonly (keyof Insertable<Schema[T]> & string)[]
  readonly onConflict?: string
  readonly conflictKey?: readonly string[]
}

/** Writes of one work item. */
export type RowWrite =
  | {
      readonly insert: InsertStatement
      /** In the order of the statement's columns. */
      readonly values: readonly Column[]
    }
  /** Any other statement, built with Kysely and compiled. What was added before it runs before it. */
  | { readonly query: CompiledQuery }

/** A typed row for an InsertStatement. */
export function insert<T extends keyof Schema>(
  statement: InsertStatement<T>,
  row: Insertable<Schema[T]>,
): RowWrite {
  // Insertable is a mapped type over T, which TypeScript does not look through; columns are keys of it by declaration.
  const fields = row as Readonly<Record<string, Column | undefined>>
  return {
    insert: statement as unknown as InsertStatement,
    values: statement.columns.map((column) => fields[column] ?? null),
  }
}

/** Writes that follow one another and share a statement; `query` runs alone. */
export type Step =
  | { readonly insert: InsertStatement; readonly rows: readonly (readonly Column[])[] }
  | { readonly query: CompiledQuery }

/**
 * Gathers rows by statement, so that a batch of many items is few statements. Inserts keep their order within a
 * statement, not between statements; a `query` is a fence that nothing crosses.
 */
export function toSteps(writes: Iterable<RowWrite>): Step[] {
  const steps: Step[] = []
  let open = new Map<InsertStatement, (readonly Column[])[]>()
  for (const write of writes) {
    if ('query' in write) {
      steps.push(write)
      open = new Map()
      continue
    }
    const rows = open.get(write.insert)
    if (rows !== undefined) {
      rows.push(write.values)
      continue
    }
    const first = [write.values]
    open.set(write.insert, first)
    steps.push({ insert: write.insert, rows: first })
  }
  return steps
}
