import type { LdapSourceConfiguration } from '../../../../config/schema.ts'
import { FakeClock } from '../../../../kernel/clock.ts'
import type { Reason } from '../../../../reasons/index.ts'
import type { Database } from '../../../../store/database.ts'
import type { FactChange } from '../../../../store/fact-change.ts'
import type { DirectorySession, DirectoryUnavailable, LdapRefusal } from '../../directory.ts'
import { AffectedUsers } from '../affected-users.ts'
import type { SyncCounts } from '../directory-object.ts'
import { DirectoryObjectReader } from '../directory-object-reader.ts'
import { DirectoryObjectStore } from '../directory-object-store.ts'
import { KnownObjects } from '../known-objects.ts'
import { type SyncOrder, startRun } from '../start-run.ts'
import { SyncStopped, stopUnlessOpen } from '../sync-stopped.ts'

export type Ran = SyncCounts | { readonly kind: 'stopped'; readonly reason: Reason }

/** Everything of a sync but its timer, on a database of the test's. */
export class SyncHouse {
  readonly clock = new FakeClock(Date.now())
  readonly read: DirectoryObjectReader
  readonly store: DirectoryObjectStore
  /** Whom logins were told to ask for anew. */
  readonly forgotten: string[] = []
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
    this.read = new DirectoryObjectReader(database)
    this.store = new DirectoryObjectStore(database)
  }

  async run(
    source: LdapSourceConfiguration,
    opened: DirectorySession | LdapRefusal | DirectoryUnavailable,
    order: Partial<SyncOrder> = {},
  ): Promise<Ran> {
    const { store, clock } = this
    const { name } = source
    const lease = () => ({ source: name, holder: 'test', until: clock.now() + 60_000 })
    if (!(await store.begin(lease(), clock.now()))) throw new Error('the source is held by another')
    try {
      const session = stopUnlessOpen(opened)
      const done = await startRun(
        {
          ...{ source, session, store, clock, lease },
          changed: async (users) => {
            this.forgotten.push(...(users ?? ['everybody']))
          },
          known: new KnownObjects(this.#database, name),
          affected: new AffectedUsers({
            ...{ database: this.#database, source: name, configVersion: 1, clock },
          }),
        },
        await this.read.state(name),
        { full: false, force: false, ...order },
      )
      await store.end(lease(), { at: clock.now(), succeeded: done })
      return done.counts
    } catch (error) {
      if (!(error instanceof SyncStopped)) throw error
      await store.end(lease(), { at: clock.now(), failure: error.reason })
      return { kind: 'stopped', reason: error.reason }
    } finally {
      if (opened.kind === 'session') opened.close()
    }
  }

  /** User name -> names of the groups, nested ones too. */
  async members(source: string): Promise<Record<string, readonly string[]>> {
    const { items } = await this.read.users({ source, limit: 1000 })
    const pairs = await Promise.all(
      items.map(async (user) => [user.name, await this.read.groupsOf(user)] as const),
    )
    return Object.fromEntries(pairs)
  }

  /** As if another server answered now: the marks of this one are those of a stranger. */
  async forgetMarks(source: string): Promise<void> {
    await this.#database.kysely
      .updateTable('directory_sync')
      .set({ marks: '{"another controller":"17"}' })
      .where('source', '=', source)
      .execute()
  }

  /** What grants would be told, and is told once: `user alice`. */
  async facts(): Promise<readonly string[]> {
    const rows = await this.#database.kysely.selectFrom('fact_changes').selectAll().orderBy('id').execute()
    await this.#database.kysely.deleteFrom('fact_changes').execute()
    return [
      ...new Set(
        rows.map(({ fact, key }: Pick<FactChange, 'fact' | 'key'>) =>
          key == null ? fact : `${fact} ${key}`,
        ),
      ),
    ].sort()
  }
}
