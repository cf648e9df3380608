import { RequestError } from '../../kernel/errors.ts'
import type { Services, SourceStatus as Shown } from '../../listeners/https/services.ts'
import { render } from '../../reasons/index.ts'
import type { ApiParts } from '../api-services.ts'
import type { WatchState } from '../sources/directory-watch.ts'
import { type SourceStatus, statusOf } from '../sources/source-status.ts'
import { instant, optional } from './instant.ts'

export function sourceApi({
  configuration,
  sources,
  directoryWatches,
  stores,
  clock,
}: ApiParts): Services['sources'] {
  const configured = () => configuration.snapshot.configuration.sources
  return {
    list: async () => {
      const seen = await sources.status()
      return configured().flatMap(({ name, kind }) =>
        kind === 'local'
          ? []
          : [
              {
                ...shown(kind, seen.get(name) ?? statusOf(name, [])),
                ...(kind === 'ldap' && { changes: changesShown(directoryWatches.state(name)) }),
              },
            ],
      )
    },
    refresh: async (name, user, askedBy) => {
      if (!configured().some((source) => source.name === name && source.kind === 'ldap')) {
        throw new RequestError(
          'not-found',
          `"${name}" is no source of kind ldap; no other keeps what it was told. sallyport sources lists them all.`,
        )
      }
      await sources.refresh(name, user === undefined ? undefined : [user])
      const change = { at: clock.now(), cause: `${name} is asked anew`, asked_by: askedBy }
      const { version } = configuration.snapshot
      const fact =
        user === undefined ? { fact: 'all' as const, key: null } : { fact: 'user' as const, key: user }
      await stores.grants.note({ ...change, ...fact, config_version: version })
    },
  }
}

function changesShown(seen: WatchState | undefined): NonNullable<Shown['changes']> {
  if (seen === undefined) return { state: 'off' }
  const { state, by, server, askedAt, changedAt, failure } = seen
  return {
    state,
    ...optional('by', by),
    ...optional('server', server),
    ...optional('askedAt', askedAt === undefined ? undefined : instant(askedAt)),
    ...optional('changedAt', changedAt === undefined ? undefined : instant(changedAt)),
    ...optional('why', failure && render(failure).sentence),
  }
}

function shown(kind: Shown['kind'], status: SourceStatus): Shown {
  const { source, state, since, heardAt, lastError, answers, unanswered, outage, threads } = status
  return {
    ...{ name: source, kind, state, answers, unanswered },
    ...optional('since', since === undefined ? undefined : instant(since)),
    ...optional('heardAt', heardAt === undefined ? undefined : instant(heardAt)),
    ...optional('lastError', lastError && { ...lastError, at: instant(lastError.at) }),
    silentLogins: outage.silences,
    offlineLogins: outage.offline,
    clients: outage.clients.map(({ client, silences, lastAt }) => ({
      ...{ client, silentLogins: silences, lastAt: instant(lastAt) },
    })),
    threads: threads.map(({ thread, seen }) => ({
      ...{ thread, state: seen.state, answers: seen.answers, unanswered: seen.unanswered },
      ...optional('since', seen.since === undefined ? undefined : instant(seen.since)),
      ...optional('heardAt', seen.heardAt === undefined ? undefined : instant(seen.heardAt)),
      servers: seen.servers,
    })),
  }
}
