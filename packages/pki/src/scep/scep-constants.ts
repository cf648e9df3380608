/** RFC 8894 section 3.2.1: attributes of a pkiMessage. */
export const SCEP_ATTRIBUTE = {
  messageType: '2.16.840.1.113733.1.9.2',
  pkiStatus: '2.16.840.1.113733.1.9.3',
  failInfo: '2.16.840.1.113733.1.9.4',
  senderNonce: '2.16.840.1.113733.1.9.5',
  recipientNonce: '2.16.840.1.113733.1.9.6',
  transactionId: '2.16.840.1.113733.1.9.7',
  failInfoText: '1.3.6.1.5.5.7.24.1',
} as const

/** Section 3.2.1.2. */
export const MESSAGE_TYPE = {
  certRep: 3,
  renewalReq: 17,
  pkcsReq: 19,
  certPoll: 20,
  getCert: 21,
  getCrl: 22,
} as const

/** Section 3.2.1.3. */
export const PKI_STATUS = { success: 0, failure: 2, pending: 3 } as const
export type PkiStatus = keyof typeof PKI_STATUS

/** Section 3.2.1.4. */
export const FAIL_INFO = { badAlg: 0, badMessageCheck: 1, badRequest: 2, badTime: 3, badCertId: 4 } as const
export type FailInfo = keyof typeof FAIL_INFO
