import { toUtf8 } from '@sallyport/bytes'
import type { PacketView } from '@sallyport/radius'
import type { DirectLogin } from './direct-login.ts'

/**
 * Under the wrong secret a User-Password decrypts to random octets (RFC 2865 section 5.2), and nothing but a
 * Message-Authenticator vouches for the secret of an Access-Request. Random octets are hardly ever UTF-8, and a password
 * that is not UTF-8 never holds here: so it need not be checked, and must not be counted against the user.
 */
export function isGarbledPassword(packet: PacketView, { method, ask }: DirectLogin): boolean {
  if (method !== 'pap' || packet.messageAuthenticatorAt >= 0) return false
  return 'proof' in ask && ask.proof.form === 'password' && toUtf8(ask.proof.password) === undefined
}
