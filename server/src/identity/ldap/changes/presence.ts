import type { LdapSourceConfiguration } from '../../../config/schema.ts'
import { nameKey } from '../../user-name.ts'
import type { DirectorySession } from '../directory.ts'
import { filter } from '../filter.ts'
import { allOf } from '../sync/directory-objects.ts'
import { ask } from './changes-unseen.ts'
import type { ConcernedSet } from './concerned.ts'
import type { WatchedEntries } from './watched-entries.ts'

/** Somebody with a live session, as the session knows them. */
export interface LivePerson {
  readonly name: string
  readonly groups: readonly string[]
}

const NAMES_IN_FILTER = 100
/** Of one look: a thousand people are all looked for every time, ten thousand in ten. */
const NAMES_IN_LOOK = 1_000
const MOST_FOUND = 1_000

/**
 * Nothing tells what was deleted: Active Directory shows it to administrators alone, OpenLDAP to nobody. So people with live
 * sessions, and their groups, are looked for by name: who is not there any more, is called otherwise or stands outside the
 * base DN, is concerned.
 */
export class Presence {
  readonly #source: LdapSourceConfiguration
  readonly #watched: WatchedEntries
  #missing: ReadonlySet<string> = new Set()
  readonly #next = { users: 0, groups: 0 }
  /** Not looked for yet since something changed last. */
  readonly #left = { users: 0, groups: 0 }

  constructor(source: LdapSourceConfiguration, watched: WatchedEntries) {
    this.#source = source
    this.#watched = watched
  }

  /** True: some were not looked for yet. */
  get isBehind(): boolean {
    return this.#left.users + this.#left.groups > 0
  }

  /** Something changed: it may be anybody. */
  begin(): void {
    this.#left.users = Number.POSITIVE_INFINITY
    this.#left.groups = Number.POSITIVE_INFINITY
  }

  async look(
    session: DirectorySession,
    context: string,
    people: readonly LivePerson[],
    concerned: ConcernedSet,
  ): Promise<void> {
    const { nameAttributes, groupName, groupBase = context } = this.#watched
    const { baseDn, userFilter } = this.#source
    const everyUser = new Set(people.map(({ name }) => name))
    const everyGroup = new Set(people.flatMap((person) => person.groups))
    const was = this.#missing
    const missing = new Set([...was].filter((key) => isStill(key, everyUser, everyGroup)))
    this.#missing = missing
    for (const [kind, names, attributes, base, also] of [
      ['users', [...everyUser], nameAttributes, baseDn, userFilter],
      ['groups', [...everyGroup], [groupName], groupBase, undefined],
    ] as const) {
      for (const some of this.#turn(kind, names)) {
        const found = await present(session, base, attributes, some, also)
        if (found === undefined) continue
        for (const name of some) {
          const key = `${kind} ${name}`
          if (found.has(nameKey(name))) missing.delete(key)
          else if (!missing.has(key)) {
            missing.add(key)
            if (kind === 'users') concerned.user([name])
            else concerned.group(name)
          }
        }
      }
    }
  }

  /** Those whose turn it is, some for each question. */
  *#turn(kind: 'users' | 'groups', names: readonly string[]): Generator<readonly string[]> {
    const from = this.#next[kind] < names.length ? this.#next[kind] : 0
    const left = Math.min(this.#left[kind], names.length)
    const end = Math.min(names.length, from + Math.min(left, NAMES_IN_LOOK))
    this.#next[kind] = end
    this.#left[kind] = left - (end - from)
    for (let at = from; at < end; at += NAMES_IN_FILTER)
      yield names.slice(at, Math.min(end, at + NAMES_IN_FILTER))
  }
}

/** What was told once is not told again: a group of another domain is missing here for ever. */
function isStill(key: string, users: ReadonlySet<string>, groups: ReadonlySet<string>): boolean {
  const at = key.indexOf(' ')
  return (key.slice(0, at) === 'users' ? users : groups).has(key.slice(at + 1))
}

/** Keys of the names that are there; undefined: the server would not list them. */
async function present(
  session: DirectorySession,
  base: string,
  attributes: readonly string[],
  names: readonly string[],
  also: string | undefined,
): Promise<ReadonlySet<string> | undefined> {
  const pairs = attributes.flatMap((attribute) => names.map((name) => `(${attribute}=${filter`${name}`})`))
  const found = await ask(session, {
    ...{ base, filter: allOf(also, `(|${pairs.join('')})`), attributes, limit: MOST_FOUND },
  })
  if (found === 'too-many') return undefined
  return new Set(found.flatMap((entry) => attributes.flatMap((name) => entry.texts(name))).map(nameKey))
}
