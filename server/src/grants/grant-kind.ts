import type { Reason } from '../reasons/index.ts'

/**
 * One kind of grant: something that lives because of a decision - a network session, later an issued certificate or a
 * mail partnership. The core (intake, outbox) knows nothing else about it; a new kind is a new implementation handed in
 * by `main.ts`.
 */
export interface GrantKind<G extends Grant = Grant> {
  /** `session`. Stored with every action: never changes. */
  readonly name: string
  /** Live grants that may rest on the fact, in pages. May list others too: each is decided again before anything is done. */
  list(fact: Fact, page: GrantPageQuery): Promise<GrantPage<G>>
  /** undefined: it lives no more. */
  find(id: string): Promise<G | undefined>
  /** What a login like that one would get now. Never throws for a backend that is down: that is `unknown`. */
  decideAgain(grant: G): Promise<Verdict>
  /** Ends the grant, or makes it be asked for again. */
  carryOut(grant: G, order: GrantOrder): Promise<CarriedOut>
}

/** What a decision rests on. The keys: name of a user or group, serial of a certificate, id of a device. */
export type Fact =
  | { readonly fact: 'user' | 'group' | 'certificate' | 'device'; readonly key: string }
  /** Rules, profiles, realms, trust, time, or more users than are worth looking up one by one. */
  | { readonly fact: 'all' }

export interface GrantPageQuery {
  readonly limit: number
  /** `next` of the page before. */
  readonly after?: string | undefined
}

export interface GrantPage<G extends Grant = Grant> {
  readonly grants: readonly G[]
  /** Absent on the last page. A page may be empty and have a next one. */
  readonly next?: string
}

/** A kind may add what it needs to decide again. */
export interface Grant {
  readonly id: string
  /** The user's name, for people. */
  readonly subject: string | undefined
  /** What the rate is limited by: the RADIUS client. */
  readonly lane: string
  /** Receipt of the decision it rests on. */
  readonly decisionId: string | undefined
}

/** `revoke` ends the grant; `change` has it asked for again, because it would be granted otherwise. */
export type GrantAction = 'revoke' | 'change'

export interface GrantOrder {
  readonly action: GrantAction
  readonly why: Reason
  /** 1 at first: where a gentle way did not help, the next one is plainer. */
  readonly attempt: number
}

export type Verdict =
  | { readonly verdict: 'keep' }
  | {
      readonly verdict: GrantAction
      readonly why: Reason
      /** Old and new values, one line each: `user.groups lost "VPN Users"`. */
      readonly changes: readonly string[]
    }
  /** Cannot be told now: tried again, never taken for yes or no. */
  | { readonly verdict: 'unknown'; readonly why: Reason }
  /** Cannot be told at all: nothing is known of how it was granted. Left alone, and listed. */
  | { readonly verdict: 'undecidable'; readonly why: Reason }

export type CarriedOut =
  /** Whoever holds the grant agreed; whether it ended is looked at later. */
  | { readonly result: 'acknowledged' }
  /** Worth another try. */
  | { readonly result: 'retry'; readonly why: Reason }
  /** No try will help. */
  | { readonly result: 'impossible'; readonly why: Reason }
