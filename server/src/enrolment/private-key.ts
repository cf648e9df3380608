import { createPrivateKey, type KeyObject } from 'node:crypto'
import type { Sealer } from '../kernel/seal.ts'

/** The context names the serial, so that a sealed key copied to another certificate's row does not open. */
function contextOf(serial: string): string {
  return `certificates/${serial}/key`
}

export function privateKeyPem(key: KeyObject): string {
  // PKCS #8 in PEM is always text.
  return key.export({ format: 'pem', type: 'pkcs8' }) as string
}

export function sealPrivateKey(sealer: Sealer, serial: string, key: KeyObject): string {
  return sealer.seal(privateKeyPem(key), contextOf(serial))
}

/** @throws ConfigError 'seal-key-missing', 'seal-broken' */
export function openPrivateKey(sealer: Sealer, serial: string, sealed: string): KeyObject {
  return createPrivateKey(sealer.open(sealed, contextOf(serial)))
}
