import { createHash } from 'node:crypto'
import type { LdapSourceConfiguration } from '../../config/schema.ts'
import type { Clock } from '../../kernel/clock.ts'
import { WorkLimit } from '../local/work-limit.ts'
import { type KnownAccountOwner, KnownAccounts } from '../offline/known-accounts.ts'
import type { AccountLookup } from './account-lookup.ts'
import { CachedAccountLookup } from './cached-account-lookup.ts'
import type { Concerned } from './changes/concerned.ts'

export interface DirectoryCachesParts {
  readonly clock: Clock
  readonly owner: KnownAccountOwner
  readonly failed: (error: unknown) => void
  /** How long an account is kept; default: as configured. */
  readonly minutes?: (settings: LdapSourceConfiguration) => number
}

/** What one directory said: for a while, and for when it is down. */
export interface DirectoryCache {
  readonly lookup: CachedAccountLookup
  readonly known: KnownAccounts
}

/** Hashing a password takes a core some 20 ms: a busy morning must not take them all. */
const HASHING = { running: 1, waiting: 32 } as const
const CHECKING = { running: 2, waiting: 64 } as const

/** What directories said, across configuration versions: it goes on as long as the settings of its source stay the same. */
export class DirectoryCaches {
  readonly #parts: DirectoryCachesParts
  readonly #caches = new Map<string, DirectoryCache & { readonly settings: string }>()
  readonly #hashing = new WorkLimit(HASHING.running, HASHING.waiting)
  readonly #checking = new WorkLimit(CHECKING.running, CHECKING.waiting)

  constructor(parts: DirectoryCachesParts) {
    this.#parts = parts
  }

  of(source: LdapSourceConfiguration, inner: AccountLookup): DirectoryCache {
    const { clock, owner, failed, minutes } = this.#parts
    const settings = JSON.stringify(source)
    const kept = this.#caches.get(source.name)
    if (kept?.settings === settings) {
      kept.lookup.askBy(inner)
      return kept
    }
    const known = new KnownAccounts({
      ...{ owner, place: placeOf(source), settings: source.offline, clock, failed },
      ...{ hashing: this.#hashing, checking: this.#checking },
    })
    const lookup = new CachedAccountLookup({
      ...{ inner, clock, settings: source.cache },
      ...(minutes !== undefined && { minutes: () => minutes(source) }),
      learned: (user, wholeName, word) => known.learned(user, wholeName, word),
    })
    const cache = { lookup, known, settings }
    this.#caches.set(source.name, cache)
    return cache
  }

  /** Forgets users, or all, of one source or all: the next question goes to the directory. */
  refresh(source?: string, users?: readonly string[]): void {
    for (const [name, { lookup }] of this.#caches) {
      if (source === undefined || source === name) lookup.refresh(users)
    }
  }

  /** Forgets whom a change concerns. */
  forget(source: string, concerned: Concerned): void {
    this.#caches.get(source)?.lookup.forget(concerned)
  }

  keepOnly(sources: readonly { readonly name: string }[]): void {
    const names = new Set(sources.map(({ name }) => name))
    for (const name of this.#caches.keys()) if (!names.has(name)) this.#caches.delete(name)
  }

  /** Accounts kept of a source. */
  size(source: string): { readonly accounts: number; readonly refused: number } {
    return this.#caches.get(source)?.lookup.size ?? { accounts: 0, refused: 0 }
  }
}

/**
 * Whatever says which accounts there are, who may come in and what they are called. What was known under other settings
 * is not known under these; how long it is kept, and how patiently it is asked for, makes no difference.
 */
function placeOf(source: LdapSourceConfiguration): string {
  const { cache, changes, offline, shield, sync, bindPassword, deadlineMilliseconds, ...identity } = source
  const { connections, onWrongPassword, onUnavailable, ...settings } = identity
  return createHash('sha256').update(JSON.stringify(settings)).digest('base64url')
}
