import { hash, randomBytes } from 'node:crypto'
import { concat, fromUtf8 } from '@sallyport/bytes'
import {
  challengeResponse,
  generateNtResponse,
  hashNtPasswordHash,
  type MschapV2Response,
  ntPasswordHash,
  withoutDomain,
} from '@sallyport/mschap'
import type { TlsSession } from '../../tls/engine.ts'
import { type Avp, AvpCode, MICROSOFT, MicrosoftAvp } from './avp.ts'
import { challengeMaterial } from './challenge.ts'
import type { TtlsPasswordMethod } from './credentials.ts'

type NewAvp = Pick<Avp, 'code' | 'vendor' | 'value'>

/** An MS-CHAPv2 answer that is out, with the hash of the password that the server must prove to know. */
export interface MschapV2Answer extends MschapV2Response {
  readonly ntHashHash: Uint8Array
}

interface PasswordLogin {
  readonly method: TtlsPasswordMethod
  readonly user: string
  readonly password: string
}

const NO_LM_RESPONSE = new Uint8Array(24)
/** Of MS-CHAP-Response: the NT response is to be used (RFC 2548 section 2.1.3). */
const USE_NT_RESPONSE = 1

/** What the peer sends for an inner method without EAP (RFC 5281 sections 11.2.2 to 11.2.5). */
export function passwordAvps(
  { method, user, password }: PasswordLogin,
  session: TlsSession,
  random: (length: number) => Uint8Array = randomBytes,
): { readonly avps: readonly NewAvp[]; readonly answered?: MschapV2Answer } {
  const name = plain(AvpCode.UserName, fromUtf8(user))
  switch (method) {
    case 'pap':
      return { avps: [name, plain(AvpCode.UserPassword, padded(fromUtf8(password)))] }
    case 'chap': {
      const { challenge, ident } = material(session, 16)
      const response = hash('md5', concat(ident, fromUtf8(password), challenge), 'buffer')
      return {
        avps: [
          name,
          plain(AvpCode.ChapChallenge, challenge),
          plain(AvpCode.ChapPassword, concat(ident, response)),
        ],
      }
    }
    case 'mschap': {
      const { challenge, ident } = material(session, 8)
      const response = challengeResponse(challenge, ntPasswordHash(password))
      const value = concat(ident, Uint8Array.of(USE_NT_RESPONSE), NO_LM_RESPONSE, response)
      return {
        avps: [
          name,
          microsoft(MicrosoftAvp.ChapChallenge, challenge),
          microsoft(MicrosoftAvp.ChapResponse, value),
        ],
      }
    }
    case 'mschapv2': {
      const { challenge, ident } = material(session, 16)
      const peerChallenge = random(16)
      const userName = withoutDomain(user)
      const ntHash = ntPasswordHash(password)
      const ntResponse = generateNtResponse(challenge, peerChallenge, userName, ntHash)
      const value = concat(ident, Uint8Array.of(0), peerChallenge, new Uint8Array(8), ntResponse)
      const ntHashHash = hashNtPasswordHash(ntHash)
      return {
        avps: [
          name,
          microsoft(MicrosoftAvp.ChapChallenge, challenge),
          microsoft(MicrosoftAvp.Chap2Response, value),
        ],
        answered: { authenticatorChallenge: challenge, peerChallenge, ntResponse, userName, ntHashHash },
      }
    }
  }
}

function material(session: TlsSession, length: number): { challenge: Uint8Array; ident: Uint8Array } {
  const octets = challengeMaterial(session, length + 1)
  return { challenge: octets.subarray(0, length), ident: octets.subarray(length) }
}

/** RFC 5281 section 11.2.5: with NULs to a multiple of 16, so that the length of a record tells nothing. */
function padded(password: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.max(16, Math.ceil(password.length / 16) * 16))
  whole.set(password)
  return whole
}

function plain(code: number, value: Uint8Array): NewAvp {
  return { code, vendor: 0, value }
}

function microsoft(code: number, value: Uint8Array): NewAvp {
  return { code, vendor: MICROSOFT, value }
}
