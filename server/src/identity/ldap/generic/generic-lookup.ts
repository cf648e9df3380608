import { isBelowDn, RESULT } from '@sallyport/ldap'
import type { LdapSourceConfiguration } from '../../../config/schema.ts'
import type { AccountLookup, FoundAccount } from '../account-lookup.ts'
import type { DirectoryEntry, DirectorySearch } from '../directory.ts'
import { filter } from '../filter.ts'
import { mappedAttributes } from '../mapped-attributes.ts'
import { unanswered } from '../refusals.ts'
import { isSameName } from '../same-name.ts'
import { barredBy, generalizedTime, STATE_ATTRIBUTES } from './account-state.ts'
import { GroupMemberships, MEMBER_ATTRIBUTES } from './group-memberships.ts'
import { isInGroup } from './group-restriction.ts'

const LOGIN_NAME = 'uid'
/** Entries that may answer to one name, before they are compared with it. */
const CANDIDATES = 20
/** Never changes with the entry's name (RFC 4530). */
const ID = 'entryUUID'
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Accounts of a directory that is not Active Directory: OpenLDAP, 389 Directory Server and others. */
export class GenericAccountLookup implements AccountLookup {
  readonly #settings: LdapSourceConfiguration
  readonly #search: DirectorySearch
  readonly #memberships: GroupMemberships
  readonly #names: readonly string[]
  readonly #attributes: readonly string[]

  constructor(settings: LdapSourceConfiguration, search: DirectorySearch) {
    this.#settings = settings
    this.#search = search
    this.#memberships = new GroupMemberships(settings, search)
    this.#names = settings.userAttributes.length === 0 ? [LOGIN_NAME] : settings.userAttributes
    const mapped = Object.values(settings.attributes)
    this.#attributes = [
      ...new Set([...this.#names, ...mapped, ID, ...MEMBER_ATTRIBUTES, ...STATE_ATTRIBUTES]),
    ]
  }

  /** `user` has lost its suffix to the realm; an attribute such as mail holds the whole name. */
  async byName(user: string, wholeName: string): Promise<FoundAccount> {
    const { baseDn, groupDn } = this.#settings
    const typed = wholeName.includes('@') && wholeName !== user ? [user, wholeName] : [user]
    const answer = await this.#search.search({
      base: baseDn,
      scope: 'sub',
      filter: this.#filter(typed),
      attributes: this.#attributes,
      limit: CANDIDATES,
    })
    if (answer.kind === 'refused') return unanswered(answer, `the search for users below ${baseDn}`)
    if (answer.kind === 'too-many')
      return {
        kind: 'ambiguous',
        accounts: [`more than ${CANDIDATES} entries, or than ${answer.server} lists`],
      }
    if (answer.kind === 'unavailable') return answer
    // Servers find more than the name: other accents, widths, look-alikes.
    const entries = answer.entries.filter((entry) => this.#nameOf(entry, typed) !== undefined)
    const [entry, ...others] = entries
    if (entry === undefined) return { kind: 'not-found' }
    if (others.length > 0) return { kind: 'ambiguous', accounts: entries.map(({ dn }) => dn) }
    const groups = await this.#memberships.of(entry, user)
    if (groups.kind === 'unavailable') return groups
    if (groupDn !== undefined && !isInGroup(entry.dn, groups.dns, groupDn)) return { kind: 'outside-group' }
    return this.#found(entry, typed, groups.names)
  }

  /** Where the server gives no entryUUID the id is the DN, and an entry that was moved is another account. */
  async byId(id: string): Promise<FoundAccount> {
    const { baseDn, userFilter = '(objectClass=*)', groupDn } = this.#settings
    const isUuid = UUID.test(id)
    if (!isUuid && !isBelowDn(id, baseDn)) return { kind: 'not-found' }
    const answer = await this.#search.search({
      ...(isUuid ? { base: baseDn, scope: 'sub' } : { base: id, scope: 'base' }),
      filter: isUuid ? `(&${userFilter}(${ID}=${filter`${id}`}))` : userFilter,
      attributes: this.#attributes,
      limit: 1,
    })
    if (answer.kind === 'refused') {
      if (answer.code === RESULT.noSuchObject) return { kind: 'not-found' }
      return unanswered(answer, `the search for an account below ${baseDn}`)
    }
    if (answer.kind === 'too-many') return { kind: 'ambiguous', accounts: [`more than one entry is ${id}`] }
    if (answer.kind === 'unavailable') return answer
    const [entry] = answer.entries
    const name = entry && this.#names.flatMap((attribute) => entry.texts(attribute))[0]
    if (entry === undefined || name === undefined) return { kind: 'not-found' }
    const groups = await this.#memberships.of(entry, name)
    if (groups.kind === 'unavailable') return groups
    if (groupDn !== undefined && !isInGroup(entry.dn, groups.dns, groupDn)) return { kind: 'outside-group' }
    return this.#found(entry, [name], groups.names)
  }

  #found(entry: DirectoryEntry, typed: readonly string[], groups: readonly string[]): FoundAccount {
    const { name: source, attributes } = this.#settings
    const name = this.#nameOf(entry, typed) ?? typed.join()
    const barred = barredBy(entry)
    const passwordStamp = entry.text('pwdChangedTime')
    const passwordSetAt = passwordStamp === undefined ? undefined : generalizedTime(passwordStamp)
    return {
      kind: 'found',
      account: {
        dn: entry.dn,
        user: {
          id: `${source}/${entry.text(ID) ?? entry.dn}`,
          ...{ name, source, groups },
          attributes: mappedAttributes(entry, attributes),
          lookup: 'live',
        },
        ...(barred === undefined ? {} : { barred }),
        ...(passwordStamp === undefined ? {} : { passwordStamp }),
        ...(passwordSetAt === undefined ? {} : { passwordSetAt }),
      },
    }
  }

  #nameOf(entry: DirectoryEntry, typed: readonly string[]): string | undefined {
    for (const attribute of this.#names)
      for (const name of entry.texts(attribute)) if (typed.some((each) => isSameName(each, name))) return name
    return undefined
  }

  #filter(typed: readonly string[]): string {
    const names = this.#names.flatMap((attribute) => typed.map((name) => `(${attribute}=${filter`${name}`})`))
    const byName = names.length === 1 ? (names[0] as string) : `(|${names.join('')})`
    const { userFilter } = this.#settings
    return userFilter === undefined ? byName : `(&${userFilter}${byName})`
  }
}
