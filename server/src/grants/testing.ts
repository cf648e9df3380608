import { FakeClock } from '../kernel/clock.ts'
import { reason } from '../reasons/index.ts'
import { openWriter } from '../store/open.ts'
import { ChangeStore } from './change-store.ts'
import type {
  CarriedOut,
  Fact,
  Grant,
  GrantKind,
  GrantOrder,
  GrantPage,
  GrantPageQuery,
  Verdict,
} from './grant-kind.ts'
import { GrantStore } from './grant-store.ts'
import { Intake } from './intake.ts'
import { Outbox, type OutboxSettings } from './outbox.ts'
import { RateLimit } from './rate-limit.ts'

export const REVOKE: Verdict = {
  verdict: 'revoke',
  why: reason('account-disabled', { user: 'alice' }),
  changes: ['user.groups lost "Staff"'],
}
export const UNKNOWN = {
  verdict: 'unknown',
  why: reason('source-unavailable', { user: 'alice', source: 'ad' }),
} as const satisfies Verdict

/** Grants in memory. What is decided of them, and what comes of an order, is up to the test. */
export class PlayedKind implements GrantKind {
  readonly name = 'played'
  readonly grants = new Map<string, Grant>()
  readonly orders: (GrantOrder & { readonly id: string; readonly lane: string; readonly at: number })[] = []
  readonly listed: Fact[] = []
  largestPage = 0
  verdict: (grant: Grant) => Verdict = () => ({ verdict: 'keep' })
  outcome: (grant: Grant) => CarriedOut | Promise<CarriedOut> = () => ({ result: 'acknowledged' })
  readonly #clock: FakeClock
  readonly #ids: string[] = []

  constructor(clock: FakeClock) {
    this.#clock = clock
  }

  add(count: number, lane = 'switch'): void {
    for (let index = 0; index < count; index++) {
      const id = `${lane}-${String(index).padStart(6, '0')}`
      this.#ids.push(id)
      this.grants.set(id, { id, subject: 'alice', lane, decisionId: 'd1' })
    }
    this.#ids.sort()
  }

  async list(fact: Fact, { limit, after = '' }: GrantPageQuery): Promise<GrantPage> {
    if (after === '') this.listed.push(fact)
    const begin = after === '' ? 0 : this.#ids.indexOf(after) + 1
    const grants = this.#ids.slice(begin, begin + limit).flatMap((id) => this.grants.get(id) ?? [])
    this.largestPage = Math.max(this.largestPage, grants.length)
    const last = grants.at(-1)
    return grants.length === limit && last !== undefined ? { grants, next: last.id } : { grants }
  }

  async find(id: string): Promise<Grant | undefined> {
    return this.grants.get(id)
  }

  async decideAgain(grant: Grant): Promise<Verdict> {
    return this.verdict(grant)
  }

  async carryOut(grant: Grant, order: GrantOrder): Promise<CarriedOut> {
    this.orders.push({ ...order, id: grant.id, lane: grant.lane, at: this.#clock.now() })
    return this.outcome(grant)
  }
}

export const SETTINGS: OutboxSettings = {
  ...{ perSecond: 20, perSecondPerLane: 10 },
  ...{ attempts: 3, retrySeconds: 10, endSeconds: 20 },
}

/** The core with everything played but the database, which is SQLite in memory. */
export async function openGrants(settings: OutboxSettings = SETTINGS) {
  const clock = new FakeClock()
  const database = await openWriter('sqlite::memory:')
  const store = new GrantStore(database)
  const kind = new PlayedKind(clock)
  const served = { version: 1 }
  const shared = { kinds: [kind], store, clock, prepare: async () => served.version }
  const intake = new Intake({ ...shared, changes: new ChangeStore(database), decided: () => {} })
  const limit = new RateLimit(settings, clock.monotonic())
  const outbox = new Outbox({ ...shared, read: store, limit, settings: () => settings, tried: () => {} })
  const run = async (): Promise<void> => {
    await outbox.send(await outbox.due())
    await outbox.settled()
  }
  return {
    ...{ clock, database, store, kind, served, intake, outbox, run },
    /** As if something that means everything had changed. */
    note: (configVersion = 0) =>
      store.note({
        ...{ at: clock.now(), fact: 'all', key: null, cause: 'configuration version 2' },
        ...{ asked_by: 'system', config_version: configVersion },
      }),
    /** Runs the outbox every half second of the clock. */
    async runFor(seconds: number): Promise<void> {
      for (let tick = 0; tick < seconds * 2; tick++) {
        await run()
        clock.advance(500)
      }
    },
    list: async () => (await store.list({ limit: 500 })).items,
    close: () => database.close(),
  }
}

export type GrantsUnderTest = Awaited<ReturnType<typeof openGrants>>
