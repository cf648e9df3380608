import type { DirectoryEntry, DirectorySession } from '../directory.ts'

/** How a server tells what changed. */
export interface ChangeCounter {
  readonly by: 'uSNChanged' | 'contextCSN' | 'modifyTimestamp'
  /** Where its changes stand now: the mark of a server that is met for the first time. */
  now(session: DirectorySession): Promise<string>
  /** What changed since the mark. Costs next to nothing where nothing did. */
  since(session: DirectorySession, mark: string): Promise<Changes>
}

export interface Changes {
  /** To go on from. */
  readonly mark: string
  /** False: nothing changed at all, nor was anything deleted. */
  readonly isMoved: boolean
  readonly entries: readonly DirectoryEntry[] | 'too-many'
}

/** Which entries are looked for, and what is read of them. */
export interface ChangeQuestion {
  readonly base: string
  readonly filter: string
  readonly attributes: readonly string[]
}

/** Entries of one answer: what Active Directory gives at once (MaxPageSize). Others may give fewer, and say so. */
export const MOST_ENTRIES = 1000
