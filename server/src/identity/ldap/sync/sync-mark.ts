import type { LdapSourceConfiguration } from '../../../config/schema.ts'
import { guidText } from '../active-directory/object-ids.ts'
import type { DirectoryEntry, DirectorySession } from '../directory.ts'
import { anyOf } from './directory-objects.ts'
import { isWithin } from './dn-key.ts'
import { stopUnlessEntries } from './sync-stopped.ts'

/**
 * Clocks of replicas differ, and what another replica changed arrives with the time it was changed there: entries this much
 * older than the mark are read again. Reading one twice changes nothing.
 */
const OVERLAP_MILLISECONDS = 300_000

/** A server as a sync sees it at the beginning of a run. */
export interface SyncedServer {
  /** Tells it from others, and from itself after its database was restored. */
  readonly id: string
  /** The naming context that holds the base DN: the whole of the directory that may be of interest. */
  readonly context: string
  /** Up to where a run that begins now reads; undefined: only its entries tell (generic directories). */
  readonly mark: string | undefined
}

/** How changes are told from what was read before. */
export interface ChangeMarks {
  /** Matches what changed since; undefined: the mark cannot be used any more. */
  since(mark: string, server: SyncedServer): string | undefined
  /** To be asked of each entry for `later`. */
  readonly attribute: string
  /** The mark after an entry was read. */
  later(mark: string | undefined, entry: DirectoryEntry): string | undefined
}

/**
 * Update sequence numbers of Active Directory (MS-ADTS section 3.1.1.1.9): each domain controller counts for itself, and
 * begins a new count, under a new invocationId, when it is restored.
 */
export const USN_MARKS: ChangeMarks = {
  attribute: 'uSNChanged',
  since: (mark, server) => {
    const [from, highest] = [usn(mark), usn(server.mark)]
    if (from === undefined || highest === undefined || highest < from) return undefined
    return `(uSNChanged>=${from + 1n})`
  },
  later: (mark) => mark,
}

/** modifyTimestamp and createTimestamp (RFC 4512 section 3.4), by the server's clock. */
export function timestampMarks(now: number): ChangeMarks {
  return {
    attribute: 'modifyTimestamp',
    since: (mark) => {
      const at = generalizedTime(mark)
      if (at === undefined) return undefined
      const from = timeText(at - OVERLAP_MILLISECONDS)
      return anyOf(`(modifyTimestamp>=${from})`, `(createTimestamp>=${from})`)
    },
    later: (mark, entry) => {
      const at = generalizedTime(entry.text('modifyTimestamp'))
      const known = generalizedTime(mark)
      // A time to come, of a clock that was wrong once, would hide every change until then.
      if (at === undefined || at > now || (known !== undefined && at <= known)) return mark
      return timeText(at)
    },
  }
}

/** Asks the server who it is, and how far its changes go. */
export async function serverOf(
  session: DirectorySession,
  source: LdapSourceConfiguration,
): Promise<SyncedServer> {
  const isActiveDirectory = source.type === 'active-directory'
  const root = await read(session, '', [
    'namingContexts',
    ...(isActiveDirectory ? ['dsServiceName', 'highestCommittedUSN'] : []),
  ])
  const contexts = root?.texts('namingContexts') ?? []
  const context = contexts
    .filter((each) => isWithin(source.baseDn, each))
    .toSorted((a, b) => b.length - a.length)[0]
  const service = isActiveDirectory ? root?.text('dsServiceName') : undefined
  const usn = root?.text('highestCommittedUSN')
  return {
    id: service === undefined ? session.server : `${service} ${await invocation(session, service)}`,
    context: context ?? source.baseDn,
    mark: usn,
  }
}

/** Every user of a domain may read it; where this one may not, a restored server is told by its lower number alone. */
async function invocation(session: DirectorySession, service: string): Promise<string> {
  const answer = await session.search({
    base: service,
    scope: 'base',
    filter: '(objectClass=*)',
    attributes: ['invocationId'],
    limit: 1,
  })
  const [octets] = answer.kind === 'entries' ? (answer.entries[0]?.octets('invocationId') ?? []) : []
  return (octets === undefined ? undefined : guidText(octets)) ?? ''
}

async function read(
  session: DirectorySession,
  base: string,
  attributes: readonly string[],
): Promise<DirectoryEntry | undefined> {
  const query = { base, scope: 'base', filter: '(objectClass=*)', attributes, limit: 1 } as const
  return stopUnlessEntries(await session.search(query), session.server)[0]
}

function usn(text: string | undefined): bigint | undefined {
  return text !== undefined && /^\d{1,19}$/.test(text) ? BigInt(text) : undefined
}

/** GeneralizedTime (RFC 4517 section 3.3.13) in UTC, to the second; other zones and fractions of hours are not written by servers. */
export function generalizedTime(text: string | undefined): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:[.,]\d+)?Z$/.exec(text ?? '')
  if (parts === null) return undefined
  const [, year, month, day, hour, minute, second] = parts.map(Number)
  const at = Date.UTC(Number(year), Number(month) - 1, day, hour, minute, second)
  return Number.isNaN(at) ? undefined : at
}

export function timeText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`
}
