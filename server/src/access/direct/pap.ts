import type { PacketView, Secret } from '@sallyport/radius'
import { UserPassword } from '@sallyport/radius/attributes'
import { type DirectLogin, NOTHING_TO_ADD } from './direct-login.ts'

/** User-Password (RFC 2865 section 5.2). A NAS that pads sends trailing zero octets; the codec has removed them. */
export function readPap(packet: PacketView, secret: Secret): DirectLogin | undefined {
  const password = packet.get(UserPassword, packet.hidingKey(secret))
  if (password === undefined) return undefined
  return { method: 'pap', ask: { proof: { form: 'password', password } }, ...NOTHING_TO_ADD }
}
