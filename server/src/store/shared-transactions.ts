import { type Kysely, sql, type Transaction } from 'kysely'
import { BatchCommit } from './batch-commit.ts'
import type { Schema } from './schema.ts'

/** The database is theirs alone until the commit: a tenth of a second at most. */
const MOST_TOGETHER = 100

/**
 * Transactions that share a commit, and so a sync: what is asked for while one commits goes together into the next, each
 * part behind a savepoint of its own. To the caller it is a transaction of its own: `run` resolves after the commit is on
 * disk, and a part that throws leaves nothing behind and harms no other.
 */
export class SharedTransactions {
  readonly #commits: BatchCommit<Part<unknown>>

  constructor(db: Kysely<Schema>) {
    const writer = {
      write: (parts: readonly Part<unknown>[]) => writeTogether(db, parts),
      // A part that fails is taken back alone: what fails beyond that is the database's.
      isRowFault: () => false,
    }
    this.#commits = new BatchCommit(writer, MOST_TOGETHER)
  }

  /**
   * @param work must not wait for another `run`, which would be waiting for this one
   * @throws what `work` throws, and what `BatchCommit.write` does
   */
  async run<Result>(work: (transaction: Transaction<Schema>) => Promise<Result>): Promise<Result> {
    const part = new Part(work)
    await this.#commits.write(part)
    return part.result
  }

  /** Commits what waits; later ones are refused. */
  async close(): Promise<void> {
    await this.#commits.close()
  }
}

async function writeTogether(db: Kysely<Schema>, parts: readonly Part<unknown>[]): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    for (const part of parts) {
      await sql`savepoint part`.execute(transaction)
      if (!(await part.isDone(transaction))) await sql`rollback to savepoint part`.execute(transaction)
      await sql`release savepoint part`.execute(transaction)
    }
  })
}

class Part<Result> {
  readonly #work: (transaction: Transaction<Schema>) => Promise<Result>
  #outcome: PromiseSettledResult<Result> | undefined

  constructor(work: (transaction: Transaction<Schema>) => Promise<Result>) {
    this.#work = work
  }

  async isDone(transaction: Transaction<Schema>): Promise<boolean> {
    const [outcome] = await Promise.allSettled([this.#work(transaction)])
    this.#outcome = outcome
    return outcome.status === 'fulfilled'
  }

  /** Of what is committed. */
  get result(): Result {
    if (this.#outcome?.status === 'fulfilled') return this.#outcome.value
    throw this.#outcome?.reason
  }
}
