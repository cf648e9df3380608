import { type ColumnDataType, type CreateTableBuilder, type Expression, sql } from 'kysely'

/** Column types by engine, so that a migration is written once. */
export interface ColumnTypes {
  /** 64 bits. */
  readonly integer: ColumnDataType
  readonly text: ColumnDataType
  /** Text that is compared by its octets in every database, so that a beginning is a range of an index. */
  readonly key: ColumnDataType | Expression<string>
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
  key: 'text',
  octets: 'blob',
  identity: (table) => table.addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement()),
  // Without `strict` SQLite would store a text in an integer column and say nothing.
  table: (table) => table.modifyEnd(sql`strict`),
}

export const POSTGRES_COLUMN_TYPES: ColumnTypes = {
  integer: 'bigint',
  text: 'text',
  key: sql`text collate "C"`,
  octets: 'bytea',
  identity: (table) =>
    table.addColumn('id', 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity()),
  table: (table) => table,
}
