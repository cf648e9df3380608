import type { Selectable } from 'kysely'
import type { SessionLimit } from '../../policy/rule.ts'
import type { Database } from '../../store/database.ts'
import type { SessionTable } from '../../store/schema.ts'
import type { KnownDecisions } from '../accounting/accounting-ledger.ts'

/** A login that may come in if there is room. */
export interface ReservationRequest {
  readonly limit: SessionLimit
  /** The decision whose Class the session will carry. */
  readonly decisionId: string
  /** As receipts keep names. */
  readonly account: string
  readonly client: string
  /** What tells whether a session is the one that is logging in again; null where the NAS does not say. */
  readonly station: string | null
  readonly acctSessionId: string | null
  readonly nas: string
  readonly nasPort: number | null
  readonly holdMilliseconds: number
}

/** A session, or a login that became none yet, that counts. */
export interface CountedSession {
  readonly client: string
  readonly station: string | null
  /** Absent: accepted, and accounting has not said anything yet. */
  readonly acctSessionId?: string
  readonly since: number
}

export type Reserved =
  | { readonly kind: 'granted' }
  | { readonly kind: 'full'; readonly counted: readonly CountedSession[] }
  /** Nobody can tell; never to be taken for a yes. */
  | { readonly kind: 'unknown' }

/** The one owner of the counters, as a worker reaches it. */
export interface SessionLimitOwner {
  reserve(request: ReservationRequest): Promise<Reserved>
  release(decisionId: string): Promise<void>
}

interface Reservation extends ReservationRequest {
  readonly at: number
  readonly expiresAt: number
}

type LiveRow = Pick<
  Selectable<SessionTable>,
  'client' | 'nas' | 'acct_session_id' | 'decision_id' | 'station_key' | 'nas_port' | 'started_at'
>

/** Logins accepted and not yet reported; beyond, nobody can be counted any more. */
const MOST_RESERVATIONS = 100_000
/** Live sessions of one user that are looked at. */
const MOST_COUNTED = 1_000
const CLOCKS_APART_MILLISECONDS = 5_000

/**
 * Counts sessions for all workers: those that are live, and those accepted a moment ago whose accounting has not begun.
 * Two logins of one account are judged one after the other. A session that logs in again does not count against itself.
 */
export class SessionLimits implements SessionLimitOwner, KnownDecisions {
  readonly #database: Database
  readonly #now: () => number
  readonly #byDecision = new Map<string, Reservation>()
  readonly #byAccount = new Map<string, Set<Reservation>>()
  /** The end of the queue of each key. */
  readonly #queues = new Map<string, Promise<unknown>>()

  constructor(database: Database, now: () => number) {
    this.#database = database
    this.#now = now
  }

  async reserve(request: ReservationRequest): Promise<Reserved> {
    const key = keyOf(request)
    const before = this.#queues.get(key)
    const turn = (before ?? Promise.resolve()).then(
      () => this.#judge(request),
      () => this.#judge(request),
    )
    this.#queues.set(key, turn)
    try {
      return await turn
    } finally {
      if (this.#queues.get(key) === turn) this.#queues.delete(key)
    }
  }

  async release(decisionId: string): Promise<void> {
    const reservation = this.#byDecision.get(decisionId)
    if (reservation !== undefined) this.#drop(reservation)
  }

  /** Accounting of the session has begun: from here on its row counts. */
  started(decisionId: string): void {
    const reservation = this.#byDecision.get(decisionId)
    if (reservation !== undefined) this.#drop(reservation)
  }

  accountOf(decisionId: string): string | undefined {
    return this.#byDecision.get(decisionId)?.account
  }

  get reservations(): number {
    return this.#byDecision.size
  }

  async #judge(request: ReservationRequest): Promise<Reserved> {
    // Before the rows are read: one that becomes a session meanwhile is a reservation no more, and not among them yet.
    const before = [...this.#reservationsLike(request)]
    const sessions = await this.#live(request)
    const now = this.#now()
    const waiting = this.#waiting(request, before, sessions, now)
    const counted = [
      ...sessions.filter((session) => !isSameSession(session, request)).map(countedSession),
      ...waiting.filter((reservation) => !isSameDevice(reservation, request)).map(countedReservation),
    ]
    if (counted.length >= request.limit.count) return { kind: 'full', counted }
    // A device that tries again takes its own place.
    for (const reservation of waiting) if (isSameDevice(reservation, request)) this.#drop(reservation)
    return this.#hold({ ...request, at: now, expiresAt: now + request.holdMilliseconds }, now)
  }

  async #live(request: ReservationRequest): Promise<readonly LiveRow[]> {
    const { limit, account, client, station } = request
    let query = this.#database.kysely
      .selectFrom('sessions')
      .select(['client', 'nas', 'acct_session_id', 'decision_id', 'station_key', 'nas_port', 'started_at'])
      .where('state', '=', 'live')
    if (limit.per === 'device') query = query.where('station_key', '=', station)
    else query = query.where('user_key', '=', account)
    if (limit.per === 'user-and-client') query = query.where('client', '=', client)
    return await query.orderBy('started_at').limit(MOST_COUNTED).execute()
  }

  /** Reservations of the same key that are neither over nor a session by now. */
  #waiting(
    request: ReservationRequest,
    before: readonly Reservation[],
    sessions: readonly LiveRow[],
    now: number,
  ): Reservation[] {
    const waiting: Reservation[] = []
    for (const reservation of this.#reservationsLike(request).union(new Set(before))) {
      if (reservation.expiresAt <= now) this.#drop(reservation)
      else if (request.limit.per === 'user-and-client' && reservation.client !== request.client) continue
      else if (!sessions.some((session) => cameOf(session, reservation))) waiting.push(reservation)
    }
    return waiting
  }

  #reservationsLike(request: ReservationRequest): ReadonlySet<Reservation> {
    return this.#byAccount.get(accountKey(request)) ?? new Set()
  }

  #hold(reservation: Reservation, now: number): Reserved {
    if (this.#byDecision.size >= MOST_RESERVATIONS) this.#dropExpired(now)
    if (this.#byDecision.size >= MOST_RESERVATIONS) return { kind: 'unknown' }
    this.#byDecision.set(reservation.decisionId, reservation)
    const key = accountKey(reservation)
    const others = this.#byAccount.get(key)
    if (others === undefined) this.#byAccount.set(key, new Set([reservation]))
    else others.add(reservation)
    return { kind: 'granted' }
  }

  #drop(reservation: Reservation): void {
    this.#byDecision.delete(reservation.decisionId)
    const key = accountKey(reservation)
    const others = this.#byAccount.get(key)
    others?.delete(reservation)
    if (others?.size === 0) this.#byAccount.delete(key)
  }

  #dropExpired(now: number): void {
    for (const reservation of this.#byDecision.values()) {
      if (reservation.expiresAt <= now) this.#drop(reservation)
    }
  }
}

/** Users and devices are counted apart. */
function accountKey({ limit, account, station }: ReservationRequest): string {
  return limit.per === 'device' ? `device ${station}` : `user ${account}`
}

function keyOf(request: ReservationRequest): string {
  return accountKey(request)
}

/** The session of a reservation whose NAS sent no Class back. */
function cameOf(session: LiveRow, reservation: Reservation): boolean {
  if (session.decision_id !== null) return session.decision_id === reservation.decisionId
  return (
    session.client === reservation.client &&
    session.station_key === reservation.station &&
    session.started_at >= reservation.at - CLOCKS_APART_MILLISECONDS
  )
}

/**
 * Whether a login is that of a session there is: re-authentication, or the same device coming back or moving to another
 * access point. Where devices are counted, a device elsewhere is another session: that is what is asked.
 */
function isSameSession(session: LiveRow, request: ReservationRequest): boolean {
  const isHere = session.client === request.client && session.nas === request.nas
  if (isHere && request.acctSessionId !== null && session.acct_session_id === request.acctSessionId)
    return true
  if (request.limit.per === 'device') return isHere
  if (request.station !== null || session.station_key !== null) return session.station_key === request.station
  return isHere && request.nasPort !== null && session.nas_port === request.nasPort
}

function isSameDevice(reservation: Reservation, request: ReservationRequest): boolean {
  const isHere = reservation.client === request.client && reservation.nas === request.nas
  if (request.limit.per === 'device') return isHere
  if (request.station !== null || reservation.station !== null) return reservation.station === request.station
  return isHere && request.nasPort !== null && reservation.nasPort === request.nasPort
}

function countedSession(session: LiveRow): CountedSession {
  const { client, station_key, acct_session_id, started_at } = session
  return { client, station: station_key, acctSessionId: acct_session_id, since: started_at }
}

function countedReservation({ client, station, at }: Reservation): CountedSession {
  return { client, station, since: at }
}
