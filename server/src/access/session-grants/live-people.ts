import { receiptOf } from '../../journal/index.ts'
import type { Database } from '../../store/database.ts'

/** Somebody with a live session, by the receipt of the login that opened it. */
export interface LivePerson {
  /** What grants are found by. */
  readonly subject: string
  /** Of the account. Without a receipt: User-Name as accounting tells it. */
  readonly name: string
  /** Absent where no receipt tells. */
  readonly source: string | undefined
  readonly groups: readonly string[]
}

/** More sessions than this are not kept in mind one by one. */
const MOST_SESSIONS = 50_000
const RECEIPTS_AT_A_TIME = 50

/** Who is connected, in memory: a receipt is read once, however often it is asked. */
export class LivePeople {
  readonly #database: Database
  #byReceipt = new Map<string, LivePerson | undefined>()

  constructor(database: Database) {
    this.#database = database
  }

  /** undefined: too many. */
  async all(): Promise<readonly LivePerson[] | undefined> {
    const sessions = await this.#database.kysely
      .selectFrom('sessions')
      .select(['user_name', 'decision_id'])
      .where('state', '=', 'live')
      .limit(MOST_SESSIONS + 1)
      .execute()
    if (sessions.length > MOST_SESSIONS) {
      this.#byReceipt.clear()
      return undefined
    }
    const ids = [...new Set(sessions.flatMap(({ decision_id: id }) => id ?? []))]
    const people = new Map(
      ids.flatMap((id) => (this.#byReceipt.has(id) ? [[id, this.#byReceipt.get(id)]] : [])),
    )
    await this.#receipts(
      ids.filter((id) => !people.has(id)),
      people,
    )
    this.#byReceipt = people
    const plain = sessions.flatMap(({ user_name: name, decision_id: id }): LivePerson[] =>
      name === null || (id !== null && people.has(id))
        ? []
        : [{ subject: name, name, source: undefined, groups: [] }],
    )
    return [...[...people.values()].filter((person) => person !== undefined), ...plain]
  }

  /** One that is not written yet is looked for again. */
  async #receipts(ids: readonly string[], people: Map<string, LivePerson | undefined>): Promise<void> {
    for (let at = 0; at < ids.length; at += RECEIPTS_AT_A_TIME) {
      const rows = await this.#database.kysely
        .selectFrom('receipts')
        .select(['id', 'body'])
        .where('id', 'in', ids.slice(at, at + RECEIPTS_AT_A_TIME))
        .execute()
      for (const { id, body } of rows) people.set(id, personOf(body))
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

function personOf(body: string): LivePerson | undefined {
  const { user: subject, facts } = receiptOf(body)
  const { user } = facts
  if (user === undefined) return undefined
  const { name = subject, source, groups = [] } = user
  return name === undefined ? undefined : { subject: subject ?? name, name, source, groups }
}
