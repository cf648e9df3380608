/** Whom a change in a directory may concern. Plain data: it goes to the workers. */
export interface Concerned {
  /** Names of accounts, any of those they log in by. */
  readonly users: readonly string[]
  /** `IdentifiedUser.id`, whatever the account is called now. */
  readonly ids: readonly string[]
  /** Everybody who is known to be in one of these groups, by its name. */
  readonly groups: readonly string[]
}

/** Names of each kind. More are not told one by one, nor kept while they cannot be told. */
const MOST_NAMES = 20_000

/** Collects whom the changes of one look concern. */
export class ConcernedSet {
  readonly #users = new Set<string>()
  readonly #ids = new Set<string>()
  readonly #groups = new Set<string>()
  #everybody: string | undefined

  user(names: readonly string[], id?: string): void {
    for (const name of names) this.#users.add(name)
    if (id !== undefined) this.#ids.add(id)
    this.#bound()
  }

  group(...names: readonly string[]): void {
    for (const name of names) this.#groups.add(name)
    this.#bound()
  }

  /** Too much changed, or it cannot be told whom it concerns. The first reason stays. */
  everybody(why: string): void {
    this.#everybody ??= why
  }

  /** Why it is everybody; undefined: it is not. */
  get isEverybody(): string | undefined {
    return this.#everybody
  }

  get isNobody(): boolean {
    return this.#everybody === undefined && this.#users.size + this.#ids.size + this.#groups.size === 0
  }

  #bound(): void {
    if (Math.max(this.#users.size, this.#ids.size, this.#groups.size) <= MOST_NAMES) return
    this.everybody(`more than ${MOST_NAMES} people or groups changed`)
    for (const names of [this.#users, this.#ids, this.#groups]) names.clear()
  }

  get concerned(): Concerned {
    return { users: [...this.#users], ids: [...this.#ids], groups: [...this.#groups] }
  }
}
