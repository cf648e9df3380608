import type { GrantStore } from '../../grants/grant-store.ts'
import type { Remote } from '../../kernel/rpc.ts'

/** More than this at once are not looked up one by one: a CA that is new here, or one that gave up. */
const MOST_SERIALS = 200

/** Asks for the grants that rest on certificates a fetched CRL has just named to be decided again. */
export async function noteRevoked(
  serials: readonly string[],
  grants: Pick<Remote<GrantStore>, 'note'>,
  at: number,
  version: number,
): Promise<void> {
  const common = { at, cause: 'a CRL was fetched', asked_by: 'system', config_version: version }
  if (serials.length > MOST_SERIALS) {
    await grants.note({ ...common, fact: 'all', key: null })
    return
  }
  for (const key of serials) await grants.note({ ...common, fact: 'certificate', key })
}
