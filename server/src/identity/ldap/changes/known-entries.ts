import { hash } from 'node:crypto'
import type { DirectoryEntry } from '../directory.ts'
import { dnKey } from '../sync/dn-key.ts'

export interface KnownGroup {
  readonly name: string
  /** Values of its member attributes as the server writes them; absent: not read yet, or too many. */
  readonly members?: ReadonlySet<string>
  /** entryCSN of what was read. */
  readonly number?: string
}

/** So many users whose state is remembered, each in some hundred octets. */
const MOST_USERS = 20_000
/** Groups, organizational units and containers. */
const MOST_FRAMES = 100_000
/** Of all groups together. */
const MOST_MEMBERS = 50_000

/**
 * What is remembered of a directory, to tell what a change is about: whether a user changed in anything that matters, what a
 * group was called and who was in it, where an organizational unit stood. Bounded: what is not remembered is taken to
 * concern more people than it may.
 */
export class KnownEntries {
  readonly #users = new Map<string, string>()
  readonly #groups = new Map<string, KnownGroup>()
  /** By a key of the DN: a group among the members of another. */
  readonly #groupNames = new Map<string, string>()
  readonly #containers = new Map<string, string>()
  #members = 0

  /** False: the user is as it was when it was seen last. */
  isUserChanged(id: string, entry: DirectoryEntry, attributes: readonly string[]): boolean {
    const state = stateOf(entry, attributes)
    const before = this.#users.get(id)
    this.#users.delete(id)
    this.#users.set(id, state)
    if (this.#users.size > MOST_USERS)
      for (const oldest of this.#users.keys()) if (this.#users.delete(oldest)) break
    return before !== state
  }

  /** True: it stood elsewhere before, and so did all below it. */
  isContainerMoved(id: string, dn: string): boolean {
    const key = dnKey(dn)
    const before = this.#containers.get(id)
    if (before !== undefined || this.#containers.size < MOST_FRAMES) this.#containers.set(id, key)
    return before !== undefined && before !== key
  }

  group(id: string): KnownGroup | undefined {
    return this.#groups.get(id)
  }

  /** Name of the group with this DN. */
  groupName(dn: string): string | undefined {
    return this.#groupNames.get(dnKey(dn))
  }

  rememberGroup(id: string, dn: string, group: KnownGroup): void {
    const before = this.#groups.get(id)
    if (before === undefined && this.#groups.size >= MOST_FRAMES) return
    this.#members -= before?.members?.size ?? 0
    const { members, ...without } = group
    const isRoom = members !== undefined && this.#members + members.size <= MOST_MEMBERS
    this.#groups.set(id, isRoom ? group : without)
    if (isRoom) this.#members += members.size
    const key = dnKey(dn)
    // Renamed and moved groups leave their DNs behind.
    this.#groupNames.delete(key)
    if (this.#groupNames.size >= MOST_FRAMES)
      for (const oldest of this.#groupNames.keys()) if (this.#groupNames.delete(oldest)) break
    this.#groupNames.set(key, group.name)
  }
}

function stateOf(entry: DirectoryEntry, attributes: readonly string[]): string {
  const values = attributes.map((name) =>
    entry
      .octets(name)
      .map((octets) => Buffer.from(octets).toString('latin1'))
      .toSorted(),
  )
  return hash('sha256', JSON.stringify([entry.dn, values]), 'base64url').slice(0, 22)
}
