/** Identifier octets of RFC 4511: application tags of section 4.2 and on, context tags where they stand. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  octetString: 0x04,
  enumerated: 0x0a,
  sequence: 0x30,
  set: 0x31,

  bindRequest: 0x60,
  bindResponse: 0x61,
  unbindRequest: 0x42,
  searchRequest: 0x63,
  searchEntry: 0x64,
  searchDone: 0x65,
  searchReference: 0x73,
  abandonRequest: 0x50,
  extendedRequest: 0x77,
  extendedResponse: 0x78,

  controls: 0xa0,
  /** AuthenticationChoice.simple (section 4.2). */
  simple: 0x80,
  /** LDAPResult.referral (section 4.1.9). */
  referral: 0xa3,
  requestName: 0x80,
  responseName: 0x8a,
  policyWarning: 0xa0,
  policyError: 0x81,
} as const

/** Filter choices (section 4.5.1). */
export const FILTER_TAG = {
  and: 0xa0,
  or: 0xa1,
  not: 0xa2,
  equality: 0xa3,
  substrings: 0xa4,
  greaterOrEqual: 0xa5,
  lessOrEqual: 0xa6,
  present: 0x87,
  approximate: 0xa8,
  extensible: 0xa9,

  initial: 0x80,
  any: 0x81,
  final: 0x82,
  matchingRule: 0x81,
  type: 0x82,
  matchValue: 0x83,
  dnAttributes: 0x84,
} as const

export const OID = {
  startTls: '1.3.6.1.4.1.1466.20037',
  /** RFC 4511 section 4.4.1. */
  noticeOfDisconnection: '1.3.6.1.4.1.1466.20036',
  /** RFC 2696. */
  pagedResults: '1.2.840.113556.1.4.319',
  showDeleted: '1.2.840.113556.1.4.417',
  /** draft-behera-ldap-password-policy-10 section 6. */
  passwordPolicy: '1.3.6.1.4.1.42.2.27.8.5.1',
} as const
