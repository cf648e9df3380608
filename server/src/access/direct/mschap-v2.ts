import { randomBytes } from 'node:crypto'
import { concat, fromUtf8, toUtf8 } from '@sallyport/bytes'
import type { MschapError } from '@sallyport/eap'
import { formatMschapFailure, generateAuthenticatorResponse, mppeKeys } from '@sallyport/mschap'
import { attribute, type PacketView } from '@sallyport/radius'
import {
  MsChap2Cpw,
  MsChap2Response,
  MsChap2Success,
  MsChapChallenge,
  MsChapError,
  MsChapNtEncPw,
  UserName,
} from '@sallyport/radius/attributes'
import { mppeKeyAttributes, mppePolicy } from '../mppe.ts'
import type { Authenticated, DirectLogin } from './direct-login.ts'

interface Response {
  readonly authenticatorChallenge: Uint8Array
  readonly peerChallenge: Uint8Array
  readonly ntResponse: Uint8Array
  readonly userName: string
}

/** MS-CHAP2-Response: ident, flags, peer challenge (16), reserved (8), response (24) (RFC 2548 section 2.3.2). */
export function readMschapV2(packet: PacketView): DirectLogin | undefined {
  const value = packet.get(MsChap2Response)
  const context = readContext(packet)
  if (value?.length !== 50 || context === undefined) return undefined
  const response = { ...context, peerChallenge: value.subarray(2, 18), ntResponse: value.subarray(26, 50) }
  const proof = { form: 'mschapv2', ...response } as const
  return { method: 'mschapv2', ask: { proof }, ...answers(value[0] as number, response) }
}

/**
 * MS-CHAP2-CPW: code 7, ident, encrypted hash (16), peer challenge (16), reserved (8), response (24), flags (2); the new
 * password comes in three fragments of MS-CHAP-NT-Enc-PW (RFC 2548 sections 2.3.4 and 2.1.6).
 */
export function readMschapV2Change(packet: PacketView): DirectLogin | undefined {
  const value = packet.get(MsChap2Cpw)
  const context = readContext(packet)
  if (value?.length !== 68 || value[0] !== 7 || context === undefined) return undefined
  const encryptedPassword = joinFragments(packet.getAll(MsChapNtEncPw))
  if (encryptedPassword?.length !== 516) return undefined
  const response = { ...context, peerChallenge: value.subarray(18, 34), ntResponse: value.subarray(42, 66) }
  const change = { ...response, encryptedPassword, encryptedHash: value.subarray(2, 18) }
  return { method: 'mschapv2', ask: { change }, ...answers(value[1] as number, response) }
}

function readContext(packet: PacketView): Pick<Response, 'authenticatorChallenge' | 'userName'> | undefined {
  const authenticatorChallenge = packet.get(MsChapChallenge)
  const userName = packet.get(UserName)
  if (authenticatorChallenge?.length !== 16 || userName === undefined) return undefined
  const text = typeof userName === 'string' ? userName : toUtf8(userName)
  return text === undefined ? undefined : { authenticatorChallenge, userName: text }
}

/** Each fragment: code 6, ident, sequence number (2 octets, from 1), data (RFC 2548 section 2.1.6). */
function joinFragments(fragments: readonly Uint8Array[]): Uint8Array | undefined {
  const inOrder = fragments.toSorted((a, b) => (a[3] ?? 0) - (b[3] ?? 0))
  const isWhole = inOrder.every((part, index) => part.length > 4 && part[0] === 6 && part[3] === index + 1)
  return isWhole ? concat(...inOrder.map((part) => part.subarray(4))) : undefined
}

function answers(ident: number, response: Response): Pick<DirectLogin, 'onAccept' | 'onReject'> {
  return {
    onAccept: (outcome: Authenticated) => {
      const { ntHashHash, mschapv2 } = outcome
      if (mschapv2 !== undefined) {
        const value = concat(Uint8Array.of(ident), fromUtf8(mschapv2.authenticatorResponse))
        return [attribute(MsChap2Success, value), ...mppeKeyAttributes(mschapv2.keys), ...mppePolicy()]
      }
      if (ntHashHash === undefined) return []
      const userName = outcome.hashedUserName ?? response.userName
      const success = generateAuthenticatorResponse(ntHashHash, { ...response, userName })
      const keys = mppeKeys(ntHashHash, response.ntResponse, 'server')
      return [
        attribute(MsChap2Success, concat(Uint8Array.of(ident), fromUtf8(success))),
        ...mppeKeyAttributes(keys),
        ...mppePolicy(),
      ]
    },
    onReject: (error: MschapError) => {
      const { code, retry, message } = error
      const text = formatMschapFailure({ code, retry, challenge: randomBytes(16), version: 3, message })
      return [attribute(MsChapError, concat(Uint8Array.of(ident), fromUtf8(text)))]
    },
  }
}
