import { hash } from 'node:crypto'
import type { Kysely, Selectable, Transaction } from 'kysely'
import type { Database } from '../store/database.ts'
import type { AuditTable, Schema } from '../store/schema.ts'
import { withoutSecrets } from './without-secrets.ts'

/** Who changed what, when, from where. */
export interface AuditEntry {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Name of the administrator, or `system`. */
  readonly actor: string
  /** `config.apply`, `PATCH /api/v1/users/:name`. */
  readonly action: string
  readonly target?: string | undefined
  readonly outcome: 'done' | 'refused'
  /** Address of the caller. */
  readonly origin?: string | undefined
  /** JSON-like; secrets are left out before it is stored. */
  readonly details?: Readonly<Record<string, unknown>> | undefined
}

export type StoredAuditEntry = AuditEntry & { readonly id: number }

export type AuditVerdict =
  | { readonly kind: 'intact'; readonly entries: number }
  /** The first row that does not follow from the one before it: it, or one right before it, was changed or removed. */
  | { readonly kind: 'broken'; readonly id: number }
  /** The rows that are there are right, but the last ones are gone. */
  | { readonly kind: 'cut-off'; readonly entries: number; readonly expected: number }

type AuditRow = Selectable<AuditTable>

/** The counter that orders writers, in `revisions`. */
const COUNTER = 'audit'
const PAGE = 500
const START = ''

/**
 * The administrators' trail. Every row carries a hash over itself and the row before: who changes or removes a row
 * afterwards has to rewrite all that follow. The database's owner can still do that; a copy of `head()` kept elsewhere
 * shows it.
 */
export class AuditStore {
  readonly #kysely: Kysely<Schema>

  constructor(database: Database) {
    this.#kysely = database.kysely
  }

  async record(entry: AuditEntry): Promise<void> {
    const { at, actor, action, target = null, outcome, origin = null, details = {} } = entry
    const row = {
      at,
      actor,
      action,
      target,
      outcome,
      origin,
      details: JSON.stringify(details, withoutSecrets),
    }
    await this.#kysely.transaction().execute(async (transaction) => {
      // First the counter: its row lock keeps the chains of several nodes from forking.
      await nextNumber(transaction)
      const chain = link(await headOf(transaction), row)
      await transaction
        .insertInto('audit')
        .values({ ...row, chain })
        .execute()
    })
  }

  /** Newest first. */
  async list(page: { limit?: number; before?: number } = {}): Promise<readonly StoredAuditEntry[]> {
    let select = this.#kysely.selectFrom('audit').selectAll()
    if (page.before !== undefined) select = select.where('id', '<', page.before)
    const rows = await select
      .orderBy('id', 'desc')
      .limit(Math.min(page.limit ?? 50, PAGE))
      .execute()
    return rows.map(({ id, at, actor, action, target, outcome, origin, details }) => ({
      id,
      at,
      actor,
      action,
      target: target ?? undefined,
      outcome,
      origin: origin ?? undefined,
      details: JSON.parse(details) as Record<string, unknown>, // written by record()
    }))
  }

  /** The chain value of the newest row; empty before the first. */
  head(): Promise<string> {
    return headOf(this.#kysely)
  }

  /** Reads the whole trail and checks every link. */
  async verify(): Promise<AuditVerdict> {
    const expected = await this.#kysely
      .selectFrom('revisions')
      .select('value')
      .where('name', '=', COUNTER)
      .executeTakeFirst()
    let chain = START
    let entries = 0
    let after = 0
    for (;;) {
      const rows = await this.#kysely
        .selectFrom('audit')
        .selectAll()
        .where('id', '>', after)
        .orderBy('id')
        .limit(PAGE)
        .execute()
      for (const row of rows) {
        if (row.chain !== link(chain, row)) return { kind: 'broken', id: row.id }
        chain = row.chain
        after = row.id
        entries++
      }
      if (rows.length < PAGE) break
    }
    const wanted = expected?.value ?? 0
    return entries < wanted ? { kind: 'cut-off', entries, expected: wanted } : { kind: 'intact', entries }
  }
}

async function nextNumber(transaction: Transaction<Schema>): Promise<void> {
  await transaction
    .insertInto('revisions')
    .values({ name: COUNTER, value: 1 })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((column) => ({ value: column('revisions.value', '+', 1) })),
    )
    .execute()
}

async function headOf(kysely: Kysely<Schema>): Promise<string> {
  const row = await kysely
    .selectFrom('audit')
    .select('chain')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.chain ?? START
}

/** SHA-256 over the chain so far and the row; a JSON list, so that no value can run into the next. */
function link(before: string, row: Omit<AuditRow, 'id' | 'chain'>): string {
  const { at, actor, action, target, outcome, origin, details } = row
  return hash('sha256', JSON.stringify([before, at, actor, action, target, outcome, origin, details]))
}
