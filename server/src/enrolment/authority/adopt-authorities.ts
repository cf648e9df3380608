import type { AuthorityParts } from '../authority.ts'
import type { CertificateRecord } from '../certificate-store.ts'
import { openPrivateKey } from '../private-key.ts'
import type { AuthorityRecord } from './authority-store.ts'
import { authorityRecord, certificatesIn, type KeptAuthority } from './kept-authority.ts'

/** Takes over the CAs of a database from before CA keys had a table of their own. */
export async function adoptAuthorities(parts: AuthorityParts): Promise<void> {
  if ((await parts.authorities.list()).length > 0) return
  const kept = async (kind: string) =>
    (await parts.store.issuedOfKind(kind)).filter(({ key_sealed: key }) => key !== null)
  const [roots, issuers] = [await kept('root-ca'), await kept('issuing-ca')]
  const newest = issuers.at(-1)
  if (newest === undefined) return
  const rootRecords = roots.flatMap((record) => adopted(record, 'root', [], parts))
  const records = issuers.flatMap((record) => {
    const [certificate] = certificatesIn(record.pem ?? '')
    const above = roots
      .flatMap(({ pem }) => certificatesIn(pem ?? ''))
      .filter(({ subject }) => subject.key === certificate?.issuer.key)
    return adopted(record, 'issuing', above, parts).map((issuing) => ({
      ...issuing,
      state: record === newest ? ('active' as const) : ('former' as const),
    }))
  })
  const activeRoot = records.find(({ state }) => state === 'active')?.chain
  await parts.authorities.insert(
    ...rootRecords.map((root) => ({
      ...root,
      state: root.certificate === activeRoot ? ('active' as const) : ('former' as const),
    })),
    ...records,
  )
}

function adopted(
  record: CertificateRecord,
  role: KeptAuthority['role'],
  chain: KeptAuthority['chain'],
  { sealer }: AuthorityParts,
): AuthorityRecord[] {
  const [certificate] = certificatesIn(record.pem ?? '')
  if (certificate === undefined || record.key_sealed === null) return []
  const privateKey = openPrivateKey(sealer, record.serial, record.key_sealed)
  const kept = {
    role,
    state: 'former',
    origin: 'own',
    certificate,
    chain,
    createdAt: record.created_at,
  } as const
  return [authorityRecord(kept, { privateKey }, sealer)]
}
