import { ErrorCauseValue } from '@sallyport/radius/attributes'
import type { ReasonCode } from '../../../reasons/index.ts'
import type { ActionResult } from '../action.ts'

/** To the sender: done, or not and why (RFC 5176 section 3.5); a NAK need not say why. */
export type RelayedAnswer =
  | { readonly isDone: true }
  | { readonly isDone: false; readonly errorCause?: number }

/** Why we did not even ask the device, in the words a sender understands. */
const CAUSES: Readonly<Partial<Record<ReasonCode, number>>> = {
  'session-unknown': ErrorCauseValue['Session-Context-Not-Found'],
  'session-ended': ErrorCauseValue['Session-Context-Not-Found'],
  'session-not-nameable': ErrorCauseValue['Proxy-Request-Not-Routable'],
  'dynamic-authorization-client-gone': ErrorCauseValue['Proxy-Request-Not-Routable'],
  'dynamic-authorization-no-address': ErrorCauseValue['Proxy-Request-Not-Routable'],
  'dynamic-authorization-disabled': ErrorCauseValue['Administratively-Prohibited'],
  'dynamic-authorization-unsupported': ErrorCauseValue['Unsupported-Service'],
  'dynamic-authorization-unbuildable': ErrorCauseValue['Invalid-Request'],
  overloaded: ErrorCauseValue['Resources-Unavailable'],
}

/** Of several sessions the first that was not told decides: a sender must not take a part for the whole. */
export function relayedAnswer(results: readonly ActionResult[]): RelayedAnswer {
  const failed = results.find(({ outcome }) => outcome !== 'acknowledged')
  if (failed === undefined) return { isDone: true }
  const errorCause = causeOf(failed)
  return errorCause === undefined ? { isDone: false } : { isDone: false, errorCause }
}

function causeOf({ outcome, errorCause, reason }: ActionResult): number | undefined {
  if (outcome === 'refused') return errorCause === undefined ? undefined : numberOf(errorCause)
  if (outcome === 'no-answer' || reason === undefined) return ErrorCauseValue['Proxy-Processing-Error']
  return CAUSES[reason.code] ?? ErrorCauseValue['Proxy-Processing-Error']
}

function numberOf(name: string): number | undefined {
  const known = Object.entries(ErrorCauseValue).find(([each]) => each === name)?.[1]
  const unknown = /^Error-Cause-(\d+)$/.exec(name)?.[1]
  return known ?? (unknown === undefined ? undefined : Number(unknown))
}
