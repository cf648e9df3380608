import type { SharedCounter } from '../kernel/shared-counter.ts'
import type { Database } from '../store/database.ts'
import { UserProjection } from '../store/user-projection.ts'

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

  static async open(database: Database, projectionPath: string, changes: SharedCounter): Promise<UserFile> {
    const { readableFile } = database.capabilities
    if (readableFile !== undefined) return new UserFile(readableFile)
    const projection = await UserProjection.open(database, projectionPath, () => changes.increment())
    return new UserFile(projectionPath, projection)
  }

  /** Resolves once the file holds what the database held at the call. */
  async refresh(): Promise<void> {
    await this.#projection?.refresh()
  }

  async close(): Promise<void> {
    await this.#projection?.close()
  }
}
