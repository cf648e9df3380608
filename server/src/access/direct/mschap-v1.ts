import { randomBytes } from 'node:crypto'
import { concat, fromUtf8 } from '@sallyport/bytes'
import type { MschapError } from '@sallyport/eap'
import { formatMschapFailure } from '@sallyport/mschap'
import { type Attribute, attribute, type PacketView } from '@sallyport/radius'
import { MsChapChallenge, MsChapError, MsChapMppeKeys, MsChapResponse } from '@sallyport/radius/attributes'
import { mppePolicy } from '../mppe.ts'
import type { Authenticated, DirectLogin } from './direct-login.ts'

/** Flags octet: the peer filled in the NT response (RFC 2548 section 2.1.3). LM responses are never accepted. */
const NT_RESPONSE = 1

/** MS-CHAP-Response: ident, flags, LM response (24), NT response (24) (RFC 2548 section 2.1.3). */
export function readMschapV1(packet: PacketView): DirectLogin | undefined {
  const value = packet.get(MsChapResponse)
  const challenge = packet.get(MsChapChallenge)
  if (value?.length !== 50 || challenge?.length !== 8 || value[1] !== NT_RESPONSE) return undefined
  const ident = value[0] as number
  return {
    method: 'mschap',
    ask: { proof: { form: 'mschap', challenge, ntResponse: value.subarray(26, 50) } },
    onAccept: mppeKeysV1,
    onReject: (error) => [mschapErrorV1(ident, error)],
  }
}

/**
 * MS-CHAP-MPPE-Keys (RFC 2548 section 2.4.1): LM key (8), NT key (16); hiding it pads it to 32 octets. The LM key stays zero: it would come
 * from a hash nobody should keep. The NT key is MD4 of the NT hash.
 */
function mppeKeysV1(outcome: Authenticated): Attribute[] {
  const { ntHashHash } = outcome
  if (ntHashHash === undefined) return []
  const keys = concat(new Uint8Array(8), ntHashHash)
  return [attribute(MsChapMppeKeys, keys), ...mppePolicy()]
}

function mschapErrorV1(ident: number, error: MschapError): Attribute {
  const { code, retry } = error
  const text = formatMschapFailure({ code, retry, challenge: randomBytes(8), version: 2 })
  return attribute(MsChapError, concat(Uint8Array.of(ident), fromUtf8(text)))
}
