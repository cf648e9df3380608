import type { Selectable } from 'kysely'
import { storable } from '../kernel/storable.ts'
import type { Reason } from '../reasons/index.ts'
import type { GrantActionTable } from '../store/schema.ts'
import type { Grant, GrantAction } from './grant-kind.ts'

export type GrantActionState = GrantActionTable['state']

/** An entry of the outbox, open or closed. Times are milliseconds since the epoch. */
export interface GrantActionRecord {
  readonly id: number
  readonly kind: string
  readonly grantId: string
  readonly subject: string | null
  readonly lane: string
  readonly decisionId: string | null
  /** `undecided`: the facts could not be had yet. */
  readonly action: GrantAction | 'undecided'
  readonly state: GrantActionState
  readonly reason: Reason
  readonly changes: readonly string[]
  readonly cause: string
  readonly askedBy: string
  readonly configVersion: number
  readonly attempts: number
  readonly nextAt: number
  readonly acknowledgedAt: number | null
  readonly result: Reason | null
  readonly createdAt: number
  readonly updatedAt: number
}

/** What intake hands to the outbox. */
export interface NewGrantAction {
  readonly kind: string
  readonly grant: Pick<Grant, 'id' | 'subject' | 'lane' | 'decisionId'>
  readonly action: GrantAction | 'undecided'
  /** `left` is closed from the start: told, and nothing done. */
  readonly state: 'waiting' | 'left'
  readonly reason: Reason
  readonly changes: readonly string[]
  readonly cause: string
  readonly askedBy: string
  readonly configVersion: number
  readonly at: number
  /** Left out where an action on the grant failed since: a sweep must not repeat it all the time. */
  readonly unlessFailedSince?: number
}

export function recordOf(row: Selectable<GrantActionTable>): GrantActionRecord {
  return {
    id: row.id,
    kind: row.kind,
    grantId: row.grant_id,
    subject: row.subject,
    lane: row.lane,
    decisionId: row.decision_id,
    action: row.action,
    state: row.state,
    // The three JSON columns are written by GrantStore alone.
    reason: JSON.parse(row.reason) as Reason,
    changes: JSON.parse(row.changes) as string[],
    cause: row.cause,
    askedBy: row.asked_by,
    configVersion: row.config_version,
    attempts: row.attempts,
    nextAt: row.next_at,
    acknowledgedAt: row.acknowledged_at,
    result: row.result === null ? null : (JSON.parse(row.result) as Reason),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

export function subjectKey(name: string): string {
  return storable(name).normalize('NFC').toLowerCase()
}
