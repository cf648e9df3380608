import type { Reason } from '../../reasons/index.ts'

/** `bounce-port` takes the port down and up again: a device that noticed nothing else asks for a new address. */
export type SessionActorAction = 'disconnect' | 'reauthenticate' | 'bounce-port'

/** Who tells a RADIUS client what to do with a session it has. */
export interface SessionActor {
  act(request: {
    /** `id` of the session directory. */
    readonly sessionId: string
    readonly action: SessionActorAction
    /** `name`: the code of the reason. */
    readonly askedBy: { readonly by: 'grants'; readonly name: string }
  }): Promise<SessionActResult>
}

export interface SessionActResult {
  /**
   * `refused`: the client said no. `no-answer`: it may or may not have happened. `unsupported`: nothing was sent, and
   * trying again will not help before something changes.
   */
  readonly outcome: 'acknowledged' | 'refused' | 'no-answer' | 'unsupported'
  /** Error-Cause (RFC 5176 section 3.5) by name. */
  readonly errorCause?: string
  readonly reason?: Reason
}
