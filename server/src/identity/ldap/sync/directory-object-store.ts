import { type Compilable, sql } from 'kysely'
import { UpstreamError } from '../../../kernel/errors.ts'
import type { Reason } from '../../../reasons/index.ts'
import type { Database } from '../../../store/database.ts'
import { type FactChange, factChangeWrite } from '../../../store/fact-change.ts'
import { insert, type RowWrite } from '../../../store/row-write.ts'
import { type RowWriter, rowWriter } from '../../../store/row-writer.ts'
import type { SyncCounts } from './directory-object.ts'
import {
  addressRows,
  type GroupRow,
  type MembershipRow,
  type UserRow,
  WRITE_ADDRESS,
  WRITE_GROUP,
  WRITE_MEMBERSHIP,
  WRITE_USER,
} from './object-row.ts'

/** Who syncs a source, and until when nobody else may. */
export interface SyncLease {
  readonly source: string
  readonly holder: string
  /** Milliseconds since the epoch; every write moves it on. */
  readonly until: number
}

/** What is written in one transaction: everything of it or nothing, and all within `MOST_IN_BATCH`. */
export interface DirectoryBatch {
  readonly users?: readonly UserRow[]
  readonly groups?: readonly GroupRow[]
  readonly joined?: readonly MembershipRow[]
  readonly left?: readonly MembershipRow[]
  /** DN keys of members that have another DN now. */
  readonly moved?: readonly { readonly from: string; readonly to: string }[]
  /** DN keys of members that are gone, from every group. */
  readonly goneMembers?: readonly string[]
  readonly goneUsers?: readonly string[]
  readonly goneGroups?: readonly string[]
  /** Grants that rest on what changed are decided again. */
  readonly facts?: readonly FactChange[]
}

/** How a run ended. Without a time it counts as not tried. */
export interface SyncEnd {
  readonly at?: number
  readonly succeeded?: {
    readonly counts: SyncCounts
    readonly marks: string
    readonly settingsMark: string
  }
  readonly failure?: Reason
}

/**
 * Rows of one transaction. So many take a few milliseconds of the store thread, and accounting that waits for its commit
 * must not notice.
 */
export const MOST_IN_BATCH = 100

/** Users and groups of directories. Lives in the store thread; `directory-object-reader.ts` reads what it writes. */
export class DirectoryObjectStore {
  readonly #database: Database
  readonly #writer: RowWriter

  constructor(database: Database, writer: RowWriter = rowWriter(database)) {
    this.#database = database
    this.#writer = writer
  }

  /** Takes the source for this node alone; false: another one has it. */
  async begin({ source, holder, until }: SyncLease, now: number): Promise<boolean> {
    const { kysely } = this.#database
    await kysely
      .insertInto('directory_sync')
      .values({ source, settings_mark: '', marks: '{}', holder: '', held_until: 0 })
      .onConflict((conflict) => conflict.column('source').doNothing())
      .execute()
    const { numUpdatedRows } = await kysely
      .updateTable('directory_sync')
      .set({ holder, held_until: until, started_at: now })
      .where('source', '=', source)
      .where((where) => where.or([where('holder', '=', ''), where('held_until', '<=', now)]))
      .executeTakeFirstOrThrow()
    return numUpdatedRows > 0n
  }

  /** What was held when the process died. Only where no other node writes to the database. */
  async releaseLeases(): Promise<void> {
    if (this.#database.capabilities.shared) return
    await this.#database.kysely
      .updateTable('directory_sync')
      .set({ holder: '', started_at: null })
      .where('holder', '<>', '')
      .execute()
  }

  /** @throws UpstreamError 'sync-lease-lost' where another node took over meanwhile: nothing was written. */
  async write(lease: SyncLease, batch: DirectoryBatch): Promise<void> {
    const { source } = lease
    try {
      await this.#writer.write([
        this.#fence(lease),
        ...this.#removals(source, batch),
        ...(batch.users ?? []).map((row) => insert(WRITE_USER, row)),
        ...(batch.users ?? []).flatMap((row) => addressRows(row).map((each) => insert(WRITE_ADDRESS, each))),
        ...(batch.groups ?? []).map((row) => insert(WRITE_GROUP, row)),
        ...(batch.joined ?? []).map((row) => insert(WRITE_MEMBERSHIP, row)),
        ...(batch.facts ?? []).map(factChangeWrite),
      ])
    } catch (error) {
      if (this.#writer.isRowFault(error) && !(await this.#isHeld(lease))) {
        const message = `Another node took over the sync of "${source}".`
        throw new UpstreamError('sync-lease-lost', message, { source }, error)
      }
      throw error
    }
  }

  /** Lets go of the source, unless another node has it already. */
  async end({ source, holder }: SyncLease, { at, succeeded, failure }: SyncEnd): Promise<void> {
    await this.#database.kysely
      .updateTable('directory_sync')
      .set({
        holder: '',
        started_at: null,
        ...(at !== undefined && {
          tried_at: at,
          failure: failure === undefined ? null : JSON.stringify(failure),
        }),
        ...(succeeded !== undefined && {
          succeeded_at: at ?? null,
          last: JSON.stringify(succeeded.counts),
          marks: succeeded.marks,
          settings_mark: succeeded.settingsMark,
          ...(succeeded.counts.kind === 'full' && { full_at: at ?? null }),
        }),
      })
      .where('source', '=', source)
      .where('holder', '=', holder)
      .execute()
  }

  /** Forgets some rows of a source that is no longer configured, in the end the source itself. True while more are left. */
  async forgetSome(lease: SyncLease): Promise<boolean> {
    const { kysely } = this.#database
    const { source, holder } = lease
    const of = (table: 'directory_users' | 'directory_groups') =>
      kysely.selectFrom(table).select('id').where('source', '=', source).limit(MOST_IN_BATCH).execute()
    const [users, groups] = [await of('directory_users'), await of('directory_groups')]
    if (users.length + groups.length > 0) {
      const ids = (rows: typeof users): string[] => rows.map(({ id }) => id)
      await this.write(lease, { goneUsers: ids(users), goneGroups: ids(groups) })
      return true
    }
    await kysely
      .deleteFrom('directory_sync')
      .where('source', '=', source)
      .where('holder', '=', holder)
      .execute()
    return false
  }

  /** First of its transaction: a column that may not be null becomes so where the lease is another's, and nothing is written. */
  #fence({ source, holder, until }: SyncLease): RowWrite {
    return compiled(
      this.#database.kysely
        .updateTable('directory_sync')
        .set({ held_until: until, holder: sql<string>`case when holder = ${holder} then holder end` })
        .where('source', '=', source),
    )
  }

  async #isHeld({ source, holder }: SyncLease): Promise<boolean> {
    const row = await this.#database.kysely
      .selectFrom('directory_sync')
      .select('holder')
      .where('source', '=', source)
      .executeTakeFirst()
    return row?.holder === holder
  }

  #removals(source: string, batch: DirectoryBatch): RowWrite[] {
    const { kysely } = this.#database
    const { users = [], moved = [], left = [], goneMembers = [], goneUsers = [], goneGroups = [] } = batch
    const removals: Compilable[] = []
    const rewritten = [...goneUsers, ...users.map(({ id }) => id)]
    if (rewritten.length > 0)
      removals.push(
        kysely
          .deleteFrom('directory_addresses')
          .where('source', '=', source)
          .where('user_id', 'in', rewritten),
      )
    if (goneUsers.length > 0)
      removals.push(
        kysely.deleteFrom('directory_users').where('source', '=', source).where('id', 'in', goneUsers),
      )
    if (goneGroups.length > 0)
      removals.push(
        kysely
          .deleteFrom('directory_memberships')
          .where('source', '=', source)
          .where('group_id', 'in', goneGroups),
        kysely.deleteFrom('directory_groups').where('source', '=', source).where('id', 'in', goneGroups),
      )
    if (goneMembers.length > 0)
      removals.push(
        kysely
          .deleteFrom('directory_memberships')
          .where('source', '=', source)
          .where('member_key', 'in', goneMembers),
      )
    for (const [group, members] of Map.groupBy(left, ({ group_id }) => group_id))
      removals.push(
        kysely
          .deleteFrom('directory_memberships')
          .where('source', '=', source)
          .where('group_id', '=', group)
          .where(
            'member_key',
            'in',
            members.map(({ member_key }) => member_key),
          ),
      )
    for (const { from, to } of moved) {
      const memberships = kysely.selectFrom('directory_memberships').where('source', '=', source)
      removals.push(
        kysely
          .insertInto('directory_memberships')
          .columns(['source', 'group_id', 'member_key'])
          .expression(
            memberships
              .select(['source', 'group_id', sql.val(to).$castTo<string>().as('member_key')])
              .where('member_key', '=', from),
          )
          .onConflict((conflict) => conflict.columns(['source', 'group_id', 'member_key']).doNothing()),
        kysely
          .deleteFrom('directory_memberships')
          .where('source', '=', source)
          .where('member_key', '=', from),
      )
    }
    return removals.map(compiled)
  }
}

function compiled(query: Compilable): RowWrite {
  return { query: query.compile() }
}
