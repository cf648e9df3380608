/** How far a client got before it gave up; decides what the server must have seen of it. */
export type Stage =
  /** No answer from the gateway at all. */
  | 'reach'
  /** Something on the client itself. */
  | 'client'
  /** IKE or IPsec below L2TP: suites, keys, names, before anybody is asked who it is. */
  | 'negotiation'
  /** The client does not believe the gateway or the RADIUS server. */
  | 'server-certificate'
  /** The client's own certificate. */
  | 'client-certificate'
  /** Who it is: the gateway asks this server. */
  | 'authentication'
  /** After the accept: address, encryption, attributes. */
  | 'after-accept'

export interface Cause {
  readonly cause: string
  readonly cure: string
}

/** What a client shows when a connection fails. */
export interface ClientError {
  /** As shown: `809`, `0x80420014`, `NO_PROPOSAL_CHOSEN`. */
  readonly code: string
  readonly system: 'Windows' | 'IKEv2'
  readonly stage: Stage
  readonly meaning: string
  /** The most usual first. */
  readonly causes: readonly Cause[]
  /** documented = the vendor says so; experience = from the field, may be wrong. */
  readonly certainty: 'documented' | 'experience'
}

type Row = (
  stage: Stage,
  /** Separated by blanks. */
  codes: string,
  meaning: string,
  causes: readonly (readonly [cause: string, cure: string])[],
) => readonly ClientError[]

/** Makes rows of a table of codes. */
export function rowsOf(
  system: ClientError['system'],
  certainty: ClientError['certainty'] = 'documented',
): Row {
  return (stage, codes, meaning, causes) =>
    codes.split(' ').map((code) => ({
      ...{ code, system, stage, meaning, certainty },
      causes: causes.map(([cause, cure]) => ({ cause, cure })),
    }))
}
