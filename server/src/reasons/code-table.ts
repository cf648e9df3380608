/**
 * The shape of the reason table: what an outcome is, and which typed values its sentence needs. A code is stable and
 * public (logs, receipts, API, help pages); the sentences live in `catalogue/`, one file per language.
 */
export interface ReasonDefinition {
  readonly area: ReasonArea
  /** What the peer gets: an accept, a reject, silence, or - for API callers - an error status; `notice`: nobody asked. */
  readonly outcome: 'accept' | 'reject' | 'drop' | 'error' | 'notice'
  readonly values: Readonly<Record<string, ValueType>>
  /** Status the HTTPS API answers with, where it uses the code. */
  readonly http?: number
}

export const REASON_AREAS = [
  'accept',
  'transport',
  'identity',
  'eap',
  'tls',
  'certificate',
  'enrolment',
  'policy',
  'session',
  'grant',
  'proxy',
  'service',
  'api',
] as const

export type ReasonArea = (typeof REASON_AREAS)[number]

interface ValueKinds {
  text: string
  number: number
  texts: readonly string[]
  /** ISO 8601. */
  instant: string
}

/** A trailing `?` marks a value that may be missing; the part of the sentence that needs it is then left out. */
export type ValueType = keyof ValueKinds | `${keyof ValueKinds}?`

/** `{ user: 'text', failures: 'number?' }` -> `{ user: string; failures?: number }`. */
export type ValuesOf<Types> = {
  readonly [Name in keyof Types as Types[Name] extends keyof ValueKinds
    ? Name
    : never]: Types[Name] extends keyof ValueKinds ? ValueKinds[Types[Name]] : never
} & {
  readonly [Name in keyof Types as Types[Name] extends `${string}?`
    ? Name
    : never]?: Types[Name] extends `${infer Kind extends keyof ValueKinds}?`
    ? ValueKinds[Kind] | undefined
    : never
}
