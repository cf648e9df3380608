import { randomBytes } from 'node:crypto'
import type { PasswordStorage } from '../src/config/schema.ts'
import { MemoryUserDirectory } from '../src/identity/local/memory-user-directory.ts'
import { sealPassword } from '../src/identity/local/sealed-password.ts'
import type { StoredUser, UserDirectory } from '../src/identity/local/stored-user.ts'
import { MemoryLockoutStore } from '../src/identity/local/test/house.ts'
import { FakeClock } from '../src/kernel/clock.ts'
import { Sealer } from '../src/kernel/seal.ts'

export const PASSWORD = 'correct horse'

/** The users behind a `Door`, who can be watched being looked up. */
export class DoorUsers implements UserDirectory {
  readonly clock = new FakeClock()
  readonly sealer = new Sealer([{ id: 'test', key: randomBytes(32) }])
  readonly lockouts = new MemoryLockoutStore()
  /** Names that were looked up, in order. */
  readonly lookups: string[] = []
  /** Runs in each lookup: a directory that is broken throws here. */
  duringLookup: () => void = () => {}
  readonly #directory = new MemoryUserDirectory()

  find(nameKey: string): StoredUser | undefined {
    this.lookups.push(nameKey)
    this.duringLookup()
    return this.#directory.find(nameKey)
  }

  findById(id: string): StoredUser | undefined {
    return this.#directory.findById(id)
  }

  /** Adds a user; a password of no length means an account without one. */
  async add(
    name: string,
    { password = PASSWORD, storage = 'reversible', ...fields }: UserFields = {},
  ): Promise<void> {
    const id = `id-${name}`
    const sealed = await sealPassword(id, password, storage, this.sealer, this.clock.now())
    this.#directory.put({
      id,
      name,
      source: 'local',
      ...(password === '' ? {} : { password: sealed }),
      mustChangePassword: false,
      passwordNeverExpires: false,
      disabled: false,
      attributes: {},
      groups: ['Staff'],
      failures: 0,
      ...fields,
    })
    this.lockouts.rows.set(id, { failures: 0, lastFailureAt: null, lockedUntil: null })
  }
}

export interface UserFields extends Partial<Omit<StoredUser, 'password'>> {
  readonly password?: string
  readonly storage?: PasswordStorage
}
