import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from './column-types.ts'

/** Facts that changed, and what became of the grants that rested on them. */
export async function up(kysely: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { schema } = kysely
  const { integer, text, identity, table } = types
  await schema
    .createTable('fact_changes')
    .$call(identity)
    .addColumn('at', integer, (column) => column.notNull())
    .addColumn('fact', text, (column) => column.notNull())
    .addColumn('key', text)
    .addColumn('cause', text, (column) => column.notNull())
    .addColumn('asked_by', text, (column) => column.notNull())
    .addColumn('config_version', integer, (column) => column.notNull().defaultTo(0))
    .$call(table)
    .execute()

  await schema
    .createTable('grant_actions')
    .$call(identity)
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('grant_id', text, (column) => column.notNull())
    .addColumn('open_key', text)
    .addColumn('subject', text)
    .addColumn('subject_key', text)
    .addColumn('lane', text, (column) => column.notNull())
    .addColumn('decision_id', text)
    .addColumn('action', text, (column) => column.notNull())
    .addColumn('state', text, (column) => column.notNull())
    .addColumn('reason', text, (column) => column.notNull())
    .addColumn('changes', text, (column) => column.notNull().defaultTo('[]'))
    .addColumn('cause', text, (column) => column.notNull())
    .addColumn('asked_by', text, (column) => column.notNull())
    .addColumn('config_version', integer, (column) => column.notNull())
    .addColumn('attempts', integer, (column) => column.notNull().defaultTo(0))
    .addColumn('next_at', integer, (column) => column.notNull())
    .addColumn('acknowledged_at', integer)
    .addColumn('claimed_until', integer, (column) => column.notNull().defaultTo(0))
    .addColumn('result', text)
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('updated_at', integer, (column) => column.notNull())
    // One open action a grant; the closed ones have no key, and nulls are all different.
    .addUniqueConstraint('grant_actions_open_key', ['open_key'])
    .$call(table)
    .execute()
  await schema
    .createIndex('grant_actions_due')
    .on('grant_actions')
    .columns(['lane', 'state', 'next_at'])
    .where(sql.ref('open_key'), 'is not', null)
    .execute()
  await schema
    .createIndex('grant_actions_of_grant')
    .on('grant_actions')
    .columns(['grant_id', 'updated_at'])
    .execute()
  await schema.createIndex('grant_actions_of_subject').on('grant_actions').columns(['subject_key']).execute()
  await schema
    .createIndex('grant_actions_by_state')
    .on('grant_actions')
    .columns(['state', 'updated_at'])
    .execute()
  await schema
    .createIndex('sessions_of_decision')
    .ifNotExists()
    .on('sessions')
    .column('decision_id')
    .execute()

  // How far changes of users and groups were looked through; what is older is history.
  await sql`insert into revisions (name, value) select 'grants', value from revisions where name = 'users'`.execute(
    kysely,
  )
}
