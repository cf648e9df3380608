/** Packet codes: RFC 2865 section 4, RFC 2866 section 4, RFC 5176 section 2.3, RFC 5997 section 3. */
export const PacketCode = {
  AccessRequest: 1,
  AccessAccept: 2,
  AccessReject: 3,
  AccountingRequest: 4,
  AccountingResponse: 5,
  AccessChallenge: 11,
  StatusServer: 12,
  DisconnectRequest: 40,
  DisconnectAck: 41,
  DisconnectNak: 42,
  CoaRequest: 43,
  CoaAck: 44,
  CoaNak: 45,
} as const

export type PacketCode = (typeof PacketCode)[keyof typeof PacketCode]

const NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'Access-Request'],
  [2, 'Access-Accept'],
  [3, 'Access-Reject'],
  [4, 'Accounting-Request'],
  [5, 'Accounting-Response'],
  [11, 'Access-Challenge'],
  [12, 'Status-Server'],
  [40, 'Disconnect-Request'],
  [41, 'Disconnect-ACK'],
  [42, 'Disconnect-NAK'],
  [43, 'CoA-Request'],
  [44, 'CoA-ACK'],
  [45, 'CoA-NAK'],
])

/** The name the RFCs use, or `Code-N`. */
export function codeName(code: number): string {
  return NAMES.get(code) ?? `Code-${code}`
}

/** Access-Accept, -Reject and -Challenge: replies that must open with a Message-Authenticator. */
export function isAccessReply(code: number): boolean {
  return (
    code === PacketCode.AccessAccept ||
    code === PacketCode.AccessReject ||
    code === PacketCode.AccessChallenge
  )
}

/** Requests whose authenticator is random (RFC 2865 section 3, RFC 5997 section 3). */
export function hasRandomAuthenticator(code: number): boolean {
  return code === PacketCode.AccessRequest || code === PacketCode.StatusServer
}

/** Requests whose authenticator is a digest (RFC 2866 section 3, RFC 5176 section 2.3). */
export function hasDigestAuthenticator(code: number): boolean {
  return (
    code === PacketCode.AccountingRequest ||
    code === PacketCode.DisconnectRequest ||
    code === PacketCode.CoaRequest
  )
}

export function isRequest(code: number): boolean {
  return hasRandomAuthenticator(code) || hasDigestAuthenticator(code)
}
