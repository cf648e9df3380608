import { reason } from '../../../reasons/index.ts'
import type { DirectoryEntry, DirectorySession } from '../directory.ts'
import { dnKey } from './dn-key.ts'
import { searchText } from './object-row.ts'
import { SyncStopped, stopUnlessEntries } from './sync-stopped.ts'

/** A group of more members than this is no group of people. */
const MOST_MEMBERS = 5_000_000
const SLICE = 1_000
const LOGIN_ATTRIBUTE = 'memberuid'
/** nameAndOptionalUID (RFC 4517 section 3.3.21): the DN may be followed by a bit string. */
const OPTIONAL_UID = /#'[01]*'B$/

/** Keys of a group's members, some at a time. */
export async function* memberKeys(
  session: DirectorySession,
  group: DirectoryEntry,
  attributes: readonly string[],
): AsyncGenerator<readonly string[]> {
  for await (const { attribute, values } of memberValues(session, group, attributes)) {
    const key = isLoginAttribute(attribute) ? loginKey : memberKey
    yield* inSlices(values, key)
  }
}

/** What `memberUid` holds (RFC 2307 section 2): login names, and no distinguished ones. */
export function isLoginAttribute(attribute: string): boolean {
  return attribute.toLowerCase() === LOGIN_ATTRIBUTE
}

/** The distinguished name in `member`, without what else may stand there. */
export function memberDn(value: string): string {
  return value.replace(OPTIONAL_UID, '')
}

/**
 * A group's members as the server wrote them, part by part. Active Directory gives no more than 1500 of them at once and
 * says so in the attribute's name (MS-ADTS section 3.1.1.3.1.3.3); the rest is asked for by range.
 */
export async function* memberValues(
  session: DirectorySession,
  group: DirectoryEntry,
  attributes: readonly string[],
): AsyncGenerator<{ readonly attribute: string; readonly values: readonly string[] }> {
  for (const attribute of attributes) {
    yield { attribute, values: group.texts(attribute) }
    let part = partOf(group, attribute)
    for (let from = 0; part !== undefined; ) {
      // Each goes on where the one before ended, or the group is not known whole.
      if (part.from !== from || from > MOST_MEMBERS) throw endless(session, group, attribute)
      yield { attribute, values: part.values }
      if (part.next === undefined) break
      from = part.next
      if (part.values.length === 0) throw endless(session, group, attribute)
      part = partOf(await rest(session, group, `${attribute};range=${from}-*`), attribute)
      if (part === undefined) throw endless(session, group, attribute)
    }
  }
}

/** A server may send a hundred thousand at once: the thread is left to others in between. */
async function* inSlices(
  values: readonly string[],
  key: (value: string) => string,
): AsyncGenerator<readonly string[]> {
  for (let at = 0; at < values.length; at += SLICE) {
    if (at > 0) await new Promise((resolve) => setImmediate(resolve))
    yield values.slice(at, at + SLICE).map(key)
  }
}

/** Of a DN as it stands in `member`. */
function memberKey(value: string): string {
  return dnKey(memberDn(value))
}

function loginKey(login: string): string {
  return `uid:${searchText(login)}`
}

interface Part {
  readonly from: number
  readonly values: readonly string[]
  /** Absent: the last one. */
  readonly next?: number
}

function partOf(entry: DirectoryEntry, attribute: string): Part | undefined {
  const prefix = `${attribute.toLowerCase()};range=`
  // Both the empty attribute and its part may be there.
  const name = entry.names.find((each) => each.toLowerCase().startsWith(prefix))
  if (name === undefined) return undefined
  const values = entry.texts(name)
  const [from = '', last = ''] = name.slice(prefix.length).split('-')
  return { from: Number(from), values, ...(last !== '*' && { next: Number(last) + 1 }) }
}

async function rest(
  session: DirectorySession,
  group: DirectoryEntry,
  attribute: string,
): Promise<DirectoryEntry> {
  const query = { base: group.dn, scope: 'base', filter: '(objectClass=*)', limit: 1 } as const
  const answer = stopUnlessEntries(
    await session.search({ ...query, attributes: [attribute] }),
    session.server,
  )
  const [entry] = answer
  // It was there a moment ago: what was read of it is not all.
  if (entry === undefined) throw endless(session, group, attribute)
  return entry
}

function endless(session: DirectorySession, group: DirectoryEntry, attribute: string): SyncStopped {
  const detail = `members of ${group.dn} could not be read whole (${attribute})`
  return new SyncStopped(reason('directory-sync-broken-off', { server: session.server, detail }))
}
