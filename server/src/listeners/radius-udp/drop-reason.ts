import type { Inspected, UnverifiedReason } from '@sallyport/radius'
import { type Reason, reason } from '../../reasons/index.ts'

export function malformedReason(inspected: Extract<Inspected, { ok: false }>, address: string): Reason {
  return reason('malformed-packet', { address, detail: inspected.reason, offset: inspected.offset })
}

export function unverifiedReason(why: UnverifiedReason, client: string): Reason {
  switch (why) {
    case 'message-authenticator-missing':
    case 'eap-without-message-authenticator':
      return reason('message-authenticator-missing', { client })
    case 'proxy-state-without-message-authenticator':
      return reason('proxy-state-without-message-authenticator', { client })
    case 'message-authenticator-invalid':
      return reason('message-authenticator-invalid', { client })
    default:
      return reason('wrong-secret', { client, detail: why })
  }
}
