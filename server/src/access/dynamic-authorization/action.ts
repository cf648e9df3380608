import type { Attribute } from '@sallyport/radius'
import type { SessionAction } from '../../config/schema.ts'
import type { Reason } from '../../reasons/index.ts'

/** `change` gives the session the attributes of a profile; the others are kinds every device knows or does not. */
export type DynamicAction = SessionAction | 'change'

/** Who wants it: kept with the action. */
export interface AskedBy {
  readonly by: 'admin' | 'policy' | 'grants' | 'relay'
  /** The administrator, the rule or fact, the RADIUS client that sent it. */
  readonly name?: string
}

export interface ActionRequest {
  /** `id` of the session directory. */
  readonly sessionId: string
  readonly action: DynamicAction
  /** Of a change: the authorization profile whose attributes the session gets. */
  readonly profile?: string
  /** Of a change: attributes as a trusted sender gave them, in place of a profile. */
  readonly attributes?: readonly Attribute[]
  readonly askedBy: AskedBy
}

export interface ActionResult {
  /**
   * `acknowledged`: the device says it is done. `refused`: it says no, `errorCause` may say why. `no-answer`: it may or
   * may not have happened. `unsupported`: nothing was sent, and trying again will not help before something changes.
   */
  readonly outcome: 'acknowledged' | 'refused' | 'no-answer' | 'unsupported'
  /** Error-Cause (RFC 5176 section 3.5) by name, or `Error-Cause-N`. */
  readonly errorCause?: string
  /** Present unless acknowledged. */
  readonly reason?: Reason
  /** Number in the list of past actions; absent where there is no such session. */
  readonly id?: number
}

/** What other parts of the house ask for CoA and Disconnect. */
export interface SessionControl {
  /** Rejects only where the outcome could not be kept; everything a device can do is a result. */
  act(request: ActionRequest): Promise<ActionResult>
}
