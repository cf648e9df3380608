import { type ColumnDataType, type CreateTableBuilder, sql } from 'kysely'

/** Column types by engine, so that a migration is written once. */
export interface ColumnTypes {
  /** 64 bits. */
  readonly integer: ColumnDataType
  readonly text: ColumnDataType
  readonly octets: ColumnDataType
  /** Adds a primary key `id` that counts by itself and is never used twice. */
  identity<T extends string, C extends string>(
    table: CreateTableBuilder<T, C>,
  ): CreateTableBuilder<T, C | 'id'>
  /** Last call of every createTable. */
  table<T extends string, C extends string>(table: CreateTableBuilder<T, C>): CreateTableBuilder<T, C>
}

export const SQLITE_COLUMN_TYPES: ColumnTypes = {
  integer: 'integer',
  text: 'text',
  octets: 'blob',
  identity: (table) => table.addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement()),
  // Without `strict` SQLite would store a text in an integer column and say nothing.
  table: (table) => table.modifyEnd(sql`strict`),
}

export const POSTGRES_COLUMN_TYPES: ColumnTypes = {
  integer: 'bigint',
  text: 'text',
  octets: 'bytea',
  identity: (table) =>
    table.addColumn('id', 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity()),
  table: (table) => table,
}
