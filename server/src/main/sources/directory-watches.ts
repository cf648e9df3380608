import type { Configuration, LdapSourceConfiguration } from '../../config/schema.ts'
import type { Snapshot } from '../../config/snapshot.ts'
import { DirectoryChanges } from '../../identity/ldap/changes/directory-changes.ts'
import type { LdapDirectory } from '../../identity/ldap/ldap-directory.ts'
import { ConfigError } from '../../kernel/errors.ts'
import { patientDirectory } from '../open-directory.ts'
import { DirectoryTidings, type DirectoryTidingsParts } from './directory-tidings.ts'
import { DirectoryWatch, type WatchState } from './directory-watch.ts'

export interface DirectoryWatchesParts extends DirectoryTidingsParts {
  readonly configuration: { readonly snapshot: Snapshot }
}

interface Kept {
  readonly watch: DirectoryWatch
  readonly directory: LdapDirectory
  readonly settings: string
}

const FOLLOW_MILLISECONDS = 1000

/** Watches the directories of the configuration for changes; what they concern is forgotten and decided again. */
export class DirectoryWatches {
  readonly #parts: DirectoryWatchesParts
  readonly #tidings: DirectoryTidings
  readonly #kept = new Map<string, Kept>()
  readonly #timer: NodeJS.Timeout
  #followed: Snapshot | undefined

  constructor(parts: DirectoryWatchesParts) {
    this.#parts = parts
    this.#tidings = new DirectoryTidings(parts)
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
    const { clock, log } = this.#parts
    const { name } = source
    let directory: LdapDirectory
    try {
      directory = patientDirectory(source)
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
      live: () => this.#tidings.connected(name),
      tell: (tidings) => this.#tidings.tell(name, tidings),
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
}

/** bindMode simple: nobody but users, each with the password, is told anything. */
function watchable({ sources }: Pick<Configuration, 'sources'>): readonly LdapSourceConfiguration[] {
  return sources
    .filter((source) => source.kind === 'ldap')
    .filter(({ bindMode, changes }) => bindMode !== 'simple' && changes.seconds > 0)
}
