import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe } from 'node:test'
import { type PostgresServer, postgresMissing, startPostgres } from '@sallyport/lab/postgres'
import { FakeClock } from '../kernel/clock.ts'
import type { Database } from './database.ts'
import { openWriter } from './open.ts'
import { ProjectionMarkStore } from './projection-mark-store.ts'
import { UserProjection, type UserProjectionParts } from './user-projection.ts'

/** What a contract test gets for the engine it runs on. */
export interface EngineUnderTest {
  readonly engine: Database['engine']
  /** A fresh, empty database, migrated; closed after the tests. Call it inside a test or a hook. */
  open(): Promise<Database>
  /** URL of a fresh database nobody has opened yet. */
  url(): string
}

/**
 * Declares the same tests for every engine the house runs on. `STORE=sqlite`, `STORE=postgres` or `STORE=sqlite,postgres`
 * (the default) selects.
 */
export function forEachEngine(declare: (engine: EngineUnderTest) => void): void {
  const selected = (process.env.STORE ?? 'sqlite,postgres').split(',')
  describe('on SQLite', { skip: selected.includes('sqlite') ? false : 'not selected by STORE' }, () => {
    let folder: string | undefined
    after(() => {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    })
    const url = (): string => {
      folder ??= mkdtempSync(join(tmpdir(), 'store-'))
      return `sqlite:${join(folder, `${randomUUID()}.db`)}`
    }
    declareOn('sqlite', url, declare)
  })

  const reason = selected.includes('postgres') ? postgresMissing() : 'not selected by STORE'
  describe('on PostgreSQL', { skip: reason ?? false }, () => {
    let server: PostgresServer | undefined
    before(async () => {
      server = await startPostgres({ fsync: false })
    })
    const url = (): string => {
      if (server === undefined) throw new Error('open() belongs inside a test or a hook')
      return server.database(`t${randomUUID().replaceAll('-', '')}`)
    }
    declareOn('postgres', url, declare)
    // Hooks run in the order they were declared: connections are closed before the server stops.
    after(() => server?.stop())
  })
}

function declareOn(
  engine: Database['engine'],
  url: () => string,
  declare: (engine: EngineUnderTest) => void,
): void {
  const opened: Database[] = []
  declare({
    engine,
    url,
    open: async () => {
      const database = await openWriter(url())
      opened.push(database)
      return database
    },
  })
  after(async () => {
    for (const database of opened) await database.close()
  })
}

/** A projection of this database, whose marks go into it as well. */
export function openProjection(
  database: Database,
  file: string,
  parts: Partial<Pick<UserProjectionParts, 'marks' | 'wentBack'>> = {},
): Promise<UserProjection> {
  const marks = new ProjectionMarkStore(database.kysely)
  return UserProjection.open({ source: database, file, marks, clock: new FakeClock(), ...parts })
}
