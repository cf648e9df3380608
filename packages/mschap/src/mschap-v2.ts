import { hash } from 'node:crypto'
import { concat, fromUtf8, timingSafeEqual, toHex } from '@sallyport/bytes'
import { challengeResponse } from './challenge-response.ts'

/** What an MS-CHAPv2 peer proved, as it arrived. Challenges are 16 octets, the response 24. */
export interface MschapV2Response {
  readonly authenticatorChallenge: Uint8Array
  readonly peerChallenge: Uint8Array
  readonly ntResponse: Uint8Array
  readonly userName: string
}

/** ChallengeHash (RFC 2759 section 8.2), 8 octets. `userName` is taken as it stands; see withoutDomain(). */
export function challengeHash(
  peerChallenge: Uint8Array,
  authenticatorChallenge: Uint8Array,
  userName: string,
): Uint8Array {
  return sha1(peerChallenge, authenticatorChallenge, fromUtf8(userName)).subarray(0, 8)
}

/** GenerateNTResponse (RFC 2759 section 8.1), from the NT hash. 24 octets. */
export function generateNtResponse(
  authenticatorChallenge: Uint8Array,
  peerChallenge: Uint8Array,
  userName: string,
  ntHash: Uint8Array,
): Uint8Array<ArrayBuffer> {
  return challengeResponse(challengeHash(peerChallenge, authenticatorChallenge, userName), ntHash)
}

/** The user name without the `DOMAIN\` before it, which RFC 2759 section 8.2 leaves out of the hash. */
export function withoutDomain(userName: string): string {
  return userName.slice(userName.indexOf('\\') + 1)
}

/**
 * Checks an NT response and says over which name it was computed, or undefined where it does not hold. RFC 2759 section
 * 4 has the peer hash its name without the domain; some peers hash `DOMAIN\user` as they send it, so that is tried next.
 * The authenticator response must be computed over the name that is returned.
 */
export function verifyMschapV2(ntHash: Uint8Array, response: MschapV2Response): string | undefined {
  const { authenticatorChallenge, peerChallenge, ntResponse, userName } = response
  const bare = withoutDomain(userName)
  for (const name of bare === userName ? [bare] : [bare, userName]) {
    const expected = generateNtResponse(authenticatorChallenge, peerChallenge, name, ntHash)
    if (timingSafeEqual(expected, ntResponse)) return name
  }
  return undefined
}

const MAGIC_1 = fromUtf8('Magic server to client signing constant')
const MAGIC_2 = fromUtf8('Pad to make it do more than one iteration')

/**
 * GenerateAuthenticatorResponse (RFC 2759 section 8.7): `S=` and 40 upper-case hex digits, by which the server proves to
 * know the password too. `userName`: the very name the peer hashed, as verifyMschapV2() returns it.
 */
export function generateAuthenticatorResponse(ntHashHash: Uint8Array, response: MschapV2Response): string {
  const { authenticatorChallenge, peerChallenge, ntResponse, userName } = response
  const digest = sha1(ntHashHash, ntResponse, MAGIC_1)
  const challenge = challengeHash(peerChallenge, authenticatorChallenge, userName)
  return `S=${toHex(sha1(digest, challenge, MAGIC_2)).toUpperCase()}`
}

/** CheckAuthenticatorResponse (RFC 2759 section 8.8): the peer's check of the server. `received` starts with `S=`. */
export function checkAuthenticatorResponse(
  ntHashHash: Uint8Array,
  response: MschapV2Response,
  received: string,
): boolean {
  const expected = generateAuthenticatorResponse(ntHashHash, response)
  return timingSafeEqual(fromUtf8(expected), fromUtf8(received.slice(0, expected.length)))
}

function sha1(...parts: readonly Uint8Array[]): Uint8Array {
  return hash('sha1', concat(...parts), 'buffer')
}
