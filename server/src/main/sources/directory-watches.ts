import type { LivePeople, LivePerson } from '../../access/session-grants/live-people.ts'
import type { Configuration, LdapSourceConfiguration } from '../../config/schema.ts'
import type { Snapshot } from '../../config/snapshot.ts'
import type { GrantStore } from '../../grants/grant-store.ts'
import { DirectoryChanges } from '../../identity/ldap/changes/directory-changes.ts'
import { createDirectory } from '../../identity/ldap/directories.ts'
import type { LdapDirectory } from '../../identity/ldap/ldap-directory.ts'
import { nameKey } from '../../identity/user-name.ts'
import type { Clock } from '../../kernel/clock.ts'
import { ConfigError } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/logging.ts'
import type { Remote } from '../../kernel/rpc.ts'
import type { FactChange } from '../../store/fact-change.ts'
import { DirectoryWatch, type Tidings, type WatchState } from './directory-watch.ts'
import type { SourceUpkeep } from './source-upkeep.ts'

export interface DirectoryWatchesParts {
  readonly configuration: { readonly snapshot: Snapshot }
  readonly sources: Pick<SourceUpkeep, 'forget' | 'refresh'>
  readonly store: Remote<Pick<GrantStore, 'note' | 'noteAll'>>
  readonly people: Pick<LivePeople, 'all'>
  readonly clock: Clock
  readonly log: Logger
}

interface Kept {
  readonly watch: DirectoryWatch
  readonly directory: LdapDirectory
  readonly settings: string
}

const FOLLOW_MILLISECONDS = 1000
/** More people than this are not noted one by one: every live session is then looked at. */
const MOST_NOTED = 200

/** Watches the directories of the configuration for changes; what they concern is forgotten and decided again. */
export class DirectoryWatches {
  readonly #parts: DirectoryWatchesParts
  readonly #kept = new Map<string, Kept>()
  readonly #timer: NodeJS.Timeout
  #followed: Snapshot | undefined

  constructor(parts: DirectoryWatchesParts) {
    this.#parts = parts
    this.#follow()
    this.#timer = setInterval(() => this.#follow(), FOLLOW_MILLISECONDS).unref()
  }

  /** undefined: it is not watched. */
  state(source: string): WatchState | undefined {
    return this.#kept.get(source)?.watch.state
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all([...this.#kept.keys()].map((name) => this.#end(name)))
  }

  #follow(): void {
    const { snapshot } = this.#parts.configuration
    if (snapshot === this.#followed) return
    this.#followed = snapshot
    const wanted = new Map(watchable(snapshot.configuration).map((source) => [source.name, source]))
    for (const [name, { settings }] of this.#kept) {
      const source = wanted.get(name)
      if (source === undefined || JSON.stringify(source) !== settings) void this.#end(name)
    }
    for (const source of wanted.values()) if (!this.#kept.has(source.name)) this.#begin(source)
  }

  #begin(source: LdapSourceConfiguration): void {
    const { clock, log, people } = this.#parts
    const { name } = source
    let directory: LdapDirectory
    try {
      directory = createDirectory(source)
    } catch (error) {
      // Whoever serves logins by it says so.
      if (error instanceof ConfigError) return
      throw error
    }
    const watch = new DirectoryWatch({
      ...{ source: name, seconds: source.changes.seconds, clock, log },
      changes: new DirectoryChanges(source, clock),
      open: () => directory.openSession(),
      hasOthers: () => directory.state.servers.length > 1,
      live: async () => this.#ours(name, (await people.all()) ?? []),
      tell: (tidings) => this.#tell(name, tidings),
    })
    this.#kept.set(name, { watch, directory, settings: JSON.stringify(source) })
    watch.begin()
  }

  async #end(name: string): Promise<void> {
    const kept = this.#kept.get(name)
    this.#kept.delete(name)
    await kept?.watch.close()
    kept?.directory.close()
  }

  async #tell(name: string, tidings: Tidings): Promise<void> {
    const { sources, log } = this.#parts
    switch (tidings.kind) {
      case 'logins':
        await sources.refresh(name)
        return
      case 'everybody':
        log.info({ source: name }, `Everybody of directory "${name}" is asked for anew: ${tidings.why}.`)
        await sources.refresh(name)
        await this.#note([{ fact: 'all', key: null }], name)
        return
      case 'concerned': {
        const { concerned } = tidings.concerned
        await sources.forget(name, concerned)
        const live = await this.#parts.people.all()
        if (live === undefined) return await this.#note([{ fact: 'all', key: null }], name)
        const names = new Set(concerned.users.map(nameKey))
        const groups = new Set(concerned.groups)
        const met = this.#ours(name, live, true).filter(
          (person) =>
            names.has(nameKey(person.name)) ||
            names.has(nameKey(person.subject)) ||
            person.groups.some((group) => groups.has(group)),
        )
        const subjects = [...new Set(met.map(({ subject }) => subject))]
        if (subjects.length > MOST_NOTED) await this.#note([{ fact: 'all', key: null }], name)
        else
          await this.#note(
            subjects.map((key) => ({ fact: 'user', key })),
            name,
          )
      }
    }
  }

  async #note(facts: readonly Pick<FactChange, 'fact' | 'key'>[], name: string): Promise<void> {
    const { store, clock, configuration } = this.#parts
    if (facts.length === 0) return
    const common = {
      ...{ at: clock.now(), cause: `directory "${name}" changed`, asked_by: 'system' },
      config_version: configuration.snapshot.version,
    }
    await store.noteAll(facts.map((fact) => ({ ...common, ...fact })))
  }

  /** Whom a source let in that stands on this directory. `orUnknown`: and those of whom it is not known. */
  #ours(name: string, people: readonly LivePerson[], orUnknown = false): readonly LivePerson[] {
    const { sources } = this.#parts.configuration.snapshot.configuration
    const names = new Set(
      sources.flatMap((source) =>
        source.name === name || (source.kind === 'winbind' && source.directory === name) ? [source.name] : [],
      ),
    )
    return people.filter(({ source }) => (source === undefined ? orUnknown : names.has(source)))
  }
}

/** bindMode simple: nobody but users, each with the password, is told anything. */
function watchable({ sources }: Pick<Configuration, 'sources'>): readonly LdapSourceConfiguration[] {
  return sources
    .filter((source) => source.kind === 'ldap')
    .filter(({ bindMode, changes }) => bindMode !== 'simple' && changes.seconds > 0)
}
