import { ACME } from './acme.ts'
import { CERTIFICATE } from './certificate.ts'
import type { ReasonDefinition, ValuesOf } from './code-table.ts'
import { DIRECTORY_SYNC } from './directory-sync.ts'
import { DYNAMIC_AUTHORIZATION } from './dynamic-authorization.ts'
import { EAP } from './eap.ts'
import { ENROLMENT } from './enrolment.ts'
import { EST } from './est.ts'
import { GRANTS } from './grants.ts'
import { IDENTITY } from './identity.ts'
import { POLICY } from './policy.ts'
import { PROFILE } from './profile.ts'
import { PROXY } from './proxy.ts'
import { SCEP } from './scep.ts'
import { SERVICE } from './service.ts'
import { SILENCE } from './silence.ts'
import { TLS_ALERT_REASONS } from './tls-alerts.ts'
import { TRANSPORT } from './transport.ts'
import { WINDOWS } from './windows.ts'

/** Every reason code of the product with the typed values it carries. */
export const REASONS = {
  ...POLICY,
  ...TRANSPORT,
  ...SILENCE,
  ...IDENTITY,
  ...EAP,
  ...TLS_ALERT_REASONS,
  ...CERTIFICATE,
  ...ACME,
  ...DYNAMIC_AUTHORIZATION,
  ...GRANTS,
  ...PROXY,
  ...DIRECTORY_SYNC,
  ...ENROLMENT,
  ...EST,
  ...SCEP,
  ...PROFILE,
  ...WINDOWS,
  ...SERVICE,
} as const satisfies Record<string, ReasonDefinition>

export type ReasonCode = keyof typeof REASONS
export type ReasonValues<Code extends ReasonCode> = ValuesOf<(typeof REASONS)[Code]['values']>

/** Why something came out as it did: plain data, small enough for every receipt. */
export type Reason = { [Code in ReasonCode]: ReasonOf<Code> }[ReasonCode]

export interface ReasonOf<Code extends ReasonCode> {
  readonly code: Code
  readonly values: ReasonValues<Code>
}

export const REASON_CODES = Object.keys(REASONS) as readonly ReasonCode[] // keys of the literal above

export function isReasonCode(text: string): text is ReasonCode {
  return Object.hasOwn(REASONS, text)
}

export function reason<Code extends ReasonCode>(code: Code, values: ReasonValues<Code>): ReasonOf<Code> {
  return { code, values }
}

/** The definition, without the literal types of one code. */
export function definitionOf(code: ReasonCode): ReasonDefinition {
  return REASONS[code]
}
