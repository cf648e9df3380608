import type { DirectoryCacheConfiguration } from '../../config/sections/sources/directory-cache.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { AccountLookup, DirectoryAccount, FoundAccount, LookupManner } from './account-lookup.ts'
import type { Concerned } from './changes/concerned.ts'

/** What the directory itself just said of a name. Told to whoever remembers for longer than the cache does. */
export type DirectoryWord = Exclude<FoundAccount, { kind: 'unavailable' }>

export interface CachedAccountLookupParts {
  readonly inner: AccountLookup
  readonly settings: DirectoryCacheConfiguration
  /** Instead of that of the settings. */
  readonly minutes?: () => number
  readonly clock: Clock
  readonly learned?: (user: string, wholeName: string, word: DirectoryWord) => void
  /** 0 to 1: what is learned at one moment is not asked for again at one moment. */
  readonly random?: () => number
}

interface Kept {
  /** As a login gets it: `user.lookup` says where it comes from. */
  readonly word: DirectoryWord
  /** Monotonic milliseconds. */
  readonly until: number
  /** The name that was asked for and that of the account, folded, for a refresh. */
  readonly user: string
  readonly account: string | undefined
}

/** Up to this part of its time an entry is thrown away early. */
const SPREAD = 0.1

/**
 * Look-ups of accounts, kept for a while. Names nobody has, and accounts that may not come in, are kept apart from the
 * others and for a shorter time: a flood of made-up names pushes out nobody, and who was let in again waits no longer
 * than `negativeSeconds`. One name is asked for once at a time. What is unavailable is never kept: the breaker of the
 * directory answers at once, and what stands in for it is not for a cache to say.
 */
export class CachedAccountLookup implements AccountLookup {
  readonly #parts: CachedAccountLookupParts
  #inner: AccountLookup
  readonly #good = new Map<string, Kept>()
  readonly #bad = new Map<string, Kept>()
  readonly #asking = new Map<string, Promise<FoundAccount>>()

  constructor(parts: CachedAccountLookupParts) {
    this.#parts = parts
    this.#inner = parts.inner
  }

  /** The same directory behind a new configuration version. */
  askBy(inner: AccountLookup): void {
    this.#inner = inner
  }

  get size(): { readonly accounts: number; readonly refused: number } {
    return { accounts: this.#good.size, refused: this.#bad.size }
  }

  async byName(user: string, wholeName: string, how: LookupManner = {}): Promise<FoundAccount> {
    const { isOwnName = false } = how
    const key = lookupKey(user, wholeName, isOwnName)
    if (how.isFresh !== true) {
      const kept = this.#find(key)
      if (kept !== undefined) return kept.word
    }
    return this.#asking.get(key) ?? this.#ask(user, wholeName, key, isOwnName)
  }

  async byId(id: string): Promise<FoundAccount> {
    const found = await this.#inner.byId(id)
    return found.kind === 'unavailable' ? found : withLookup(found, 'live')
  }

  /** Forgets accounts, or all: the next login asks, and does not join a question that is under way. */
  refresh(users?: readonly string[]): void {
    this.#asking.clear()
    if (users === undefined) {
      this.#inner.forgetNames?.()
      this.#good.clear()
      this.#bad.clear()
      return
    }
    const names = new Set(users.map(foldedName))
    for (const shelf of [this.#good, this.#bad]) {
      for (const [key, { user, account }] of shelf) {
        if (names.has(user) || (account !== undefined && names.has(account))) shelf.delete(key)
      }
    }
  }

  /** Forgets whom a change in the directory concerns, by what was known of them. */
  forget({ users, ids, groups }: Concerned): void {
    this.#asking.clear()
    if (groups.length > 0) this.#inner.forgetNames?.()
    const names = new Set(users.map(foldedName))
    const accounts = new Set(ids)
    const gone = new Set(groups)
    for (const shelf of [this.#good, this.#bad]) {
      for (const [key, { user, account, word }] of shelf) {
        const known = word.kind === 'found' ? word.account.user : undefined
        const isConcerned =
          names.has(user) ||
          (account !== undefined && names.has(account)) ||
          (known !== undefined && (accounts.has(known.id) || known.groups.some((group) => gone.has(group))))
        if (isConcerned) shelf.delete(key)
      }
    }
  }

  #find(key: string): Kept | undefined {
    const now = this.#parts.clock.monotonic()
    for (const shelf of [this.#good, this.#bad]) {
      const kept = shelf.get(key)
      if (kept === undefined) continue
      if (now < kept.until) return kept
      shelf.delete(key)
    }
    return undefined
  }

  #ask(user: string, wholeName: string, key: string, isOwnName: boolean): Promise<FoundAccount> {
    const askedAt = this.#parts.clock.monotonic()
    const answer = this.#inner
      .byName(user, wholeName, { isFresh: true, isOwnName })
      .then((found) => {
        if (found.kind === 'unavailable') return found
        const word = withLookup(found, 'live')
        // A question that a refresh put aside answers those who asked it, and leaves nothing behind.
        if (this.#asking.get(key) === answer) {
          this.#keep(key, user, word, askedAt)
          this.#parts.learned?.(user, wholeName, word)
        }
        return word
      })
      .finally(() => {
        if (this.#asking.get(key) === answer) this.#asking.delete(key)
      })
    this.#asking.set(key, answer)
    return answer
  }

  #keep(key: string, user: string, word: DirectoryWord, askedAt: number): void {
    this.#good.delete(key)
    this.#bad.delete(key)
    const { settings, clock, minutes = () => settings.minutes, random = Math.random } = this.#parts
    const isGood = word.kind === 'found' && word.account.barred === undefined
    const span = isGood ? minutes() * 60_000 : settings.negativeSeconds * 1000
    const left = isGood ? timeLeft(word.account, clock.now()) : Number.POSITIVE_INFINITY
    const kept = Math.min(span * (1 - SPREAD * random()), left)
    if (kept <= 0) return
    const shelf = isGood ? this.#good : this.#bad
    if (shelf.size >= settings.accounts) for (const oldest of shelf.keys()) if (shelf.delete(oldest)) break
    shelf.set(key, {
      word: withLookup(word, 'cached', askedAt),
      until: clock.monotonic() + kept,
      user: foldedName(user),
      account: word.kind === 'found' ? foldedName(word.account.user.name) : undefined,
    })
  }
}

function timeLeft({ goodUntil }: DirectoryAccount, now: number): number {
  return goodUntil === undefined ? Number.POSITIVE_INFINITY : goodUntil - now
}

function withLookup(word: DirectoryWord, lookup: 'live' | 'cached', askedAt?: number): DirectoryWord {
  if (word.kind !== 'found') return word
  const { account } = word
  const asked = askedAt === undefined ? {} : { askedAt }
  return { kind: 'found', account: { ...account, ...asked, user: { ...account.user, lookup } } }
}

const ASCII = /^[\x20-\x7e]*$/

/**
 * Names that share an entry. Only letters of ASCII are taken for one in both cases: folding more would take KELVIN SIGN
 * for k, and answer a name with the account of another.
 */
export function foldedName(name: string): string {
  return ASCII.test(name) ? name.toLowerCase() : name
}

function lookupKey(user: string, wholeName: string, isOwnName: boolean): string {
  return `${isOwnName ? 'own' : ''}\0${foldedName(user)}\0${foldedName(wholeName)}`
}
