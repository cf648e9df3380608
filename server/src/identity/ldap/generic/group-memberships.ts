import { dnKey, parseDn } from '@sallyport/ldap'
import type { LdapSourceConfiguration } from '../../../config/schema.ts'
import type { DirectoryEntry, DirectorySearch, DirectoryUnavailable } from '../directory.ts'
import { filter } from '../filter.ts'
import { unanswered } from '../refusals.ts'
import { groupBase } from './group-base.ts'

/** Of the user's entry. */
export const MEMBER_ATTRIBUTES = ['memberOf', 'uid', 'gidNumber']

/** Groups in groups in groups ...: deeper than any directory that people understand. */
const LEVELS = 10
/** Groups of one user. */
const GROUPS = 1000
/** Members asked about in one filter. */
const TOGETHER = 50

/** RFC 4519, RFC 2307, RFC 2307bis, and what others call it. */
const CLASSES = `(|${[
  'groupOfNames',
  'groupOfUniqueNames',
  'posixGroup',
  'groupOfMembers',
  'groupOfEntries',
  'group',
]
  .map((name) => `(objectClass=${name})`)
  .join('')})`

export type Memberships =
  | { readonly kind: 'memberships'; readonly dns: readonly string[]; readonly names: readonly string[] }
  | DirectoryUnavailable

/**
 * The groups of a user: groupOfNames and groupOfUniqueNames by DN, posixGroup by memberUid and the primary gidNumber, and
 * what memberOf tells beside. Groups in groups level by level; a group is asked about once, so loops end.
 */
export class GroupMemberships {
  readonly #search: DirectorySearch
  readonly #base: string
  readonly #nameAttribute: string
  readonly #isNested: boolean

  constructor(settings: LdapSourceConfiguration, search: DirectorySearch) {
    this.#search = search
    this.#base = groupBase(settings)
    this.#nameAttribute = settings.groups.nameAttribute ?? 'cn'
    this.#isNested = settings.groups.nested
  }

  async of(user: DirectoryEntry, typed: string): Promise<Memberships> {
    const found = new Map<string, { dn: string; names: readonly string[] }>()
    const refused = await this.#collect(found, this.#direct(user, typed), user.texts('memberOf'))
    if (refused !== undefined) return refused
    const groups = [...found.values()]
    const names = new Set(groups.flatMap((group) => group.names))
    return { kind: 'memberships', dns: groups.map(({ dn }) => dn), names: [...names].sort() }
  }

  #direct(user: DirectoryEntry, typed: string): string {
    const login = user.text('uid') ?? typed
    const gid = user.text('gidNumber')
    const primary = gid === undefined ? '' : filter`(&(objectClass=posixGroup)(gidNumber=${gid}))`
    const byName = filter`(member=${user.dn})(uniqueMember=${user.dn})(memberUid=${login})`
    return groupsWith(`${byName}${primary}`)
  }

  async #collect(
    found: Map<string, { dn: string; names: readonly string[] }>,
    direct: string,
    memberOf: readonly string[],
  ): Promise<DirectoryUnavailable | undefined> {
    let asked: readonly string[] = [direct]
    for (let level = 0; level < LEVELS && asked.length > 0; level++) {
      const fresh: string[] = []
      const answers = await Promise.all(asked.map((question) => this.#groups(question)))
      for (const answer of answers) {
        if ('kind' in answer) return answer
        for (const entry of answer) this.#add(found, fresh, entry.dn, entry.texts(this.#nameAttribute))
      }
      if (level === 0)
        for (const dn of memberOf) this.#add(found, fresh, dn, nameInDn(dn, this.#nameAttribute))
      if (found.size > GROUPS)
        return { kind: 'unavailable', why: `the user is a member of more than ${GROUPS} groups` }
      asked = this.#isNested ? parentsOf(fresh) : []
    }
    return undefined
  }

  #add(
    found: Map<string, { dn: string; names: readonly string[] }>,
    fresh: string[],
    dn: string,
    names: readonly string[],
  ): void {
    const key = (dnKey(dn) ?? [dn]).join()
    if (found.has(key)) return
    found.set(key, { dn, names })
    fresh.push(dn)
  }

  async #groups(question: string): Promise<readonly DirectoryEntry[] | DirectoryUnavailable> {
    const answer = await this.#search.search({
      base: this.#base,
      scope: 'sub',
      filter: question,
      attributes: [this.#nameAttribute],
      limit: GROUPS,
    })
    switch (answer.kind) {
      case 'entries':
        return answer.entries
      case 'refused':
        return unanswered(answer, `the search for groups below ${this.#base}`)
      case 'too-many':
        // Half a list would let a rule miss the group that forbids.
        return {
          kind: 'unavailable',
          why: `${answer.server} did not list all groups of the user (more than ${GROUPS}, or its own limit)`,
        }
      case 'unavailable':
        return answer
    }
  }
}

/**
 * By class as well: a server has an index of classes always, and of member, uniqueMember and memberUid where somebody
 * thought of it. Without one it would read every entry of the directory.
 */
function groupsWith(alternatives: string): string {
  return `(&${CLASSES}(|${alternatives}))`
}

function parentsOf(groups: readonly string[]): string[] {
  const questions: string[] = []
  for (let at = 0; at < groups.length; at += TOGETHER) {
    const members = groups.slice(at, at + TOGETHER).map((dn) => filter`(member=${dn})(uniqueMember=${dn})`)
    questions.push(groupsWith(members.join('')))
  }
  return questions
}

/** memberOf gives names alone; where the group is called by another attribute, its search tells. */
function nameInDn(dn: string, attribute: string): readonly string[] {
  if (dnKey(dn) === undefined) return []
  const [own = []] = parseDn(dn)
  return own.filter(({ type }) => type === attribute.toLowerCase()).map(({ value }) => value)
}
