import type { IssuedFile } from '../enrolment/issued/issued-certificates.ts'
import { IssuedProjection } from '../enrolment/issued/issued-projection.ts'
import { IssuedRecords } from '../enrolment/issued/issued-records.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/logging.ts'
import type { Database } from '../store/database.ts'
import type { ProjectionMarks } from '../store/projection-mark.ts'

/** Whoever logs in before is looked up in the database itself. */
const PACE_MILLISECONDS = 5_000

/** What RADIUS workers tell issued certificates by: the file they read, and the records where that does not know. */
export class IssuedCertificateFile {
  readonly file: IssuedFile
  readonly records: IssuedRecords
  readonly #projection: IssuedProjection | undefined
  readonly #log: Logger
  #timer: NodeJS.Timeout | undefined
  #failed = false
  #isClosed = false

  private constructor(
    database: Database,
    file: IssuedFile,
    log: Logger,
    projection: IssuedProjection | undefined,
  ) {
    this.file = file
    this.records = new IssuedRecords(database.kysely, (row) => projection?.remember(row))
    this.#projection = projection
    this.#log = log
    if (projection !== undefined) void this.#follow(projection)
  }

  /** @param path of the projection, where the database is not a file that can be read here */
  static async open(parts: {
    readonly database: Database
    readonly marks: ProjectionMarks
    readonly path: string
    readonly clock: Clock
    readonly log: Logger
  }): Promise<IssuedCertificateFile> {
    const { database, marks, path, clock, log } = parts
    const { readableFile } = database.capabilities
    if (readableFile !== undefined) {
      return new IssuedCertificateFile(database, { path: readableFile, holds: 'records' }, log, undefined)
    }
    const projection = new IssuedProjection({
      ...{ source: database, marks, file: path, clock },
      wentBack: () =>
        log.warn('The database is older than the file of issued certificates: the file is made anew.'),
    })
    // A restored backup must be noticed before the first login. The copy itself nobody has to wait for.
    await projection.check()
    return new IssuedCertificateFile(database, { path, holds: 'fingerprints' }, log, projection)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#projection?.close()
  }

  async #follow(projection: IssuedProjection): Promise<void> {
    try {
      await projection.refresh()
      this.#failed = false
    } catch (error) {
      if (!this.#failed)
        this.#log.warn({ err: error }, 'Issued certificates could not be copied; trying again.')
      this.#failed = true
    }
    if (this.#isClosed) return
    this.#timer = setTimeout(() => void this.#follow(projection), PACE_MILLISECONDS).unref()
  }
}
