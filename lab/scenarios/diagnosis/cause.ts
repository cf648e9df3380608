/** A cause is what somebody did wrong; the lab makes it happen and asks the server, as an administrator would, what it was. */
import type { DiagnosisHouse } from './house.ts'

/** What the administrator knows when the telephone rings. */
export type Clue =
  | {
      readonly by: 'user' | 'client' | 'station'
      readonly value: string
      /** So many were made; the last one is asked about. Absent: 1. */
      readonly decisions?: number
    }
  /** There never was a login: look at what was dropped. */
  | { readonly by: 'drop'; readonly sender: string }

export interface Cause {
  readonly name: string
  /** The reason code that follows from the cause. */
  readonly code: string
  /** Words of this run that the sentence must hold. */
  readonly says: readonly string[]
  /** The evidence does not decide between two causes, and the sentence must say so. */
  readonly ambiguous?: boolean
  /** Takes seconds: begun when the house opens, beside the others. */
  readonly slow?: boolean
  /** Named alike in causes that are easily taken for each other: their codes differ, or they are called ambiguous. */
  readonly twin?: string
  happen(house: DiagnosisHouse): Promise<Clue>
}

export interface Finding {
  readonly reason: string
  readonly sentence: string
  readonly nextStep: string
}
