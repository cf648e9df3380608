import { reason } from '../../../reasons/index.ts'
import type { DirectoryEntry, DirectorySession, PagedQuery } from '../directory.ts'
import { SyncStopped, stopUnlessEntries } from './sync-stopped.ts'

/** A page of entries with all their attributes may take a slow server a while. */
const PAGE_DEADLINE_MILLISECONDS = 30_000

/** No directory of people has more; a server that goes on and on must not fill the memory and the store. */
const MOST_ENTRIES = 2_000_000

/** Every entry below the base, page by page. Throws SyncStopped where they do not come whole. */
export async function* pagesOf(
  session: DirectorySession,
  query: Omit<PagedQuery, 'scope' | 'deadlineMilliseconds'>,
): AsyncGenerator<readonly DirectoryEntry[]> {
  const deadlineMilliseconds = PAGE_DEADLINE_MILLISECONDS
  let read = 0
  for await (const answer of session.searchPaged({ ...query, scope: 'sub', deadlineMilliseconds })) {
    const entries = stopUnlessEntries(answer, session.server, query.base)
    // A page without entries counts too.
    read += Math.max(1, entries.length)
    if (read > MOST_ENTRIES) {
      const detail = `more than ${MOST_ENTRIES} entries for one question`
      throw new SyncStopped(reason('directory-sync-broken-off', { server: session.server, detail }))
    }
    yield entries
  }
}
