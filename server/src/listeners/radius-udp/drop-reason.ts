import type { Inspected, UnverifiedReason } from '@sallyport/radius'
import { type Reason, reason } from '../../reasons/index.ts'

export function malformedReason(inspected: Extract<Inspected, { ok: false }>, address: string): Reason {
  return reason('malformed-packet', { address, detail: inspected.reason, offset: inspected.offset })
}

/** `user`: the name in a packet that proves nothing; it only helps whoever looks for it. */
export function unverifiedReason(why: UnverifiedReason, client: string, user: string | undefined): Reason {
  switch (why) {
    case 'message-authenticator-missing':
    case 'eap-without-message-authenticator':
      return reason('message-authenticator-missing', { client, user })
    case 'proxy-state-without-message-authenticator':
      return reason('proxy-state-without-message-authenticator', { client, user })
    case 'message-authenticator-invalid':
      return reason('message-authenticator-invalid', { client, user })
    default:
      return reason('wrong-secret', { client, user, detail: why })
  }
}
