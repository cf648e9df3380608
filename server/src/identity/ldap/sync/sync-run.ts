import type { DirectoryEntry } from '../directory.ts'
import { containerMark, containersSince } from './container-mark.ts'
import type { SyncCounts } from './directory-object.ts'
import { GroupPass } from './group-pass.ts'
import { Removal } from './removal.ts'
import type { SyncParts } from './sync-parts.ts'
import { SyncWriter } from './sync-writer.ts'
import { readUsers } from './user-pass.ts'

/**
 * One look at a directory, whole or at what changed. Writes as it goes, in small transactions; what is gone is deleted last,
 * so that a look that breaks off deletes nothing.
 */
export class SyncRun {
  readonly #parts: SyncParts
  readonly #writer: SyncWriter
  readonly #removal: Removal
  #mark: string | undefined
  #containers = ''

  constructor(parts: SyncParts) {
    this.#parts = parts
    this.#writer = new SyncWriter(parts)
    this.#removal = new Removal(parts, this.#writer)
  }

  /** From where to go on at this server; undefined: it does not tell. */
  get mark(): string | undefined {
    const { mark } = this.#parts.server
    return mark ?? (this.#mark === undefined ? undefined : `${this.#mark} ${this.#containers}`)
  }

  get counts(): Omit<SyncCounts, 'kind' | 'server' | 'milliseconds'> {
    return this.#writer.counts
  }

  /** Reads everything and compares. */
  async full(): Promise<void> {
    if (this.#parts.server.mark === undefined) this.#containers = await containerMark(this.#parts)
    const [users, groups] = await this.#read(undefined)
    await this.#removal.missing('users', users)
    await this.#removal.missing('groups', groups)
  }

  /** Reads what changed since `mark`. False: only a full look tells. */
  async changes(mark: string): Promise<boolean> {
    const [entries = '', containers = ''] = mark.split(' ')
    const { server, marks } = this.#parts
    const since = marks.since(entries, server)
    if (since === undefined) return false
    if (server.mark === undefined) this.#containers = await containerMark(this.#parts, containers)
    const isMoved =
      server.mark === undefined ? this.#containers !== containers : await containersSince(this.#parts, since)
    if (isMoved) return false
    this.#mark = entries
    const [users, groups] = await this.#read(since)
    await this.#removal.gone(since, users, groups)
    return true
  }

  async #read(since: string | undefined): Promise<readonly [users: Set<string>, groups: Set<string>]> {
    const { marks } = this.#parts
    const later = (entry: DirectoryEntry): void => {
      this.#mark = marks.later(this.#mark, entry)
    }
    // Users first: whoever joins a group is known when it is read.
    const users = await readUsers(this.#parts, this.#writer, since, later)
    const groups = await new GroupPass(this.#parts, this.#writer).read(since, later)
    return [users, groups]
  }
}
