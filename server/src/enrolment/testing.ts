import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import {
  decodePem,
  distinguishedName,
  encodePem,
  generateKeyPairFor,
  serialText,
  USER_AUTHENTICATION,
} from '@sallyport/pki'
import { type TrustConfiguration, trustSchema } from '../config/sections/trust.ts'
import { FakeClock } from '../kernel/clock.ts'
import { Sealer } from '../kernel/seal.ts'
import type { Database } from '../store/database.ts'
import { openWriter } from '../store/open.ts'
import { AuthorityStore } from './authority/authority-store.ts'
import type { AuthorityKeyAlgorithm } from './authority/create-authority.ts'
import { type AuthorityParts, CertificateAuthority } from './authority.ts'
import { holderUri } from './certificate-holder.ts'
import { CertificateStore } from './certificate-store.ts'
import {
  CertificateStatusStore,
  type StatusChange,
  type StatusChanged,
} from './status/certificate-status-store.ts'

/** Entries of `trust:` with their defaults. */
export function trustEntries(...entries: readonly object[]): TrustConfiguration[] {
  return entries.map((entry) => trustSchema.parse(entry))
}

export interface AuthorityBench {
  readonly parts: AuthorityParts & {
    readonly store: CertificateStore
    readonly authorities: AuthorityStore
    readonly clock: FakeClock
  }
  readonly authority: CertificateAuthority
  readonly database: Database
  /** As the own CA's rows have it from then on. */
  change(serial: string, to: StatusChange['to'], reason?: string): Promise<StatusChanged>
}

/** A fresh authority over SQLite with a clock that stands still; closed after the tests of the file. */
export async function openAuthorityBench(algorithm: AuthorityKeyAlgorithm = 'p256'): Promise<AuthorityBench> {
  const folder = mkdtempSync(join(tmpdir(), 'enrolment-'))
  const database = await openWriter(`sqlite:${join(folder, 'test.db')}`)
  after(async () => {
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const parts = {
    store: new CertificateStore(database.kysely),
    authorities: new AuthorityStore(database.kysely),
    sealer: new Sealer([{ id: 'k1', key: new Uint8Array(32).fill(7) }]),
    clock: new FakeClock(),
  }
  const status = new CertificateStatusStore(database)
  const change: AuthorityBench['change'] = (serial, to, reason = 'keyCompromise') =>
    status.change({ serial, to, reason, at: parts.clock.now(), cause: 'a test', askedBy: 'test' })
  return { parts, authority: await CertificateAuthority.open(parts, algorithm), database, change }
}

/** A certificate alice (account a1) logs in with, as the registration authority would have it issued. */
export async function issueToAlice({ authority }: AuthorityBench) {
  const certificate = await authority.issue({
    kind: 'client',
    template: USER_AUTHENTICATION,
    subject: distinguishedName(['CN', 'alice']),
    san: [
      { kind: 'upn', name: 'alice@example.org' },
      { kind: 'uri', uri: holderUri('a1') },
    ],
    publicKey: generateKeyPairFor('p256').publicKey,
    days: 30,
  })
  const chain = authority.chainPem(certificate)
  return {
    serial: serialText(certificate.serial),
    fingerprint: certificate.fingerprint,
    chain,
    root: encodePem('CERTIFICATE', authority.root.der),
    der: decodePem('CERTIFICATE', chain),
  }
}
