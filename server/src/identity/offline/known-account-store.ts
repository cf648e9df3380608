import type { Kysely, Transaction } from 'kysely'
import type { Clock } from '../../kernel/clock.ts'
import type { Sealer } from '../../kernel/seal.ts'
import type { Database } from '../../store/database.ts'
import type { Schema } from '../../store/schema.ts'
import { afterChange, type KnownAccount, type KnownChange, type KnownName } from './known-account.ts'
import { LastWords } from './last-words.ts'

export interface KnownAccountStoreParts {
  readonly database: Database
  readonly sealer: Pick<Sealer, 'seal' | 'open' | 'mark'>
  readonly clock: Clock
}

/** Changes that wait for the database. More, and nothing is answered until they are written. */
const MOST_WAITING = 50_000
/** Accounts kept in memory for when the database is away too. */
const MOST_IN_MEMORY = 50_000
const WRITE_MILLISECONDS = 1000
const RETAIN_MILLISECONDS = 10 * 60_000
const CONTEXT = 'known-account'

/** Guesses at one password while the directory is away; then nobody is let in by it until the directory is back. */
export const MOST_GUESSES = 5
const MOST_GUESSED = 20_000

/** What the verifier of an account is worth asking for. */
export type VerifierAnswer = KnownAccount | 'unknown' | 'too-many-guesses'

/**
 * Accounts as their directories last told them. Lives in the store thread, so that all workers know the same and count
 * guesses together. Changes are written a second's worth at a time; an answer stands on all of them, written or not.
 */
export class KnownAccountStore {
  readonly #parts: KnownAccountStoreParts
  /** By id, in their order. */
  #waiting = new Map<string, KnownChange[]>()
  #waitingChanges = 0
  /** Some changes were lost, and a bar may be among them: nothing that was known before can be believed. */
  #isOverflown = false
  readonly #memory = new Map<string, KnownAccount>()
  readonly #lastWords = new LastWords()
  readonly #guesses = new Map<string, number>()
  readonly #timer: NodeJS.Timeout
  #writing: Promise<void> | undefined
  /** Writes in a row that failed. */
  failures = 0
  #retainedAt = Number.NEGATIVE_INFINITY

  constructor(parts: KnownAccountStoreParts) {
    this.#parts = parts
    // A failure is counted in `failures`, and tried again a second later.
    this.#timer = setInterval(() => void this.write().catch(() => undefined), WRITE_MILLISECONDS).unref()
  }

  async change(changes: readonly KnownChange[]): Promise<void> {
    for (const change of changes) {
      const id = this.#idOf(change.name)
      // The directory speaks again: guesses are its own to count.
      if (change.kind === 'told' || change.kind === 'proved') this.#guesses.delete(id)
      this.#lastWords.hear(change)
      this.#remember(id, afterChange(this.#memory.get(id), change))
      if (this.#waitingChanges >= MOST_WAITING) {
        this.#isOverflown = true
        continue
      }
      this.#wait(id, change)
    }
  }

  async find(name: KnownName): Promise<KnownAccount | undefined> {
    const id = this.#idOf(name)
    if (this.#isOverflown) return undefined
    try {
      await this.#writing
      if (this.#waiting.has(id)) await this.write()
      const known = await this.#read(id)
      this.#remember(id, known)
      return this.#lastWords.over(name, known)
    } catch {
      // The database is away, or the row is damaged.
      return this.#lastWords.over(name, this.#memory.get(id))
    }
  }

  /** Every call is a guess until `guessedRight` says otherwise: many at once are no way round the limit. */
  async guess(name: KnownName): Promise<VerifierAnswer> {
    const id = this.#idOf(name)
    const guesses = this.#guesses.get(id) ?? 0
    if (guesses >= MOST_GUESSES) return 'too-many-guesses'
    // Names nobody has are no guesses; `find` is asked first, so that they leave nothing behind.
    const known = await this.find(name)
    if (known?.password === undefined) return 'unknown'
    const now = this.#guesses.get(id) ?? 0
    if (now >= MOST_GUESSES || (now === 0 && this.#guesses.size >= MOST_GUESSED)) return 'too-many-guesses'
    this.#guesses.set(id, now + 1)
    return known
  }

  async guessedRight(name: KnownName): Promise<void> {
    this.#guesses.delete(this.#idOf(name))
  }

  /** Writes what waits. One transaction; where it fails everything waits on. */
  async write(): Promise<void> {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined
    })
    await this.#writing
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    // With the database away it is lost, as after a crash: what is known is only a stand-in.
    await this.write().catch(() => undefined)
  }

  async #write(): Promise<void> {
    await this.#retain()
    if (this.#waiting.size === 0 && !this.#isOverflown) return
    const [batch, isOverflown] = [this.#waiting, this.#isOverflown]
    this.#waiting = new Map()
    this.#waitingChanges = 0
    try {
      await this.#parts.database.kysely.transaction().execute(async (transaction) => {
        if (isOverflown) await transaction.deleteFrom('directory_verifiers').execute()
        for (const [id, changes] of batch) await this.#apply(transaction, id, changes)
      })
    } catch (error) {
      const later = this.#waiting
      this.#waiting = batch
      for (const [id, changes] of later) for (const change of changes) this.#wait(id, change)
      this.failures++
      this.#waitingChanges = this.#waiting.values().reduce((sum, changes) => sum + changes.length, 0)
      throw error
    }
    this.failures = 0
    if (isOverflown) {
      this.#memory.clear()
      this.#isOverflown = false
    }
  }

  async #apply(transaction: Transaction<Schema>, id: string, changes: readonly KnownChange[]): Promise<void> {
    const known = changes.reduce(afterChange, await this.#read(id, transaction))
    if (known === undefined) {
      await transaction.deleteFrom('directory_verifiers').where('id', '=', id).execute()
      return
    }
    const row = { account_sealed: this.#seal(id, known), keep_until: known.keepUntil }
    await transaction
      .insertInto('directory_verifiers')
      .values({ id, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute()
  }

  /** Whatever waited before a `gone` does not matter any more. */
  #wait(id: string, change: KnownChange): void {
    const before = this.#waiting.get(id) ?? []
    const list = change.kind === 'gone' ? [change] : [...before, change]
    this.#waitingChanges += list.length - before.length
    this.#waiting.set(id, list)
  }

  async #read(
    id: string,
    kysely: Kysely<Schema> = this.#parts.database.kysely,
  ): Promise<KnownAccount | undefined> {
    const row = await kysely
      .selectFrom('directory_verifiers')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst()
    if (row === undefined || row.keep_until <= this.#parts.clock.now()) return undefined
    // Sealed by us for this very id: nobody else can have written it.
    return JSON.parse(this.#parts.sealer.open(row.account_sealed, `${CONTEXT}/${id}`)) as KnownAccount
  }

  #seal(id: string, known: KnownAccount): string {
    return this.#parts.sealer.seal(JSON.stringify(known), `${CONTEXT}/${id}`)
  }

  async #retain(): Promise<void> {
    const { clock, database } = this.#parts
    if (clock.monotonic() - this.#retainedAt < RETAIN_MILLISECONDS) return
    await database.kysely.deleteFrom('directory_verifiers').where('keep_until', '<=', clock.now()).execute()
    this.#retainedAt = clock.monotonic()
  }

  #remember(id: string, known: KnownAccount | undefined): void {
    this.#memory.delete(id)
    if (known === undefined) return
    if (this.#memory.size >= MOST_IN_MEMORY) {
      for (const oldest of this.#memory.keys()) if (this.#memory.delete(oldest)) break
    }
    this.#memory.set(id, known)
  }

  #idOf({ place, key }: KnownName): string {
    return this.#parts.sealer.mark(Buffer.from(`${place}\0${key}`), CONTEXT)
  }
}
