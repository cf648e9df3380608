import type { LdapSourceConfiguration } from '../../config/schema.ts'
import { ldapSourceSchema } from '../../config/sections/sources/ldap.ts'
import { checkDirectory } from '../../identity/directory-checks.ts'
import { browse, type Shown } from '../../identity/ldap/browse.ts'
import {
  DirectoryObjectReader,
  type StoredGroup,
  type StoredUser,
  type SyncState,
} from '../../identity/ldap/sync/directory-object-reader.ts'
import { SyncStopped, stopUnlessOpen } from '../../identity/ldap/sync/sync-stopped.ts'
import { RequestError } from '../../kernel/errors.ts'
import type {
  Directory,
  DirectoryGroup,
  DirectoryListing,
  DirectoryUser,
  Services,
} from '../../listeners/https/services.ts'
import { render } from '../../reasons/index.ts'
import type { ApiParts } from '../api-services.ts'
import { instant, optional } from './instant.ts'

export function directoryApi(parts: ApiParts): Services['directories'] {
  const { configuration, reader, directorySync, openDirectory, clock } = parts
  const read = new DirectoryObjectReader(reader)
  const sources = (): readonly LdapSourceConfiguration[] =>
    configuration.snapshot.configuration.sources.filter((source) => source.kind === 'ldap')
  const existing = (name: string): LdapSourceConfiguration => {
    const source = sources().find((each) => each.name === name)
    if (source === undefined)
      throw new RequestError('directory-not-found', `There is no directory "${name}".`, { directory: name })
    return source
  }
  const look = async (source: LdapSourceConfiguration, dn: string | undefined, show: Shown) => {
    if (source.bindMode === 'simple') {
      const why = `"${source.name}" has bindMode simple: nobody but a user can look into it.`
      const cure = 'Browse by a source with a service account (bindMode regular) for the same servers.'
      throw new RequestError('directory-unavailable', `${why} ${cure}`)
    }
    try {
      return await listing(source, dn, show)
    } catch (error) {
      if (!(error instanceof SyncStopped)) throw error
      const { sentence, nextStep } = render(error.reason)
      throw new RequestError('directory-unavailable', `${sentence} ${nextStep}`, { code: error.code })
    }
  }
  const listing = async (
    source: LdapSourceConfiguration,
    dn: string | undefined,
    show: Shown,
  ): Promise<DirectoryListing> => {
    const session = stopUnlessOpen(await openDirectory(source))
    try {
      return await browse(session, dn, show)
    } finally {
      session.close()
    }
  }
  return {
    list: async () => {
      const states = new Map((await read.states()).map((state) => [state.source, state]))
      return await Promise.all(
        sources().map(async (source) =>
          directoryOf(source, states.get(source.name), await read.counts(source.name), clock.now()),
        ),
      )
    },
    sync: (name, order) => directorySync.begin(name, order),
    users: async (name, { search, limit, cursor }) => {
      const page = await read.users({ source: existing(name).name, search, limit, after: cursor })
      const items = await Promise.all(
        page.items.map(async (row) => userOf(row, await read.groupsOf(row), clock.now())),
      )
      return { items, ...optional('next', page.next) }
    },
    groups: async (name, { search, limit, cursor }) => {
      const page = await read.groups({ source: existing(name).name, search, limit, after: cursor })
      return { items: page.items.map(groupOf), ...optional('next', page.next) }
    },
    browse: async (name, { dn, show }) => await look(existing(name), dn, show),
    browseUnsaved: async ({ connection, dn, show }) => {
      const { bindPassword, ...settings } = connection
      // Only the connection is used; the rest is what the schema asks for.
      const { bindPassword: _, ...whole } = ldapSourceSchema.parse({
        ...settings,
        kind: 'ldap',
        name: 'unsaved',
        baseDn: dn || 'dc=unsaved',
      })
      const source: LdapSourceConfiguration = { ...whole, ...optional('bindPassword', bindPassword) }
      refuseFaults(source)
      return await look(source, dn, show)
    },
  }
}

/** What could not be applied is not tried either: a password would go over the network in the clear. */
function refuseFaults(source: LdapSourceConfiguration): void {
  // Nobody logs in here: the template of users is not asked for.
  const problems = checkDirectory(source).filter(
    ({ severity, path }) => severity === 'error' && !path.endsWith('/userDn'),
  )
  const [first] = problems
  if (first !== undefined) throw new RequestError('configuration-invalid', first.message, { problems })
}

function directoryOf(
  source: LdapSourceConfiguration,
  state: SyncState | undefined,
  counts: { readonly users: number; readonly groups: number },
  now: number,
): Directory {
  const { name, type, servers, domain, bindMode, baseDn, groupDn, userFilter, sync } = source
  const failure = state?.failure === undefined ? undefined : render(state.failure)
  const at = (time: number | null | undefined) => (time == null ? undefined : instant(time))
  return {
    ...{ name, type, servers, bindMode, baseDn },
    ...optional('domain', domain),
    ...optional('groupDn', groupDn),
    ...optional('userFilter', userFilter),
    sync: {
      enabled: sync.enabled,
      state: stateOf(sync.enabled, state, now),
      minutes: sync.minutes,
      fullHours: sync.fullHours,
      ...counts,
      ...optional('startedAt', at(state?.started_at)),
      ...optional('triedAt', at(state?.tried_at)),
      ...optional('succeededAt', at(state?.succeeded_at)),
      ...optional('fullAt', at(state?.full_at)),
      ...optional('last', state?.last),
      ...optional('reason', state?.failure?.code),
      ...optional('problem', failure?.sentence),
      ...optional('nextStep', failure?.nextStep),
    },
  }
}

function stateOf(isEnabled: boolean, state: SyncState | undefined, now: number): Directory['sync']['state'] {
  if (state !== undefined && state.holder !== '' && state.held_until > now) return 'running'
  if (!isEnabled) return 'off'
  if (state?.tried_at == null) return 'waiting'
  return state.failure === undefined ? 'done' : 'failed'
}

function userOf(row: StoredUser, groups: readonly string[], now: number): DirectoryUser {
  const { id, name, dn, expires_at: expiresAt } = row
  const isExpired = expiresAt !== null && expiresAt <= now
  return {
    ...{ id, name, dn, groups },
    addresses: JSON.parse(row.addresses) as string[], // written by userRow
    state: row.disabled === 1 ? 'disabled' : isExpired ? 'expired' : 'enabled',
    changedAt: instant(row.changed_at),
    ...optional('upn', row.upn),
    ...optional('displayName', row.display_name),
    ...optional('mail', row.mail),
    ...optional('department', row.department),
    ...optional('sid', row.sid),
    ...optional('expiresAt', expiresAt === null ? null : instant(expiresAt)),
  }
}

function groupOf(row: StoredGroup): DirectoryGroup {
  const { id, name, dn } = row
  return {
    ...{ id, name, dn },
    changedAt: instant(row.changed_at),
    ...optional('description', row.description),
    ...optional('sid', row.sid),
  }
}
