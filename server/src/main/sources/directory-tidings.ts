import type { LivePeople, LivePerson } from '../../access/session-grants/live-people.ts'
import type { Configuration } from '../../config/schema.ts'
import type { GrantStore } from '../../grants/grant-store.ts'
import type { Concerned } from '../../identity/ldap/changes/concerned.ts'
import { nameKey } from '../../identity/user-name.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logging.ts'
import type { Remote } from '../../kernel/rpc.ts'
import type { FactChange } from '../../store/fact-change.ts'
import type { Tidings } from './directory-watch.ts'
import type { SourceUpkeep } from './source-upkeep.ts'

export interface DirectoryTidingsParts {
  readonly configuration: {
    readonly snapshot: { readonly version: number; readonly configuration: Pick<Configuration, 'sources'> }
  }
  readonly sources: Pick<SourceUpkeep, 'forget' | 'refresh'>
  readonly store: Remote<Pick<GrantStore, 'noteAll'>>
  readonly people: Pick<LivePeople, 'all'>
  readonly clock: Clock
  readonly log: Logger
}

type Fact = Pick<FactChange, 'fact' | 'key'>

/** More people than this are not noted one by one: every live session is then looked at. */
const MOST_NOTED = 200
const ALL: readonly Fact[] = [{ fact: 'all', key: null }]

/** What a change in a directory means here: logins ask anew, and the live sessions it concerns are decided again. */
export class DirectoryTidings {
  readonly #parts: DirectoryTidingsParts

  constructor(parts: DirectoryTidingsParts) {
    this.#parts = parts
  }

  /** Whom this directory let in, and who is connected. Too many to be listed: nobody. */
  async connected(name: string): Promise<readonly LivePerson[]> {
    return this.#ours(name, (await this.#parts.people.all()) ?? [], false)
  }

  async tell(name: string, tidings: Tidings): Promise<void> {
    const { sources, log } = this.#parts
    switch (tidings.kind) {
      case 'logins':
        await sources.refresh(name)
        return
      case 'everybody':
        log.info({ source: name }, `Everybody of directory "${name}" is asked for anew: ${tidings.why}.`)
        await sources.refresh(name)
        await this.#note(ALL, name)
        return
      case 'concerned': {
        const { concerned } = tidings.concerned
        // First: what is decided again must not be decided by what was known.
        await sources.forget(name, concerned)
        await this.#note(await this.#facts(name, concerned), name)
      }
    }
  }

  async #facts(name: string, { users, groups }: Concerned): Promise<readonly Fact[]> {
    const live = await this.#parts.people.all()
    if (live === undefined) return ALL
    const names = new Set(users.map(nameKey))
    const inGroups = new Set(groups)
    const met = this.#ours(name, live, true).filter(
      (person) =>
        names.has(nameKey(person.name)) ||
        names.has(nameKey(person.subject)) ||
        person.groups.some((group) => inGroups.has(group)),
    )
    const subjects = [...new Set(met.map(({ subject }) => subject))]
    return subjects.length > MOST_NOTED ? ALL : subjects.map((key) => ({ fact: 'user', key }))
  }

  async #note(facts: readonly Fact[], name: string): Promise<void> {
    const { store, clock, configuration } = this.#parts
    if (facts.length === 0) return
    const common = {
      ...{ at: clock.now(), cause: `directory "${name}" changed`, asked_by: 'system' },
      config_version: configuration.snapshot.version,
    }
    await store.noteAll(facts.map((fact) => ({ ...common, ...fact })))
  }

  /** Whom a source let in that stands on this directory. `orUnknown`: and those of whom it is not known. */
  #ours(name: string, people: readonly LivePerson[], orUnknown: boolean): readonly LivePerson[] {
    const { sources } = this.#parts.configuration.snapshot.configuration
    const names = new Set(
      sources.flatMap((source) =>
        source.name === name || (source.kind === 'winbind' && source.directory === name) ? [source.name] : [],
      ),
    )
    return people.filter(({ source }) => (source === undefined ? orUnknown : names.has(source)))
  }
}
