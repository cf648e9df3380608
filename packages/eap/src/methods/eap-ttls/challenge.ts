import type { TlsSession } from '../../tls/engine.ts'

/**
 * Implicit challenge (RFC 5281 section 11.1, RFC 9427 section 2.4): both sides compute the challenge and the octet of
 * identifier after it from the tunnel. `length`: octets of both together.
 */
export function challengeMaterial(session: TlsSession, length: number): Uint8Array {
  return session.exportKeyingMaterial(length, 'ttls challenge')
}
