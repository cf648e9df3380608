/** LDAP result codes this client meets (RFC 4511 section 4.1.9, names as there). */
export const RESULT = {
  success: 0,
  operationsError: 1,
  protocolError: 2,
  timeLimitExceeded: 3,
  sizeLimitExceeded: 4,
  authMethodNotSupported: 7,
  strongerAuthRequired: 8,
  referral: 10,
  adminLimitExceeded: 11,
  unavailableCriticalExtension: 12,
  confidentialityRequired: 13,
  noSuchAttribute: 16,
  undefinedAttributeType: 17,
  inappropriateMatching: 18,
  constraintViolation: 19,
  invalidAttributeSyntax: 21,
  noSuchObject: 32,
  invalidDNSyntax: 34,
  inappropriateAuthentication: 48,
  invalidCredentials: 49,
  insufficientAccessRights: 50,
  busy: 51,
  unavailable: 52,
  unwillingToPerform: 53,
  loopDetect: 54,
  other: 80,
} as const

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(RESULT).map(([name, code]) => [code, name]))

/** `invalidCredentials (49)`; `result 123`. */
export function resultName(code: number): string {
  const name = NAMES.get(code)
  return name === undefined ? `result ${code}` : `${name} (${code})`
}
