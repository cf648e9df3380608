import { nameKey } from '../user-name.ts'
import type { StoredUser, UserDirectory } from './stored-user.ts'

/** Users in memory, for tests and for a server without a database. */
export class MemoryUserDirectory implements UserDirectory {
  readonly #users = new Map<string, StoredUser>()

  put(user: StoredUser): void {
    this.#users.set(nameKey(user.name), user)
  }

  find(key: string): StoredUser | undefined {
    return this.#users.get(key)
  }

  findById(id: string): StoredUser | undefined {
    return this.#users.values().find((user) => user.id === id)
  }
}
