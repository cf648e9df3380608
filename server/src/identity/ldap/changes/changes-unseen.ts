import { resultName } from '@sallyport/ldap'
import { SallyportError } from '../../../kernel/errors.ts'
import type { DirectoryEntry, DirectorySession, DirectoryUnavailable, LdapRefusal } from '../directory.ts'
import { cureFor } from '../refusals.ts'

/** A directory did not tell what changed. Ends a look from whichever depth; nothing is decided by it. */
export class ChangesUnseen extends SallyportError {
  constructor(why: string) {
    super('directory-changes-unseen', why)
  }
}

export function sessionOf(opened: DirectorySession | LdapRefusal | DirectoryUnavailable): DirectorySession {
  if (opened.kind === 'session') return opened
  throw new ChangesUnseen(opened.kind === 'unavailable' ? opened.why : refusalText(opened))
}

export function refusalText({ server, code, message }: LdapRefusal): string {
  const cure = cureFor(code)
  return `${server} refused with ${resultName(code)}${cure === undefined ? '' : ` (${cure})`}${message === '' ? '' : `: ${message}`}`
}

/** One question; `too-many` where the server, or we, would not take them all. */
export async function ask(
  session: DirectorySession,
  question: {
    readonly base: string
    readonly scope?: 'base' | 'sub'
    readonly filter?: string
    readonly attributes: readonly string[]
    readonly limit: number
  },
): Promise<readonly DirectoryEntry[] | 'too-many'> {
  const answer = await session.search({ scope: 'sub', filter: '(objectClass=*)', ...question })
  switch (answer.kind) {
    case 'entries':
      return answer.entries
    case 'too-many':
      return 'too-many'
    case 'refused':
      throw new ChangesUnseen(refusalText(answer))
    case 'unavailable':
      throw new ChangesUnseen(answer.why)
  }
}
