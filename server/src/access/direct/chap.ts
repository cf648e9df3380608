import type { PacketView } from '@sallyport/radius'
import { ChapChallenge, ChapPassword } from '@sallyport/radius/attributes'
import { type DirectLogin, NOTHING_TO_ADD } from './direct-login.ts'

/** CHAP-Password: identifier and 16 octets; without CHAP-Challenge the Request Authenticator is it (RFC 2865 5.3). */
export function readChap(packet: PacketView): DirectLogin | undefined {
  const value = packet.get(ChapPassword)
  const challenge = packet.get(ChapChallenge) ?? packet.authenticator
  if (value === undefined || value.length !== 17 || challenge.length === 0) return undefined
  const proof = { form: 'chap', id: value[0] as number, challenge, response: value.subarray(1) } as const
  return { method: 'chap', ask: { proof }, ...NOTHING_TO_ADD }
}
