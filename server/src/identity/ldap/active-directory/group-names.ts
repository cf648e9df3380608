import { toHex } from '@sallyport/bytes'
import type { Clock } from '../../../kernel/clock.ts'
import type { DirectorySearch, DirectoryUnavailable } from '../directory.ts'
import { filter } from '../filter.ts'
import { sidText } from './object-ids.ts'
import { unanswered } from './unanswered.ts'

export interface DirectoryGroup {
  /** Absent: of another domain, which this server does not know. */
  readonly dn?: string
  readonly name: string
}

const MAY_BE_OLD_MILLISECONDS = 10 * 60 * 1000
/** A domain of 50,000 people has some thousand groups. */
const MOST_KNOWN = 20_000
/** Groups asked for in one search: a filter of about 6 kB. */
const BATCH = 100

interface Known {
  readonly group: DirectoryGroup
  readonly at: number
}

/** Names of groups by SID or by DN, each asked once in ten minutes. */
export class GroupNames {
  readonly #clock: Clock
  readonly #nameAttribute: string
  #known = new Map<string, Known>()

  constructor(clock: Clock, nameAttribute: string) {
    this.#clock = clock
    this.#nameAttribute = nameAttribute
  }

  /** @param root DN of the domain: groups stand anywhere in it, not only below the base DN of users */
  async find(
    directory: DirectorySearch,
    wanted: { readonly sids: readonly Uint8Array[]; readonly dns: readonly string[] },
    root: string,
    deadlineMilliseconds: () => number,
  ): Promise<readonly DirectoryGroup[] | DirectoryUnavailable> {
    const bySid = new Map(wanted.sids.map((sid) => [sidKey(sid), filter`(objectSid=${sid})`]))
    const byDn = new Map(wanted.dns.map((dn) => [dnKey(dn), filter`(distinguishedName=${dn})`]))
    const filters = new Map([...bySid, ...byDn])
    const found = new Map<string, DirectoryGroup>()
    const missing: string[] = []
    for (const key of filters.keys()) {
      const known = this.#fresh(key)
      if (known === undefined) missing.push(key)
      else found.set(key, known)
    }
    // What is answered after everything was forgotten may be from before.
    const known = this.#known
    for (let at = 0; at < missing.length; at += BATCH) {
      const keys = missing.slice(at, at + BATCH)
      const fault = await this.#ask(directory, keys, filters, root, deadlineMilliseconds(), found, known)
      if (fault !== undefined) return fault
    }
    // A group found by SID and by DN is one group.
    return [...new Map([...found.values()].map((group) => [group.dn ?? group.name, group])).values()]
  }

  /** Asks anew: one may have been renamed. */
  forget(): void {
    this.#known = new Map()
  }

  async #ask(
    directory: DirectorySearch,
    keys: readonly string[],
    filters: ReadonlyMap<string, string>,
    root: string,
    deadlineMilliseconds: number,
    found: Map<string, DirectoryGroup>,
    known: Map<string, Known>,
  ): Promise<DirectoryUnavailable | undefined> {
    const answer = await directory.search({
      base: root,
      scope: 'sub',
      filter: `(|${keys.map((key) => filters.get(key) ?? '').join('')})`,
      attributes: ['objectSid', this.#nameAttribute, 'sAMAccountName'],
      limit: keys.length * 2,
      deadlineMilliseconds,
    })
    if (answer.kind !== 'entries') return unanswered(answer, 'the names of groups')
    for (const entry of answer.entries) {
      const sid = entry.octets('objectSid')[0]
      const name = entry.text(this.#nameAttribute) ?? entry.text('sAMAccountName')
      if (name === undefined) continue
      const group = { dn: entry.dn, name }
      for (const key of [sid === undefined ? '' : sidKey(sid), dnKey(entry.dn)]) {
        if (!filters.has(key)) continue
        found.set(key, group)
        this.#remember(known, key, group)
      }
    }
    for (const key of keys) {
      if (found.has(key) || !key.startsWith(SID)) continue
      // A universal group of another domain of the forest: a rule can name it by its SID.
      const group = { name: key.slice(SID.length) }
      found.set(key, group)
      this.#remember(known, key, group)
    }
    return undefined
  }

  #fresh(key: string): DirectoryGroup | undefined {
    const known = this.#known.get(key)
    if (known === undefined) return undefined
    if (this.#clock.monotonic() - known.at < MAY_BE_OLD_MILLISECONDS) return known.group
    this.#known.delete(key)
    return undefined
  }

  #remember(known: Map<string, Known>, key: string, group: DirectoryGroup): void {
    if (known.size >= MOST_KNOWN) {
      const [oldest] = known.keys()
      if (oldest !== undefined) known.delete(oldest)
    }
    known.set(key, { group, at: this.#clock.monotonic() })
  }
}

const SID = 'sid '

function sidKey(sid: Uint8Array): string {
  return SID + (sidText(sid) ?? toHex(sid))
}

/** As one server writes it, wherever it does. */
function dnKey(dn: string): string {
  return `dn ${dn.toLowerCase()}`
}
