import { type Reason, type ReasonCode, type ReasonValues, reason, render } from '../../reasons/index.ts'

/** Error types of RFC 8555 section 6.7, RFC 9773 section 7.4 and the draft of device-attest-01, with the usual HTTP status. */
const STATUSES = {
  accountDoesNotExist: 400,
  alreadyReplaced: 409,
  alreadyRevoked: 400,
  badAttestationStatement: 400,
  badCSR: 400,
  badNonce: 400,
  badPublicKey: 400,
  badRevocationReason: 400,
  badSignatureAlgorithm: 400,
  caa: 403,
  compound: 400,
  connection: 400,
  dns: 400,
  externalAccountRequired: 403,
  incorrectResponse: 403,
  invalidContact: 400,
  malformed: 400,
  orderNotReady: 403,
  rateLimited: 429,
  rejectedIdentifier: 400,
  serverInternal: 500,
  tls: 400,
  unauthorized: 403,
  unsupportedContact: 400,
  unsupportedIdentifier: 400,
  userActionRequired: 403,
} as const

export type ProblemType = keyof typeof STATUSES

/** An identifier of RFC 8555 section 9.7.7, RFC 8738, and of device-attest-01. */
export interface Identifier {
  readonly type: 'dns' | 'ip' | 'permanent-identifier'
  /** A dns name without `*.`, lower case; an address in its shortest form; what the maker calls a device. */
  readonly value: string
}

/** What a client is told (RFC 9457), and the log: the reason in full stays with us, its sentence goes out. */
export interface Problem {
  readonly type: ProblemType
  readonly status: number
  readonly reason: Reason
  readonly algorithms?: readonly string[]
  readonly identifier?: Identifier
  readonly subproblems?: readonly Problem[]
  /** Where the account is whose key this already is (RFC 8555 section 7.3.5). */
  readonly location?: string
  readonly retryAfterSeconds?: number
}

export function problem<Code extends ReasonCode>(
  type: ProblemType,
  code: Code,
  values: ReasonValues<Code>,
  more: Partial<Omit<Problem, 'type' | 'reason'>> = {},
): Problem {
  // The table of codes types the values; the union of all reasons cannot see that through a type parameter.
  return { type, status: STATUSES[type], reason: reason(code, values) as unknown as Reason, ...more }
}

export function problemOf(type: ProblemType, cause: Reason): Problem {
  return { type, status: STATUSES[type], reason: cause }
}

/** As it stands in an answer, in an order and in a challenge. */
export function problemDocument(found: Problem): Readonly<Record<string, unknown>> {
  const { type, status, identifier, algorithms, subproblems } = found
  return {
    type: `urn:ietf:params:acme:error:${type}`,
    detail: render(found.reason, 'en').sentence,
    status,
    ...(identifier === undefined ? {} : { identifier }),
    ...(algorithms === undefined ? {} : { algorithms }),
    ...(subproblems === undefined ? {} : { subproblems: subproblems.map(problemDocument) }),
  }
}
