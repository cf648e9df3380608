import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/logging.ts'
import type { SharedCounter } from '../kernel/shared-counter.ts'
import type { Database } from '../store/database.ts'
import type { ProjectionMarks } from '../store/projection-mark.ts'
import type { UserProjection } from '../store/user-projection.ts'

/**
 * The SQLite file RADIUS workers look users up in: the main database itself where it is one, else a projection of it.
 */
export class UserFile {
  readonly path: string
  readonly #projection: UserProjection | undefined

  private constructor(path: string, projection?: UserProjection) {
    this.path = path
    this.#projection = projection
  }

  /** @param path of the projection, where the database is not a file that can be read here */
  static async open(parts: {
    readonly database: Database
    readonly marks: ProjectionMarks
    readonly path: string
    readonly changes: SharedCounter
    readonly clock: Clock
    readonly log: Logger
  }): Promise<UserFile> {
    const { database, marks, path: file, changes, clock, log } = parts
    const { readableFile } = database.capabilities
    if (readableFile !== undefined) return new UserFile(readableFile)
    const { UserProjection } = await import('../store/user-projection.ts')
    const projection = await UserProjection.open({
      ...{ source: database, file, marks, clock },
      changed: () => changes.increment(),
      wentBack: () => log.warn('The database is older than the file of users: the file was made anew.'),
    })
    return new UserFile(file, projection)
  }

  /** Resolves once the file holds what the database held at the call. */
  async refresh(): Promise<void> {
    await this.#projection?.refresh()
  }

  async close(): Promise<void> {
    await this.#projection?.close()
  }
}
