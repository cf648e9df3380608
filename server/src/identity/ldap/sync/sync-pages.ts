import type { DirectoryEntry, DirectorySession, PagedQuery } from '../directory.ts'
import { stopUnlessEntries } from './sync-stopped.ts'

/** A page of entries with all their attributes may take a slow server a while. */
const PAGE_DEADLINE_MILLISECONDS = 30_000

/** Every entry below the base, page by page. Throws SyncStopped where they do not come whole. */
export async function* pagesOf(
  session: DirectorySession,
  query: Omit<PagedQuery, 'scope' | 'deadlineMilliseconds'>,
): AsyncGenerator<readonly DirectoryEntry[]> {
  const deadlineMilliseconds = PAGE_DEADLINE_MILLISECONDS
  for await (const answer of session.searchPaged({ ...query, scope: 'sub', deadlineMilliseconds })) {
    yield stopUnlessEntries(answer, session.server, query.base)
  }
}
