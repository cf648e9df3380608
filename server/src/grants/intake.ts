import type { Clock } from '../kernel/clock.ts'
import type { Remote } from '../kernel/rpc.ts'
import type { ChangeStore, NotedChange } from './change-store.ts'
import type { NewGrantAction } from './grant-action-row.ts'
import type { Fact, Grant, GrantKind, Verdict } from './grant-kind.ts'
import type { GrantStore } from './grant-store.ts'

export interface IntakeParts {
  readonly kinds: readonly GrantKind[]
  readonly changes: ChangeStore
  readonly store: Remote<GrantStore>
  readonly clock: Clock
  /** Brings what grants are decided by up to the database; resolves to the configuration version they are decided by. */
  readonly prepare: () => Promise<number>
  readonly decided: (verdict: Verdict['verdict']) => void
  /** These facts were noted to have changed: what is kept of them is old. */
  readonly noted?: (facts: readonly Fact[]) => Promise<void>
}

/** A fact that changed, and who or what changed it. */
interface Occasion {
  readonly fact: Fact
  readonly cause: string
  readonly askedBy: string
  /** A sweep looks again by itself: it leaves out what it cannot tell, and what failed a short while ago. */
  readonly sweep: boolean
}

/** Grants in memory at a time. */
const PAGE = 50
const NOTES = 500
/** Grants decided again at once. */
const AT_A_TIME = 8
/** More certificates, groups or devices than this are not looked up one by one. */
const MOST_FACTS = 4
/** After a failure a sweep leaves the grant alone for so long. */
const HOLD_OFF_MILLISECONDS = 3_600_000
const SYSTEM = 'system'

/** Turns changed facts into entries of the outbox: grants that a new decision does not bear out. */
export class Intake {
  readonly #parts: IntakeParts
  #stopped = false

  constructor(parts: IntakeParts) {
    this.#parts = parts
  }

  stop(): void {
    this.#stopped = true
  }

  /**
   * Looks at the grants of users, certificates ... that changed. The notes are done with only when the entries are durable:
   * a process that dies in between looks again.
   */
  async some(): Promise<void> {
    const { changes, store, prepare, clock } = this.#parts
    const users = await changes.userChanges()
    const waiting = await changes.noted('one', NOTES)
    if (users === undefined && waiting.length === 0) return
    const version = await prepare()
    const noted = waiting.filter((note) => note.config_version <= version)
    await this.#parts.noted?.(noted.flatMap(factOf))
    const occasions: Occasion[] = (users?.accounts ?? []).map(({ name, what }) => ({
      fact: { fact: 'user', key: name },
      cause: `${what} "${name}" changed`,
      ...{ askedBy: SYSTEM, sweep: false },
    }))
    // Each of these may take a look at every grant: one look then does for all.
    const isTooMany = noted.filter(({ fact }) => fact !== 'user').length > MOST_FACTS
    for (const note of isTooMany ? [] : noted) {
      const { cause, asked_by: askedBy } = note
      for (const fact of factOf(note)) occasions.push({ fact, cause, askedBy, sweep: false })
    }
    for (const occasion of occasions) await this.#look(occasion, version)
    if (this.#stopped) return
    const everyAccount = users !== undefined && users.accounts === undefined
    const cause = isTooMany ? `${noted[0]?.cause} and more` : 'users or groups changed'
    const asked_by = noted.find((note) => note.asked_by !== SYSTEM)?.asked_by ?? SYSTEM
    const config_version = Math.max(0, ...noted.map((note) => note.config_version))
    const wide = { at: clock.now(), fact: 'all', key: null, cause, asked_by, config_version } as const
    await store.settle(
      users?.revision,
      noted.map((note) => note.id),
      everyAccount || isTooMany ? wide : undefined,
    )
  }

  /**
   * Looks at every grant where something changed that may mean any of them. `sweep`: looks anyway, for time is a fact too
   * (hours end, accounts expire), and a session may have begun while a fact changed; it makes way for a change.
   */
  async all(sweep: boolean): Promise<'changes' | 'sweep' | 'nothing'> {
    const { changes, store, prepare } = this.#parts
    const waiting = await changes.noted('all', NOTES)
    if (waiting.length === 0 && !sweep) return 'nothing'
    const version = await prepare()
    const noted = waiting.filter((note) => note.config_version <= version)
    const everything = { fact: 'all' } as const
    if (noted.length === 0) {
      if (!sweep) return 'nothing'
      await this.#look({ fact: everything, cause: 'time', askedBy: SYSTEM, sweep: true }, version)
      return 'sweep'
    }
    const askedBy = noted.find((note) => note.asked_by !== SYSTEM)?.asked_by ?? SYSTEM
    const cause = [...new Set(noted.map((note) => note.cause))].join(', ')
    await this.#look({ fact: everything, cause, askedBy, sweep: false }, version)
    const done = noted.map((note) => note.id)
    if (!this.#stopped) await store.settle(undefined, done)
    return 'changes'
  }

  async #look(occasion: Occasion, version: number): Promise<void> {
    for (const kind of this.#parts.kinds) {
      let after: string | undefined
      do {
        const page = await kind.list(occasion.fact, { limit: PAGE, after })
        // Some at a time, for a directory may be far away; never many, for it has other things to do.
        for (let start = 0; start < page.grants.length; start += AT_A_TIME) {
          const some = page.grants.slice(start, start + AT_A_TIME)
          const judged = await Promise.all(some.map((grant) => this.#judge(kind, grant, occasion, version)))
          await this.#parts.store.enqueue(judged.filter((action) => action !== undefined))
        }
        after = page.next
        // A hundred thousand sessions take seconds: the API of this thread answers in between.
        await new Promise((resolve) => setImmediate(resolve))
        // What changed has precedence over what time may have changed.
        if (occasion.sweep && (await this.#isChanged(version))) return
      } while (after !== undefined && !this.#stopped)
    }
  }

  async #isChanged(version: number): Promise<boolean> {
    const [oldest] = await this.#parts.changes.noted('all', 1)
    return oldest !== undefined && oldest.config_version <= version
  }

  async #judge(
    kind: GrantKind,
    grant: Grant,
    { cause, askedBy, sweep }: Occasion,
    configVersion: number,
  ): Promise<NewGrantAction | undefined> {
    const judged = await kind.decideAgain(grant)
    this.#parts.decided(judged.verdict)
    if (judged.verdict === 'keep') return undefined
    const at = this.#parts.clock.now()
    const { id, subject, lane, decisionId } = grant
    const plain = { id, subject, lane, decisionId }
    const base = { kind: kind.name, grant: plain, reason: judged.why, cause, askedBy, configVersion, at }
    if (judged.verdict === 'revoke' || judged.verdict === 'change') {
      const entry = { ...base, action: judged.verdict, state: 'waiting', changes: judged.changes } as const
      return sweep ? { ...entry, unlessFailedSince: at - HOLD_OFF_MILLISECONDS } : entry
    }
    if (sweep) return undefined
    const state = judged.verdict === 'unknown' ? 'waiting' : 'left'
    return { ...base, action: 'undecided', state, changes: [] }
  }
}

function factOf({ fact, key }: NotedChange): readonly Fact[] {
  return fact !== 'all' && key !== null ? [{ fact, key }] : []
}
