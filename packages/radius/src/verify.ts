import { timingSafeEqual } from '@sallyport/bytes'
import {
  hasDigestAuthenticator,
  hasRandomAuthenticator,
  isAccessReply,
  isRequest,
  PacketCode,
} from './codes.ts'
import type { PacketView } from './packet-view.ts'
import type { Secret } from './secret.ts'

export interface VerifyRules {
  /**
   * Refuse an Access-Request without Message-Authenticator: what stops forged replies to it (CVE-2024-3596,
   * "BlastRADIUS"). False only for clients too old to send one.
   */
  readonly requireMessageAuthenticator: boolean
}

export type UnverifiedReason =
  /** Not a request, or not a reply to that request. */
  | 'unexpected-code'
  | 'message-authenticator-missing'
  /** RFC 3579 section 3.2: EAP without it is dropped whatever the rules say. */
  | 'eap-without-message-authenticator'
  /** Whoever forges replies needs Proxy-State to do it; no honest old NAS sends it without a Message-Authenticator. */
  | 'proxy-state-without-message-authenticator'
  /** Wrong secret, or changed on the way. */
  | 'message-authenticator-invalid'
  | 'request-authenticator-invalid'
  | 'response-authenticator-invalid'
  | 'identifier-mismatch'

export type Verified =
  | {
      readonly ok: true
      /** The secret that matched, and its place in the list given. */
      readonly secret: Secret
      readonly secretIndex: number
      /** False where the packet proves nothing: an Access-Request without Message-Authenticator. */
      readonly authenticated: boolean
    }
  | { readonly ok: false; readonly reason: UnverifiedReason }

const EAP_MESSAGE = 79
const PROXY_STATE = 33
const ZEROS = new Uint8Array(16)
const computed = new Uint8Array(16)

/**
 * Second pass: was this request made by somebody who knows one of the secrets? Tried in order; two are usual while a
 * secret is being changed. A failure is answered with silence.
 */
export function verify(packet: PacketView, secrets: readonly Secret[], rules: VerifyRules): Verified {
  const { code } = packet
  if (!isRequest(code)) return { ok: false, reason: 'unexpected-code' }
  if (packet.messageAuthenticatorAt < 0) {
    const reason = missing(packet, rules)
    if (reason !== undefined) return { ok: false, reason }
  }
  let reason: UnverifiedReason = 'message-authenticator-invalid'
  for (let i = 0; i < secrets.length; i++) {
    const secret = secrets[i] as Secret
    const failure = checkRequest(packet, secret)
    if (failure === undefined) {
      const authenticated = packet.messageAuthenticatorAt >= 0 || hasDigestAuthenticator(code)
      return { ok: true, secret, secretIndex: i, authenticated }
    }
    reason = failure
  }
  return { ok: false, reason }
}

/** What may not lack a Message-Authenticator. RFC 5997 section 3: a Status-Server never may. */
function missing(packet: PacketView, rules: VerifyRules): UnverifiedReason | undefined {
  const { code } = packet
  if (code === PacketCode.StatusServer) return 'message-authenticator-missing'
  if (code !== PacketCode.AccessRequest) return undefined
  if (packet.hasType(EAP_MESSAGE)) return 'eap-without-message-authenticator'
  if (packet.hasType(PROXY_STATE)) return 'proxy-state-without-message-authenticator'
  return rules.requireMessageAuthenticator ? 'message-authenticator-missing' : undefined
}

function checkRequest(packet: PacketView, secret: Secret): UnverifiedReason | undefined {
  if (hasRandomAuthenticator(packet.code)) {
    return isMessageAuthenticatorRight(packet, secret, packet.authenticator)
      ? undefined
      : 'message-authenticator-invalid'
  }
  if (!isAuthenticatorRight(packet, secret, ZEROS)) return 'request-authenticator-invalid'
  // RFC 5176 section 2.3: computed with an authenticator of zeros, before the authenticator itself.
  return isMessageAuthenticatorRight(packet, secret, ZEROS) ? undefined : 'message-authenticator-invalid'
}

/** MD5(code, id, length, `authenticator`, attributes, secret): RFC 2865 section 3, RFC 2866 section 3. */
function isAuthenticatorRight(packet: PacketView, secret: Secret, authenticator: Uint8Array): boolean {
  secret
    .md5Start()
    .update(packet.octets, 0, 4)
    .update(authenticator)
    .update(packet.octets, 20)
    .update(secret.octets)
    .finish(computed)
  return timingSafeEqual(computed, packet.authenticator)
}

/** RFC 3579 section 3.2; right as well where there is none. */
function isMessageAuthenticatorRight(packet: PacketView, secret: Secret, authenticator: Uint8Array): boolean {
  const { octets, messageAuthenticatorAt } = packet
  if (messageAuthenticatorAt < 0) return true
  const value = messageAuthenticatorAt + 2
  secret
    .hmacStart()
    .update(octets, 0, 4)
    .update(authenticator)
    .update(octets, 20, value)
    .update(ZEROS)
    .update(octets, value + 16)
  secret.hmacFinish(computed)
  return timingSafeEqual(computed, octets.subarray(value, value + 16))
}

/** What a reply must match: the request as it was sent. */
export interface SentRequest {
  readonly code: number
  readonly id: number
  readonly authenticator: Uint8Array
}

const REPLIES: ReadonlyMap<number, readonly number[]> = new Map<number, readonly number[]>([
  [PacketCode.AccessRequest, [PacketCode.AccessAccept, PacketCode.AccessReject, PacketCode.AccessChallenge]],
  [PacketCode.AccountingRequest, [PacketCode.AccountingResponse]],
  // RFC 5997 section 3: the answer is the one of the port it was sent to.
  [PacketCode.StatusServer, [PacketCode.AccessAccept, PacketCode.AccountingResponse]],
  [PacketCode.DisconnectRequest, [PacketCode.DisconnectAck, PacketCode.DisconnectNak]],
  [PacketCode.CoaRequest, [PacketCode.CoaAck, PacketCode.CoaNak]],
])

/** For clients: is this the answer to that request? */
export function verifyReply(
  reply: PacketView,
  request: SentRequest,
  secret: Secret,
  rules: VerifyRules,
): { readonly ok: true } | { readonly ok: false; readonly reason: UnverifiedReason } {
  if (reply.id !== request.id) return { ok: false, reason: 'identifier-mismatch' }
  if (REPLIES.get(request.code)?.includes(reply.code) !== true)
    return { ok: false, reason: 'unexpected-code' }
  if (!isAuthenticatorRight(reply, secret, request.authenticator)) {
    return { ok: false, reason: 'response-authenticator-invalid' }
  }
  if (reply.messageAuthenticatorAt < 0) {
    if (reply.hasType(EAP_MESSAGE)) return { ok: false, reason: 'eap-without-message-authenticator' }
    if (rules.requireMessageAuthenticator && isAccessReply(reply.code)) {
      return { ok: false, reason: 'message-authenticator-missing' }
    }
  }
  return isMessageAuthenticatorRight(reply, secret, request.authenticator)
    ? { ok: true }
    : { ok: false, reason: 'message-authenticator-invalid' }
}
