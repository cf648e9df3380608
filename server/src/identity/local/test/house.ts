import { randomBytes } from 'node:crypto'
import { fromUtf8 } from '@sallyport/bytes'
import type { LocalSourceConfiguration, PasswordStorage } from '../../../config/schema.ts'
import { FakeClock } from '../../../kernel/clock.ts'
import { Sealer } from '../../../kernel/seal.ts'
import type { Proof } from '../../source.ts'
import { localSourceParts } from '../create-local-source.ts'
import { LocalSource } from '../local-source.ts'
import { Lockout, type LockoutState, type LockoutStore, type LockoutWrite } from '../lockout.ts'
import { LockoutGuard } from '../lockout-guard.ts'
import { MemoryUserDirectory } from '../memory-user-directory.ts'
import { sealPassword } from '../sealed-password.ts'
import type { StoredPassword, StoredUser } from '../stored-user.ts'
import { VerifierCache } from '../verifier-cache.ts'
import { WorkLimit } from '../work-limit.ts'

export function testSealer(): Sealer {
  return new Sealer([{ id: 'test', key: randomBytes(32) }])
}

/** Lock-out rows in memory; writes can be held back or fail, and are kept in order. */
export class MemoryLockoutStore implements LockoutStore {
  readonly rows = new Map<string, LockoutState>()
  readonly batches: (readonly LockoutWrite[])[] = []
  gate: Promise<void> = Promise.resolve()
  failing = false

  async readLockout(userId: string): Promise<LockoutState | undefined> {
    return this.rows.get(userId)
  }

  async writeLockouts(writes: readonly LockoutWrite[]): Promise<void> {
    await this.gate
    if (this.failing) throw new Error('disk full')
    this.batches.push(writes)
    for (const { userId, ...state } of writes) this.rows.set(userId, state)
  }
}

export const LOCKOUT = { threshold: 3, durationMinutes: 15, resetAfterMinutes: 10 } as const

/** One local source with all it stands on, in memory. */
export interface House {
  readonly clock: FakeClock
  readonly sealer: Sealer
  readonly directory: MemoryUserDirectory
  readonly lockoutStore: MemoryLockoutStore
  readonly lockout: Lockout
  readonly source: LocalSource
  readonly users: Map<string, StoredUser>
  /** The work done: each proof that was checked against a verifier. */
  readonly checks: string[]
  /** Puts a user whose password is kept in the given form; the counters are those of the lock-out rows. */
  add(name: string, password: string | undefined, fields?: Partial<StoredUser> & Form): Promise<StoredUser>
}

interface Form {
  readonly storage?: PasswordStorage
}

export async function buildHouse(settings: Partial<LocalSourceConfiguration> = {}): Promise<House> {
  const clock = new FakeClock()
  const sealer = testSealer()
  const directory = new MemoryUserDirectory()
  const lockoutStore = new MemoryLockoutStore()
  const lockout = new Lockout(lockoutStore, clock)
  const users = new Map<string, StoredUser>()
  const put = (user: StoredUser) => {
    users.set(user.id, user)
    directory.put(user)
  }
  const checks: string[] = []
  const parts = await localSourceParts(
    {
      name: 'local',
      kind: 'local',
      passwordStorage: 'nt-hash',
      lockout: LOCKOUT,
      passwordMaximumAgeDays: 0,
      onWrongPassword: 'stop',
      onUnavailable: 'next',
      ...settings,
    },
    'Europe/Berlin',
    {
      clock,
      sealer,
      directory,
      verifiers: new VerifierCache(sealer, 100),
      guard: new LockoutGuard(lockout, clock),
      slow: new WorkLimit(2, 8),
      rows: {
        async replacePassword(userId: string, expectedSealed: string, password: StoredPassword) {
          const user = users.get(userId)
          if (user?.password?.sealed !== expectedSealed) return false
          put({ ...user, password, mustChangePassword: false })
          return true
        },
      },
    },
  )
  const source = new LocalSource({
    ...parts,
    check: (verifier, proof, whose) => {
      checks.push(`${proof.form} against ${verifier.storage}`)
      return parts.check(verifier, proof, whose)
    },
  })
  return {
    checks,
    clock,
    sealer,
    directory,
    lockoutStore,
    lockout,
    source,
    users,
    async add(name, password, { storage = 'nt-hash', ...fields } = {}) {
      const id = `id-${name}`
      const stored =
        password === undefined
          ? {}
          : { password: await sealPassword(id, password, storage, sealer, clock.now()) }
      const user: StoredUser = {
        id,
        name,
        source: 'local',
        ...stored,
        mustChangePassword: false,
        passwordNeverExpires: false,
        disabled: false,
        attributes: {},
        groups: ['Staff'],
        failures: 0,
        ...fields,
      }
      put(user)
      lockoutStore.rows.set(id, {
        failures: user.failures,
        lastFailureAt: user.lastFailureAt ?? null,
        lockedUntil: user.lockedUntil ?? null,
      })
      return user
    },
  }
}

export function passwordProof(password: string): Proof {
  return { form: 'password', password: fromUtf8(password) }
}
