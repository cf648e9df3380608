import { nameKey } from '../user-name.ts'
import type { StoredUser, UserDirectory } from './stored-user.ts'

/** Users in memory, for tests and for a server without a database. */
export class MemoryUserDirectory implements UserDirectory {
  readonly #users = new Map<string, StoredUser>()
  readonly #groups = new Map<string, readonly string[]>()

  put(user: StoredUser, groups: readonly string[] = []): void {
    this.#users.set(nameKey(user.name), user)
    this.#groups.set(user.id, [...groups].sort())
  }

  find(key: string): StoredUser | undefined {
    return this.#users.get(key)
  }

  groupsOf(userId: string): readonly string[] {
    return this.#groups.get(userId) ?? []
  }
}
