import { hash } from 'node:crypto'
import type { LdapSourceConfiguration } from '../../../config/schema.ts'
import { activeDirectoryObjects } from './active-directory-objects.ts'
import type { SyncCounts } from './directory-object.ts'
import type { SyncState } from './directory-object-reader.ts'
import { genericObjects } from './generic-objects.ts'
import { serverOf, timestampMarks, USN_MARKS } from './sync-mark.ts'
import type { SyncParts } from './sync-parts.ts'
import { SyncRun } from './sync-run.ts'

/** Marks of so many servers are kept; beyond, the one used longest ago is forgotten, and read whole when it is met again. */
const MOST_SERVERS = 16
const HOUR = 3_600_000

export interface SyncOrder {
  readonly full: boolean
  readonly force: boolean
}

export interface SyncDone {
  readonly counts: SyncCounts
  readonly marks: string
  readonly settingsMark: string
}

/** Reads what changed where that can be told, else everything. Throws SyncStopped. */
export async function startRun(
  parts: Omit<SyncParts, 'server' | 'objects' | 'marks' | 'isFirst' | 'isForced'>,
  state: SyncState | undefined,
  order: SyncOrder,
): Promise<SyncDone> {
  const { source, session, clock } = parts
  const startedAt = clock.monotonic()
  const now = clock.now()
  const isActiveDirectory = source.type === 'active-directory'
  const settingsMark = settingsMarkOf(source)
  const server = await serverOf(session, source)
  const all: SyncParts = {
    ...parts,
    server,
    objects: isActiveDirectory ? activeDirectoryObjects(source) : genericObjects(source),
    marks: isActiveDirectory ? USN_MARKS : timestampMarks(now),
    isFirst: state?.succeeded_at == null,
    isForced: order.force,
  }
  const known = state === undefined ? {} : marksOf(state)
  const mark = isDue(source, state, settingsMark, now, order) ? undefined : known[server.id]
  let run = new SyncRun(all)
  let kind: SyncCounts['kind'] = 'changes'
  if (mark === undefined || !(await run.changes(mark))) {
    run = new SyncRun(all)
    kind = 'full'
    await run.full()
  }
  // What was read of other settings is no base for changes.
  const marks = state?.settings_mark === settingsMark ? known : {}
  return {
    counts: {
      kind,
      server: session.server,
      ...run.counts,
      milliseconds: Math.round(clock.monotonic() - startedAt),
    },
    marks: JSON.stringify(withMark(marks, server.id, run.mark)),
    settingsMark,
  }
}

/** Whether everything has to be read. */
function isDue(
  source: LdapSourceConfiguration,
  state: SyncState | undefined,
  settingsMark: string,
  now: number,
  { full, force }: SyncOrder,
): boolean {
  if (full || force || state?.full_at == null || state.settings_mark !== settingsMark) return true
  return now - state.full_at >= source.sync.fullHours * HOUR
}

function marksOf({ marks }: SyncState): Record<string, string> {
  return JSON.parse(marks) as Record<string, string> // written by withMark
}

/** The one used last comes last. */
function withMark(
  marks: Readonly<Record<string, string>>,
  id: string,
  mark: string | undefined,
): Record<string, string> {
  const others = Object.entries(marks).filter(([other]) => other !== id)
  return Object.fromEntries([...others, ...(mark === undefined ? [] : [[id, mark]])].slice(-MOST_SERVERS))
}

/** Of everything that says what is read, and how. */
function settingsMarkOf(source: LdapSourceConfiguration): string {
  const { type, baseDn, userFilter, userAttributes, attributes, groups, sync } = source
  const read = [type, baseDn, userFilter, userAttributes, attributes, groups.nameAttribute]
  return hash(
    'sha256',
    JSON.stringify([...read, sync.groupBaseDn, sync.addressAttributes]),
    'base64url',
  ).slice(0, 22)
}
