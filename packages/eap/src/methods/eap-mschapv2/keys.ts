import { concat } from '@sallyport/bytes'
import { mppeKeys } from '@sallyport/mschap'
import type { EapKeys } from '../../result.ts'

const PADDING = new Uint8Array(32)

/**
 * The MSK of EAP-MSCHAPv2: the server's receive key, its send key (RFC 3079 section 3.4, 16 octets each), 32 zeros. The
 * same for both ends: what the server receives with the peer sends with.
 */
export function mschapV2Keys(ntHashHash: Uint8Array, ntResponse: Uint8Array): EapKeys {
  const { receive, send } = mppeKeys(ntHashHash, ntResponse, 'server')
  const none = new Uint8Array(0)
  return { msk: concat(receive, send, PADDING), emsk: none, sessionId: none }
}
