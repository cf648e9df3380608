import type { KeyObject } from 'node:crypto'
import { toHex } from '@sallyport/bytes'
import {
  type Certificate,
  type DistinguishedName,
  encodePem,
  nameText,
  newSerialNumber,
} from '@sallyport/pki'
import type { Clock } from '../../kernel/clock.ts'
import { BugError } from '../../kernel/errors.ts'
import type { Remote } from '../../kernel/rpc.ts'
import type { Sealer } from '../../kernel/seal.ts'
import type { CertificateOrigin, CertificateStore } from '../certificate-store.ts'
import { sealPrivateKey } from '../private-key.ts'

/** Certificates begin a little in the past: the clock of a device may be behind ours. */
export const BACKDATE = 3_600_000

export interface SigningParts {
  readonly store: Remote<CertificateStore>
  readonly sealer: Sealer
  readonly clock: Clock
}

export interface Signing {
  readonly kind: string
  readonly subject: DistinguishedName
  /** Kept, sealed; absent where somebody else keeps it. */
  readonly privateKey?: KeyObject | undefined
  readonly notAfter: number
  readonly origin?: Partial<CertificateOrigin>
  sign(serial: Uint8Array, notBefore: number, notAfter: number): Certificate
}

/**
 * Record the serial, sign, mark as issued: nothing is ever signed that the store does not know, and no serial is used
 * twice, because a second row of it is refused. A crash in between leaves a row that says `recorded`.
 */
export async function recordAndSign(
  { store, sealer, clock }: SigningParts,
  signing: Signing,
): Promise<Certificate> {
  const { kind, subject, privateKey, origin, sign } = signing
  const serial = newSerialNumber()
  const now = clock.now()
  const name = toHex(serial)
  const begin = wholeSeconds(now - BACKDATE)
  const end = wholeSeconds(signing.notAfter)
  await store.record({
    serial: name,
    kind,
    subject: nameText(subject),
    key_sealed: privateKey === undefined ? null : sealPrivateKey(sealer, name, privateKey),
    not_before: begin,
    not_after: end,
    created_at: now,
    ...origin,
  })
  const certificate = sign(serial, begin, end)
  const pem = encodePem('CERTIFICATE', certificate.der)
  if (!(await store.markIssued(name, pem, certificate.fingerprint))) {
    throw new BugError('certificate-not-recorded', `Certificate ${name} was signed but its record is gone.`)
  }
  return certificate
}

export function wholeSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000) * 1000
}
