import { timingSafeEqual } from '@sallyport/bytes'
import { desEncrypt } from './des.ts'

/**
 * ChallengeResponse (RFC 2433 appendix A.5, RFC 2759 section 8.5): an 8-octet challenge enciphered by DES under the three
 * thirds of the NT hash, which is padded with zeros to 21 octets. With the challenge of MS-CHAPv1 it is that protocol's NT
 * response. 24 octets.
 */
export function challengeResponse(challenge: Uint8Array, ntHash: Uint8Array): Uint8Array<ArrayBuffer> {
  if (challenge.length !== 8) throw new RangeError(`challenge of ${challenge.length} octets, expected 8`)
  if (ntHash.length !== 16) throw new RangeError(`NT hash of ${ntHash.length} octets, expected 16`)
  const padded = new Uint8Array(21)
  padded.set(ntHash)
  const response = new Uint8Array(24)
  for (let third = 0; third < 3; third++) {
    response.set(desEncrypt(challenge, padded.subarray(7 * third, 7 * third + 7)), 8 * third)
  }
  padded.fill(0)
  return response
}

/** Checks an MS-CHAPv1 NT response; false also where a field has the wrong length. */
export function verifyMschapV1(
  ntHash: Uint8Array,
  proof: { readonly challenge: Uint8Array; readonly ntResponse: Uint8Array },
): boolean {
  if (proof.challenge.length !== 8) return false
  return timingSafeEqual(challengeResponse(proof.challenge, ntHash), proof.ntResponse)
}
