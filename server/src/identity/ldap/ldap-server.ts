import { RESULT, resultName, type SearchRequest } from '@sallyport/ldap'
import { serviceBindProblem } from './active-directory/bind-refusal.ts'
import { BindPool } from './bind-pool.ts'
import { Breaker } from './breaker.ts'
import type { Answered, Found, LdapConnection } from './connection.ts'
import { type Lost, lost } from './lost.ts'
import { type ConnectionSettings, openConnection } from './open-connection.ts'
import { cureFor } from './refusals.ts'
import type { ServerAddress } from './server-address.ts'

export interface ServerSettings extends ConnectionSettings {
  /** Who asks; absent: without a name. */
  readonly service?: { readonly dn: string; readonly password: Uint8Array }
  /** That check passwords. */
  readonly connections: number
  /** To connect, to encrypt and to bind the service account. */
  readonly connectMilliseconds: number
}

interface Attempt<Answer> {
  readonly answer: Answer | Lost
  /** On a connection opened for it. */
  readonly isFresh: boolean
  readonly askedAt: number
}

/** A connection the server let go while it was idle is worth another try, and so is the next idle one. */
const TRIES = 3
/** Questions in a row without an answer, while the server answers others. */
const SLOW_IN_A_ROW = 5

/** Says nothing of the server. */
const NO_OUTAGE: ReadonlySet<Lost['cause']> = new Set(['crowded', 'too-large', 'closed'])

/**
 * One server: a connection for searches by the service account, a pool for binds of users, a breaker. Every method ends
 * within the time it was given.
 */
export class LdapServer {
  readonly address: ServerAddress
  readonly breaker: Breaker
  readonly #settings: ServerSettings
  readonly #binds: BindPool
  #service: Promise<LdapConnection | Lost> | undefined
  #heardAt = 0
  #slow = 0
  #isClosed = false

  constructor(address: ServerAddress, settings: ServerSettings) {
    this.address = address
    this.#settings = settings
    this.#binds = new BindPool(() => this.#connect(), settings.connections)
    this.breaker = new Breaker(() => this.#probe())
  }

  async search(search: SearchRequest, limit: number, milliseconds: number): Promise<Found | Lost> {
    return await this.#ask(milliseconds, async (left) => {
      const kept = this.#service
      const service = await within(this.#open(), left())
      if ('kind' in service) return { answer: service, isFresh: true, askedAt: performance.now() }
      const askedAt = performance.now()
      const answer = await service.search(search, limit, left())
      this.#heard(service)
      return { answer, isFresh: kept === undefined, askedAt }
    })
  }

  async bind(dn: string, password: Uint8Array, milliseconds: number): Promise<Answered | Lost> {
    return await this.bindAnd(dn, password, milliseconds, async (_, bound) => bound)
  }

  /** `then` may ask on the connection the bind was on, as the user, also where it was refused. */
  async bindAnd<Answer>(
    dn: string,
    password: Uint8Array,
    milliseconds: number,
    then: (connection: LdapConnection, bound: Answered, left: () => number) => Promise<Answer>,
  ): Promise<Answer | Lost> {
    return await this.#ask<Answer | Lost>(milliseconds, async (left) => {
      const lease = await this.#binds.lease(left())
      const askedAt = performance.now()
      if ('kind' in lease) return { answer: lease, isFresh: true, askedAt }
      const { connection, isFresh } = lease
      const bound = await connection.bind(dn, password, left())
      this.#heard(connection)
      const answer = bound.kind === 'lost' ? bound : await then(connection, bound, left)
      this.#binds.release(connection)
      return { answer, isFresh, askedAt }
    })
  }

  /** A connection of the service account for one job alone; whoever opened it closes it. */
  async session(milliseconds: number): Promise<LdapConnection | Lost> {
    const connection = await within(this.#connectService(), milliseconds, (late) => {
      if (!('kind' in late)) late.close('it came too late')
    })
    if ('kind' in connection) this.#judge(connection, performance.now())
    return connection
  }

  close(): void {
    this.#isClosed = true
    this.breaker.close()
    this.#drop(lost('closed', 'this directory profile is no longer used'))
  }

  async #ask<Answer>(
    milliseconds: number,
    question: (left: () => number) => Promise<Attempt<Answer>>,
  ): Promise<Answer | Lost> {
    const begun = performance.now()
    const left = (): number => begun + milliseconds - performance.now()
    for (let attempt = 1; ; attempt++) {
      if (this.#isClosed) return lost('closed', 'this directory profile is no longer used')
      const { answer, isFresh, askedAt } = await question(left)
      if (!isLost(answer)) {
        this.#slow = 0
        return answer
      }
      const isTired = answer.cause === 'dropped' && !isFresh && this.breaker.state === 'closed'
      if (!isTired || attempt === TRIES || left() <= 0) {
        this.#judge(answer, askedAt)
        return answer
      }
    }
  }

  /** Opens the breaker for what shows that the server is not well. */
  #judge(why: Lost, askedAt: number): void {
    if (this.#isClosed || NO_OUTAGE.has(why.cause)) return
    // One slow question is no outage while others are answered.
    if (why.cause === 'deadline' && this.#heardAt > askedAt && ++this.#slow < SLOW_IN_A_ROW) return
    if (this.breaker.state !== 'closed') return
    this.breaker.open(why)
    this.#drop(why)
  }

  #drop(why: Lost): void {
    this.#slow = 0
    const service = this.#service
    this.#service = undefined
    void service?.then((connection) => 'kind' in connection || connection.close(why.why))
    this.#binds.drop(why)
  }

  #heard(connection: LdapConnection): void {
    this.#heardAt = Math.max(this.#heardAt, connection.heardAt)
  }

  #open(): Promise<LdapConnection | Lost> {
    if (this.#service !== undefined) return this.#service
    const opening = this.#connectService().then((connection) => {
      if ('kind' in connection) this.#forget(opening)
      else if (this.#isClosed) connection.close('this directory profile is no longer used')
      else if (!connection.isOpen) this.#forget(opening)
      else connection.ended = () => this.#forget(opening)
      return connection
    })
    this.#service = opening
    return opening
  }

  #forget(service: Promise<LdapConnection | Lost>): void {
    if (this.#service === service) this.#service = undefined
  }

  #connect(): Promise<LdapConnection | Lost> {
    return openConnection(this.address, this.#settings, this.#settings.connectMilliseconds)
  }

  async #connectService(): Promise<LdapConnection | Lost> {
    const { service, connectMilliseconds } = this.#settings
    const end = performance.now() + connectMilliseconds
    const connection = await this.#connect()
    if ('kind' in connection || service === undefined) return connection
    const bound = await connection.bind(service.dn, service.password, end - performance.now())
    if (bound.kind === 'lost') return bound
    const { code, message } = bound.result
    if (code === RESULT.success) return connection
    connection.close('the service account was refused')
    const said = message === '' ? '' : `: ${message}`
    const cure = serviceBindProblem({ code, message }, service.dn) ?? cureFor(code)
    const why = cure === undefined ? '' : ` (${cure})`
    const refused = `bind of ${service.dn} was refused with ${resultName(code)}${said}${why}`
    return lost(SAYS_NOTHING_OF_THE_ACCOUNT.has(code) ? 'unreachable' : 'service-account', refused)
  }

  /** A whole way through: what a login needs is there again. The connection is kept for the searches that come. */
  async #probe(): Promise<Lost | undefined> {
    const service = await this.#open()
    if ('kind' in service) return service
    const question = { base: '', scope: 'base', filter: '(objectClass=*)', attributes: ['1.1'] } as const
    const limits = { sizeLimit: 1, timeLimitSeconds: 0 }
    const answer = await service.search({ ...question, ...limits }, 1, this.#settings.connectMilliseconds)
    this.#heard(service)
    if (answer.kind !== 'lost') return undefined
    service.close('it does not answer')
    return answer
  }
}

/** Refusals of a bind that another account would get as well. */
const SAYS_NOTHING_OF_THE_ACCOUNT: ReadonlySet<number> = new Set([
  RESULT.busy,
  RESULT.unavailable,
  RESULT.strongerAuthRequired,
  RESULT.confidentialityRequired,
])

export function isLost(answer: unknown): answer is Lost {
  return typeof answer === 'object' && answer !== null && 'kind' in answer && answer.kind === 'lost'
}

/** Waits no longer than that; what comes `late` is handed over for its end. */
export async function within<T>(
  answer: Promise<T>,
  milliseconds: number,
  late?: (answer: T) => void,
): Promise<T | Lost> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<Lost>((resolve) => {
    timer = setTimeout(
      () => resolve(lost('deadline', `no connection within ${Math.round(milliseconds)} ms`)),
      Math.max(1, milliseconds),
    )
  })
  try {
    const first = await Promise.race([answer, deadline])
    if (late !== undefined && isLost(first) && first.cause === 'deadline') void answer.then(late)
    return first
  } finally {
    clearTimeout(timer)
  }
}
