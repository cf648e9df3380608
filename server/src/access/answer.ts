import type { Reason } from '../reasons/index.ts'

/** What a request gets. Silence is a normal outcome: the RADIUS client asks again, or asks another server. */
export type Answer =
  | {
      readonly kind: 'reply'
      readonly octets: Uint8Array
      /** What is left to do once the answer has left: nobody who waits for a login pays for it. */
      readonly sent?: () => void
    }
  | { readonly kind: 'silence'; readonly reason: Reason; readonly sent?: () => void }
