import { SallyportError } from '../../../kernel/errors.ts'
import { type Reason, reason, render } from '../../../reasons/index.ts'
import type {
  DirectoryEntry,
  DirectorySession,
  DirectoryUnavailable,
  LdapRefusal,
  PageAnswer,
  SearchAnswer,
} from '../directory.ts'

/** Ends a run from whichever depth: what was written so far stays, nothing is deleted. */
export class SyncStopped extends SallyportError {
  readonly reason: Reason
  /** What the server answered, where that was it. */
  readonly result: number | undefined

  constructor(why: Reason, result?: number) {
    super(why.code, render(why).sentence)
    this.reason = why
    this.result = result
  }
}

/** Result codes of LDAP (RFC 4511 section 4.1.9). */
export const LDAP_RESULT = {
  sizeLimitExceeded: 4,
  noSuchObject: 32,
  insufficientAccess: 50,
} as const satisfies Record<string, number>

export function stopUnlessEntries(
  answer: SearchAnswer | PageAnswer,
  server: string,
  base?: string,
): readonly DirectoryEntry[] {
  switch (answer.kind) {
    case 'entries':
      return answer.entries
    case 'refused':
      throw new SyncStopped(refusal(answer, server, base), answer.code)
    case 'too-many':
      throw new SyncStopped(
        reason('directory-sync-broken-off', { server, detail: 'more entries came than were asked for' }),
      )
    case 'unavailable':
      throw new SyncStopped(reason('directory-sync-broken-off', { server, detail: answer.why }))
  }
}

export function stopUnlessOpen(
  opened: DirectorySession | LdapRefusal | DirectoryUnavailable,
): DirectorySession {
  if (opened.kind === 'session') return opened
  if (opened.kind === 'unavailable')
    throw new SyncStopped(reason('directory-sync-broken-off', { detail: opened.why }))
  throw new SyncStopped(refusal(opened, opened.server, undefined), opened.code)
}

function refusal({ code, message }: LdapRefusal, server: string, base: string | undefined): Reason {
  switch (code) {
    case LDAP_RESULT.noSuchObject:
      return reason('directory-sync-base-missing', { server, base: base ?? '' })
    case LDAP_RESULT.sizeLimitExceeded:
      return reason('directory-sync-size-limit', { server })
    default:
      return reason('directory-sync-refused', {
        server,
        result: code,
        ...(message !== '' && { detail: message }),
      })
  }
}
