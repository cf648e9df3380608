import type { AttributeByName, Facts, PartialFacts, ShadowOutcome } from '../policy/index.ts'
import type { Reason } from '../reasons/index.ts'

/**
 * The stored record of one request: what was known, what came out, how long it took. Plain data without any secret; how
 * the decision came about is not stored but recomputed from the facts when somebody asks.
 */
export interface Receipt {
  /** From `ReceiptIds`: sorts by time, names the decision in Class. */
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Version of the configuration the decision was made with. */
  readonly configVersion: number
  readonly outcome: 'accept' | 'reject' | 'drop'
  readonly reason: Reason
  readonly network: NetworkOrigin
  /** The name that was proved, else the name that was asked for; absent where none was given. */
  readonly user?: string | undefined
  /** Outer and inner method, as far as the login got. */
  readonly method?: string | undefined
  readonly inner?: string | undefined
  /** What was known in the end. Whole where `decided`, else what had been found out when the login failed. */
  readonly facts: PartialFacts
  /** True where the rules were asked: `facts` are the whole facts of that decision. */
  readonly decided: boolean
  /** Where each part of the facts came from. */
  readonly origins?: Readonly<Partial<Record<keyof Facts, FactOrigin>>> | undefined
  readonly rule?: string | undefined
  readonly profiles?: readonly string[] | undefined
  readonly shadow?: readonly ShadowOutcome[] | undefined
  /** Attributes of the reply in text form, secret ones left out. */
  readonly reply?: readonly AttributeByName[] | undefined
  readonly eap?: EapSummary | undefined
  readonly proxy?: ProxySummary | undefined
  /** Microseconds by step (`verify`, `authenticate`, `decide`, `reply` ...). */
  readonly timings?: Readonly<Record<string, number>> | undefined
}

export interface NetworkOrigin {
  /** Friendly name of the RADIUS client. */
  readonly client: string
  readonly address: string
  readonly port: number
  /** Identifier of the RADIUS packet that was answered last. */
  readonly packetId: number
}

export interface FactOrigin {
  /** The identity source, `request`, `certificate`, `clock` ... */
  readonly source: string
  /** How old the fact was when it was used; absent where it was asked for at that moment. */
  readonly ageMilliseconds?: number
}

/** A login that another RADIUS server checked. */
export interface ProxySummary {
  readonly group: string
  /** Who answered. */
  readonly upstream: string
  /** Requests passed on, and datagrams it took. */
  readonly rounds: number
  readonly attempts: number
  /** From the first request to the last answer. */
  readonly milliseconds: number
}

/** One EAP conversation in a few numbers. */
export interface EapSummary {
  readonly method?: string | undefined
  readonly inner?: string | undefined
  /** Requests we sent. */
  readonly rounds: number
  /** Octets of EAP both ways. */
  readonly octets?: number | undefined
  readonly milliseconds?: number | undefined
  readonly tlsVersion?: string | undefined
  readonly cipher?: string | undefined
  readonly resumed?: boolean | undefined
  /** The supplicant was told that it is refused, and had not answered to it when this was written. */
  readonly unanswered?: boolean | undefined
  /** Name of the server certificate the supplicant was to be shown. */
  readonly serverCertificate?: string | undefined
}
