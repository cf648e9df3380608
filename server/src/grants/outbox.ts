import type { Clock } from '../kernel/clock.ts'
import type { Remote } from '../kernel/rpc.ts'
import { type Reason, reason } from '../reasons/index.ts'
import type { GrantActionRecord } from './grant-action-row.ts'
import type { CarriedOut, Grant, GrantAction, GrantKind, GrantOrder, Verdict } from './grant-kind.ts'
import type { DueLane, GrantActionUpdate, GrantStore } from './grant-store.ts'
import type { RateLimit, Rates } from './rate-limit.ts'

export interface OutboxSettings extends Rates {
  /** How often an action is tried before it is given up. */
  readonly attempts: number
  /** After the first try; doubled after each. */
  readonly retrySeconds: number
  /** How long after an acknowledgement the grant may still be live. */
  readonly endSeconds: number
}

export interface OutboxParts {
  readonly kinds: readonly GrantKind[]
  readonly store: Remote<GrantStore>
  /** The same rows on a reader. */
  readonly read: Pick<GrantStore, 'dueLanes'>
  readonly clock: Clock
  readonly limit: RateLimit
  readonly settings: () => OutboxSettings
  /** As `IntakeParts.prepare`. */
  readonly prepare: () => Promise<number>
  /** Told after every try that ended an entry, and after every one that was sent. */
  readonly tried: (entry: GrantActionRecord, update: GrantActionUpdate) => void
}

/** Longer than any try takes. */
const LEASE_MILLISECONDS = 120_000
/** Tries under way, all together and of one lane: a silent RADIUS client holds up its own sessions only. */
const MOST_UNDER_WAY = 256
const MOST_UNDER_WAY_PER_LANE = 32
/** How soon an acknowledged grant is looked at. */
const LOOK_MILLISECONDS = 1_000
const LOOK_AT_MOST_MILLISECONDS = 5_000
const LONGEST_RETRY_MILLISECONDS = 300_000

/**
 * Carries out what waits: due entries, at the rate that is allowed, each decided once more right before it is sent. What
 * was taken back meanwhile, ended by itself or was asked for again is dropped.
 */
export class Outbox {
  readonly #parts: OutboxParts
  readonly #underWay = new Map<string, number>()
  readonly #work = new Set<Promise<void>>()
  #turn = 0

  constructor(parts: OutboxParts) {
    this.#parts = parts
  }

  /** Lanes with something to do now. */
  async due(): Promise<readonly DueLane[]> {
    const { read, clock } = this.#parts
    return await read.dueLanes(clock.now(), Number.MAX_SAFE_INTEGER)
  }

  /** Starts what is allowed now in these lanes; does not wait for it. Resolves to how many were started. */
  async send(due: readonly DueLane[]): Promise<number> {
    if (due.length === 0) return 0
    const { clock, limit, settings, prepare } = this.#parts
    limit.replaceRates(settings())
    const version = await prepare()
    let started = 0
    // Another lane is first each time, or the first would use up the rate of all.
    const turn = this.#turn++ % due.length
    for (const { lane, toSend, toLookAt } of [...due.slice(turn), ...due.slice(0, turn)]) {
      // A look asks nobody but ourselves: only what is sent counts.
      if (toLookAt) started += await this.#start(lane, 'acknowledged', this.#room(lane), version)
      if (!toSend) continue
      const most = limit.available(lane, this.#room(lane), clock.monotonic())
      const sent = await this.#start(lane, 'waiting', most, version)
      limit.take(lane, sent, clock.monotonic())
      started += sent
    }
    return started
  }

  /** Resolves once what was started is done. */
  async settled(): Promise<void> {
    while (this.#work.size > 0) await Promise.allSettled(this.#work)
  }

  #room(lane: string): number {
    const inLane = MOST_UNDER_WAY_PER_LANE - (this.#underWay.get(lane) ?? 0)
    return Math.max(0, Math.min(MOST_UNDER_WAY - this.#work.size, inLane))
  }

  async #start(
    lane: string,
    state: 'waiting' | 'acknowledged',
    limit: number,
    configVersion: number,
  ): Promise<number> {
    if (limit === 0) return 0
    const { store, clock } = this.#parts
    const now = clock.now()
    const until = now + LEASE_MILLISECONDS
    const entries = await store.claim({ lane, state, limit, now, until, configVersion })
    for (const entry of entries) {
      this.#underWay.set(lane, (this.#underWay.get(lane) ?? 0) + 1)
      const work = this.#try(entry).finally(() => {
        this.#work.delete(work)
        const left = (this.#underWay.get(lane) ?? 1) - 1
        if (left > 0) this.#underWay.set(lane, left)
        else this.#underWay.delete(lane)
      })
      this.#work.add(work)
    }
    return entries.length
  }

  /** Never rejects: an entry whose outcome could not be written is tried again when its lease ends. */
  async #try(entry: GrantActionRecord): Promise<void> {
    const { store, tried } = this.#parts
    try {
      const update = await this.#outcome(entry)
      await store.update(update)
      tried(entry, update)
    } catch {
      // The store is down or closing; the lease brings the entry back.
    }
  }

  async #outcome(entry: GrantActionRecord): Promise<GrantActionUpdate> {
    const kind = this.#parts.kinds.find((candidate) => candidate.name === entry.kind)
    const why = reason('grant-unsupported', { client: entry.lane, detail: `no such kind: ${entry.kind}` })
    if (kind === undefined) return this.#close(entry, 'failed', why)
    const grant = await kind.find(entry.grantId)
    if (grant === undefined) return this.#close(entry, entry.attempts > 0 ? 'done' : 'obsolete', null)
    const judged = await kind.decideAgain(grant)
    switch (judged.verdict) {
      case 'keep':
        // Rolled back, or authenticated again: after an acknowledgement that is what was wanted.
        return this.#close(entry, entry.state === 'acknowledged' ? 'done' : 'obsolete', null)
      case 'undecidable':
        return this.#close(entry, 'left', judged.why)
      case 'unknown':
        return this.#later(entry, judged.why)
      default:
        return this.#act(entry, kind, grant, judged)
    }
  }

  async #act(
    entry: GrantActionRecord,
    kind: GrantKind,
    grant: Grant,
    { verdict, why, changes }: Extract<Verdict, { verdict: GrantAction }>,
  ): Promise<GrantActionUpdate> {
    const current: GrantActionRecord = { ...entry, action: verdict, reason: why, changes }
    if (entry.state === 'acknowledged') return this.#stillLive(current, entry.action)
    const attempts = entry.attempts + 1
    const carried = await this.#carryOut(kind, grant, { action: verdict, why, attempt: attempts })
    switch (carried.result) {
      case 'acknowledged':
        return this.#look({ ...current, attempts, acknowledgedAt: this.#parts.clock.now() })
      case 'impossible':
        return this.#close({ ...current, attempts }, 'failed', carried.why)
      case 'retry':
        return this.#later(current, carried.why)
    }
  }

  /** Acknowledged, and there: no wonder for a while. A revocation does not wait for the end of a change. */
  #stillLive(entry: GrantActionRecord, asked: GrantActionRecord['action']): GrantActionUpdate {
    const { clock, settings } = this.#parts
    const { endSeconds, attempts: most } = settings()
    const now = clock.now()
    const again = { ...this.#update(entry), state: 'waiting', nextAt: now, acknowledgedAt: null } as const
    if (entry.action === 'revoke' && asked === 'change') return again
    const milliseconds = now - (entry.acknowledgedAt ?? now)
    if (milliseconds < endSeconds * 1000) return this.#look(entry)
    const seconds = Math.round(milliseconds / 1000)
    const result = reason('grant-still-live', { client: entry.lane, seconds })
    return entry.attempts >= most ? this.#close(entry, 'failed', result) : { ...again, result }
  }

  async #carryOut(kind: GrantKind, grant: Grant, order: GrantOrder): Promise<CarriedOut> {
    try {
      return await kind.carryOut(grant, order)
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      return { result: 'retry', why: reason('grant-no-answer', { client: grant.lane, detail }) }
    }
  }

  /** Soon at first, then at growing distances. */
  #look(entry: GrantActionRecord): GrantActionUpdate {
    const now = this.#parts.clock.now()
    const since = Math.min(now - (entry.acknowledgedAt ?? now), LOOK_AT_MOST_MILLISECONDS)
    return { ...this.#update(entry), state: 'acknowledged', nextAt: now + Math.max(LOOK_MILLISECONDS, since) }
  }

  #later(entry: GrantActionRecord, why: Reason): GrantActionUpdate {
    const { attempts: most, retrySeconds } = this.#parts.settings()
    const attempts = entry.attempts + 1
    if (attempts >= most) return this.#close({ ...entry, attempts }, 'failed', why)
    const wait = Math.min(LONGEST_RETRY_MILLISECONDS, retrySeconds * 1000 * 2 ** (attempts - 1))
    const nextAt = this.#parts.clock.now() + wait
    return { ...this.#update({ ...entry, attempts }), state: 'waiting', nextAt, result: why }
  }

  #close(
    entry: GrantActionRecord,
    state: 'done' | 'obsolete' | 'failed' | 'left',
    result: Reason | null,
  ): GrantActionUpdate {
    return { ...this.#update(entry), state, result }
  }

  #update(entry: GrantActionRecord): GrantActionUpdate {
    const { id, state, action, reason: why, changes, attempts, nextAt, acknowledgedAt, result } = entry
    return {
      ...{ id, state, action, reason: why, changes, attempts, nextAt, acknowledgedAt, result },
      at: this.#parts.clock.now(),
    }
  }
}
