import { concat } from '@sallyport/bytes'
import { mppeKeys } from '@sallyport/mschap'
import type { EapKeys } from '../../result.ts'

const PADDING = new Uint8Array(32)

/**
 * The MSK of EAP-MSCHAPv2: the server's receive key, its send key (RFC 3079 section 3.4, 16 octets each), 32 zeros. The
 * same for both ends: what the server receives with the peer sends with.
 */
export function mschapV2Keys(ntHashHash: Uint8Array, ntResponse: Uint8Array): EapKeys {
  return mskOfKeys(mppeKeys(ntHashHash, ntResponse, 'server'))
}

/** The MSK of keys somebody else derived. */
export function mskOfKeys({ receive, send }: { receive: Uint8Array; send: Uint8Array }): EapKeys {
  const none = new Uint8Array(0)
  return { msk: concat(receive, send, PADDING), emsk: none, sessionId: none }
}
