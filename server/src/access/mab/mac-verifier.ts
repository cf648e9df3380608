import { timingSafeEqual } from '@sallyport/bytes'
import type { Verifier } from '@sallyport/eap'
import { chapResponse } from '@sallyport/radius'
import { formatMac, normaliseMac } from '../../kernel/mac-address.ts'
import { reason } from '../../reasons/index.ts'
import type { RefusedIdentity } from '../eap/identity-verifier.ts'

/**
 * EAP-MD5 of MAC authentication bypass: the password is the name, a MAC address. It proves nothing but that the RADIUS
 * client plays by the rules; who the address belongs to, the MAC store says afterwards.
 */
export const MAC_VERIFIER: Pick<Verifier, 'chap'> = {
  chap(user, { id, challenge, response }) {
    const expected = chapResponse(id, Buffer.from(user, 'latin1'), challenge)
    const mac = normaliseMac(user)
    if (mac !== undefined && timingSafeEqual(expected, response)) return { ok: true, proof: mac }
    const shown = mac === undefined ? user : formatMac(mac)
    const cause: RefusedIdentity = { reason: reason('mac-proof-wrong', { mac: shown }) }
    return { ok: false, failure: { code: 'refused', cause } }
  },
}
