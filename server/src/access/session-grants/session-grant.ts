import type { Grant } from '../../grants/grant-kind.ts'
import type { Receipt } from '../../journal/index.ts'

/** A live session, and the receipt of the login that opened it. */
export interface SessionGrant extends Grant {
  /** User-Name as accounting reports it. */
  readonly userName: string | undefined
  readonly callingStationId: string | undefined
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  /** Absent where it was deleted, has not been written yet, or the client does not send Class back. */
  readonly receipt: Receipt | undefined
}
