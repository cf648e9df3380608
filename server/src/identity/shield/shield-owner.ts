import type { ShieldPolicy } from './shield-policy.ts'

/** One attempt to prove a password of one account. */
export interface ShieldAttempt {
  /** Id of the account: one record for all sources that reach it. */
  readonly account: string
  readonly user: string
  readonly source: string
  /** The device. */
  readonly station: string
  /** Name of the RADIUS client it came through last. */
  readonly client?: string
  /** Keyed digest of a password that was seen; absent: an MS-CHAP answer, which cannot be compared. */
  readonly secret?: string
  /** Of the account; changes when its password does. */
  readonly stamp?: string
  readonly policy: ShieldPolicy
  /** Its look-up was kept for moments only, and serves where nothing at all is held against the account. */
  readonly isProvisional?: boolean
}

/** Whether the directory may be asked. */
export type Leave =
  /** To be given back with `settle`. */
  | { readonly kind: 'granted'; readonly number: number }
  /** The directory refused this very password, and the account's password is still the same. */
  | ({ readonly kind: 'known-wrong' } & Stopped)
  /** `station`: this device failed too often; `account`: what is left is kept for other devices. */
  | ({ readonly kind: 'held'; readonly because: 'station' | 'account'; readonly until: number } & Stopped)
  /** Something is held against the account: the directory must be asked for it first. Only where provisional. */
  | { readonly kind: 'look-again' }
  /** Too many attempts at this account wait already. */
  | { readonly kind: 'busy' }

export interface Stopped {
  /** Wrong passwords the directory counts, and how many lock the account. */
  readonly used: number
  readonly threshold: number
  /** Wrong passwords of this device since its last right one. */
  readonly stationFailures: number
  /** The first that is stopped for this account within one window: worth a word in the log. */
  readonly isFirst: boolean
}

/** What came of an attempt; `abandoned`: neither right nor wrong, it counts as nothing. */
export type ShieldResult = 'failed' | 'succeeded' | 'abandoned'

export interface ShieldStanding {
  readonly used: number
  readonly threshold: number
}

/** What administrators see of one account. */
export interface ShieldReport {
  readonly user: string
  readonly source: string
  readonly used: number
  readonly threshold: number
  /** Wrong passwords until the directory locks. */
  readonly left: number
  /** When all of it is over, if nothing more comes: milliseconds since the epoch. */
  readonly until: number
  readonly stations: readonly ShieldedStation[]
}

export interface ShieldedStation {
  readonly station: string
  readonly client?: string
  readonly failures: number
  readonly lastFailureAt?: number
  /** Held back until then; absent: it may try. */
  readonly heldUntil?: number
  /** Attempts that were answered here without asking the directory. */
  readonly stopped: number
  readonly lastStoppedAt?: number
  /** When it last logged in; absent: not since the server started. */
  readonly lastSuccessAt?: number
}

/** The one owner of the counters, as others reach it (all methods async: it lives in another thread). */
export interface ShieldOwner {
  /** Of digests of passwords; new in every process, and never stored. */
  key(): Promise<Uint8Array>
  /** Resolves when the attempts before it that could still change the answer have come to theirs. */
  reserve(attempt: ShieldAttempt): Promise<Leave>
  /** `number` undefined: tried without asking first. */
  settle(attempt: ShieldAttempt, result: ShieldResult, number: number | undefined): Promise<ShieldStanding>
  list(): Promise<readonly ShieldReport[]>
  /** Gives an account of this name, or one device of it, another chance. Returns how many accounts it was. */
  release(user: string, source?: string, station?: string): Promise<number>
}
