import type { DirectoryEntry, DirectorySession } from '../directory.ts'
import { isLoginAttribute, memberDn, memberValues } from '../sync/member-keys.ts'
import { SyncStopped } from '../sync/sync-stopped.ts'
import type { ConcernedSet } from './concerned.ts'
import type { KnownEntries } from './known-entries.ts'
import type { WatchedEntries } from './watched-entries.ts'

/** Of one look. More groups: everybody is meant, for each costs a question or more. */
const MOST_GROUPS = 50
/** Members of one group that are read; of a larger one it is not known who came and went. */
const MOST_MEMBERS = 5_000
/** Members that are asked for their names, one by one. */
const MOST_ASKED = 200
/** A connection takes no more at once (`connection.ts`); what it does not take is not answered. */
const ASKED_AT_A_TIME = 4

export interface ChangedEntriesParts {
  readonly source: string
  readonly watched: WatchedEntries
  readonly known: KnownEntries
}

/** Tells whom entries that changed concern. */
export class ChangedEntries {
  readonly #parts: ChangedEntriesParts

  constructor(parts: ChangedEntriesParts) {
    this.#parts = parts
  }

  /** What stands there when the watch begins: names of groups and places of containers. */
  remember(entry: DirectoryEntry): void {
    const { watched, known } = this.#parts
    const id = watched.id(entry)
    if (watched.kind(entry) === 'container') known.isContainerMoved(id, entry.dn)
    else known.rememberGroup(id, entry.dn, { name: this.#groupName(entry) })
  }

  async read(
    session: DirectorySession,
    entries: readonly DirectoryEntry[],
    concerned: ConcernedSet,
  ): Promise<void> {
    const { watched, known, source } = this.#parts
    const groups: DirectoryEntry[] = []
    for (const entry of entries) {
      const id = watched.id(entry)
      switch (watched.kind(entry)) {
        case 'user':
          if (known.isUserChanged(id, entry, watched.userAttributes)) {
            concerned.user(this.#namesOf(entry), `${source}/${id}`)
          }
          break
        case 'container':
          if (known.isContainerMoved(id, entry.dn)) concerned.everybody(`${entry.dn} was moved or renamed`)
          break
        case 'group':
          if (!this.#isRead(id, entry)) groups.push(entry)
      }
    }
    if (groups.length > MOST_GROUPS) concerned.everybody(`${groups.length} groups changed at once`)
    for (const group of groups) {
      if (concerned.isEverybody !== undefined) this.#forgetMembers(group)
      else await this.#group(session, group, concerned)
    }
  }

  /** A change number is of one change (OpenLDAP); where there is none, a group is read again. */
  #isRead(id: string, entry: DirectoryEntry): boolean {
    const number = entry.text('entryCSN')
    return number !== undefined && number === this.#parts.known.group(id)?.number
  }

  #forgetMembers(entry: DirectoryEntry): void {
    const { watched, known } = this.#parts
    known.rememberGroup(watched.id(entry), entry.dn, { name: this.#groupName(entry) })
  }

  async #group(session: DirectorySession, entry: DirectoryEntry, concerned: ConcernedSet): Promise<void> {
    const { watched, known } = this.#parts
    const id = watched.id(entry)
    const name = this.#groupName(entry)
    const before = known.group(id)
    const members = await this.#members(session, entry)
    const number = entry.text('entryCSN')
    known.rememberGroup(id, entry.dn, {
      name,
      ...(members !== undefined && { members }),
      ...(number !== undefined && { number }),
    })
    if (before !== undefined && before.name !== name) concerned.group(before.name, name)
    if (before?.members === undefined || members === undefined) {
      // Who left is among those who were in it; who joined is in it now.
      concerned.group(name)
      if (members === undefined)
        concerned.everybody(`who joined ${entry.dn} is not known: it is too large, or cannot be read`)
      else await this.#resolve(session, [...members], name, concerned)
      return
    }
    const changed = [...members.symmetricDifference(before.members)]
    await this.#resolve(session, changed, name, concerned)
  }

  /** undefined: too many, or too large an answer. A login name is told from a DN by a mark in front. */
  async #members(
    session: DirectorySession,
    { dn }: DirectoryEntry,
  ): Promise<ReadonlySet<string> | undefined> {
    const attributes = this.#parts.watched.memberAttributes
    const answer = await session.search({
      ...{ base: dn, scope: 'base', filter: '(objectClass=*)', attributes, limit: 1 },
    })
    // One group that cannot be read must not hide all other changes.
    if (answer.kind !== 'entries') return undefined
    const [entry] = answer.entries
    const members = new Set<string>()
    if (entry === undefined) return members
    try {
      for await (const { attribute, values } of memberValues(session, entry, attributes)) {
        for (const value of values) members.add(isLoginAttribute(attribute) ? LOGIN + value : memberDn(value))
        if (members.size > MOST_MEMBERS) return undefined
      }
    } catch (error) {
      if (error instanceof SyncStopped) return undefined
      throw error
    }
    return members
  }

  /** From members to the names logins and groups go by. */
  async #resolve(
    session: DirectorySession,
    members: readonly string[],
    group: string,
    concerned: ConcernedSet,
  ): Promise<void> {
    const unknown: string[] = []
    for (const member of members) {
      const inner = member.startsWith(LOGIN) ? undefined : this.#parts.known.groupName(member)
      if (member.startsWith(LOGIN)) concerned.user([member.slice(LOGIN.length)])
      else if (inner !== undefined) concerned.group(inner)
      else unknown.push(member)
    }
    if (unknown.length > MOST_ASKED) {
      concerned.everybody(
        `${unknown.length} members of "${group}" came or went, or are looked at for the first time`,
      )
      return
    }
    for (let at = 0; at < unknown.length; at += ASKED_AT_A_TIME) {
      const some = unknown.slice(at, at + ASKED_AT_A_TIME)
      await Promise.all(some.map((dn) => this.#member(session, dn, group, concerned)))
    }
  }

  async #member(
    session: DirectorySession,
    dn: string,
    group: string,
    concerned: ConcernedSet,
  ): Promise<void> {
    const { watched } = this.#parts
    const attributes = [...watched.nameAttributes, watched.groupName]
    const answer = await session.search({
      ...{ base: dn, scope: 'base', filter: '(objectClass=*)', attributes, limit: 1 },
    })
    if (answer.kind === 'unavailable') {
      concerned.everybody(`who ${dn} is, that came into or left "${group}", is not known: ${answer.why}`)
      return
    }
    const entry = answer.kind === 'entries' ? answer.entries[0] : undefined
    // It is gone, hidden, or of another domain: it was in the group, if anywhere.
    if (entry === undefined) {
      concerned.group(group)
      return
    }
    concerned.user(this.#namesOf(entry))
    // Where it is a group that came meanwhile.
    concerned.group(...entry.texts(watched.groupName))
  }

  #namesOf(entry: DirectoryEntry): readonly string[] {
    return this.#parts.watched.nameAttributes.flatMap((name) => entry.texts(name))
  }

  #groupName(entry: DirectoryEntry): string {
    return entry.text(this.#parts.watched.groupName) ?? entry.dn
  }
}

/** No DN begins so. */
const LOGIN = '\0'
