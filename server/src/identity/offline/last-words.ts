import { afterChange, type KnownAccount, type KnownChange, type ToldAccount } from './known-account.ts'

/** The last that was said of one account; without `account`: it may not come in. */
interface LastWord {
  readonly saidAt: number
  readonly account?: ToldAccount
}

const MOST = 50_000

/**
 * What directories said last of each account, whatever name it was asked by. What is known is kept by name, as logins write
 * it; but an account that was barred as `ada` is barred as `ada@example.org` too, and has one password and one list of groups.
 */
export class LastWords {
  readonly #words = new Map<string, LastWord>()

  hear(change: KnownChange): void {
    switch (change.kind) {
      case 'told':
      case 'proved': {
        const { account } = change
        this.#say(keyOf(change, account.user.id), { saidAt: account.saidAt, account })
        return
      }
      case 'gone':
        if (change.account !== undefined)
          this.#say(keyOf(change, change.account.id), { saidAt: change.account.saidAt })
    }
  }

  /** What is known under one name, in the light of what was said since under another. */
  over(name: KnownChange['name'], known: KnownAccount | undefined): KnownAccount | undefined {
    if (known === undefined) return undefined
    const word = this.#words.get(keyOf({ name }, known.user.id))
    if (word === undefined || word.saidAt < known.saidAt) return known
    return word.account && afterChange(known, { kind: 'told', name, account: word.account })
  }

  #say(key: string, word: LastWord): void {
    const before = this.#words.get(key)
    // Of two words of one moment the worse counts.
    if (before !== undefined && word.saidAt - before.saidAt < (before.account === undefined ? 1 : 0)) return
    this.#words.delete(key)
    if (this.#words.size >= MOST)
      for (const oldest of this.#words.keys()) if (this.#words.delete(oldest)) break
    this.#words.set(key, word)
  }
}

function keyOf({ name }: Pick<KnownChange, 'name'>, id: string): string {
  return `${name.place}\0${id}`
}
