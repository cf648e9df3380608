import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { type TrustConfiguration, trustSchema } from '../config/sections/trust.ts'
import { FakeClock } from '../kernel/clock.ts'
import { Sealer } from '../kernel/seal.ts'
import type { Database } from '../store/database.ts'
import { openWriter } from '../store/open.ts'
import { AuthorityStore } from './authority/authority-store.ts'
import type { AuthorityKeyAlgorithm } from './authority/create-authority.ts'
import { type AuthorityParts, CertificateAuthority } from './authority.ts'
import { CertificateStore } from './certificate-store.ts'

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
  return { parts, authority: await CertificateAuthority.open(parts, algorithm), database }
}
