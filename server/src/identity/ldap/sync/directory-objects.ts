import type { DirectoryEntry } from '../directory.ts'
import type { DirectoryGroup, DirectoryUser } from './directory-object.ts'

/** What to ask a kind of directory for its users and groups, and how its answers are read. */
export interface DirectoryObjects {
  readonly userFilter: string
  /** Without the administrator's condition: matches also whom it no longer does. */
  readonly everyUserFilter: string
  readonly userAttributes: readonly string[]
  readonly groupFilter: string
  readonly groupAttributes: readonly string[]
  /** Attributes of a group that hold its members. */
  readonly memberAttributes: readonly string[]
  /** What a user or group is told from others by, renamed or moved. */
  readonly idAttribute: string
  /** Entries above others: where one of them changed, DNs below may have, and the entries themselves say nothing of it. */
  readonly containerFilter: string
  /**
   * True where the server changes `member` when a member is renamed, and the group itself says nothing of it (linked
   * attributes of Active Directory).
   */
  readonly keepsLinks: boolean
  id(entry: DirectoryEntry): string | undefined
  /** undefined: an entry without what makes it a user, such as a name. */
  user(entry: DirectoryEntry): DirectoryUser | undefined
  group(entry: DirectoryEntry): DirectoryGroup | undefined
}

/** Every condition must hold; empty ones do not count. */
export function allOf(...filters: readonly (string | undefined)[]): string {
  const given = filters.filter((each) => each !== undefined && each !== '')
  return given.length === 1 ? String(given[0]) : `(&${given.join('')})`
}

export function anyOf(...filters: readonly string[]): string {
  return filters.length === 1 ? String(filters[0]) : `(|${filters.join('')})`
}

/** Only what has a value: absent fields are absent, not empty. */
export function present<T extends object>(
  fields: { readonly [K in keyof T]: T[K] | undefined | '' },
): Partial<T> {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined && value !== '')
  return Object.fromEntries(kept) as Partial<T> // the very fields, without those that are empty
}

/** E-mail addresses of an entry. `SMTP:` and `smtp:` mark them in Active Directory; other kinds (X400, SIP) are none. */
export function addressesOf(entry: DirectoryEntry, attributes: readonly string[]): string[] {
  return attributes
    .flatMap((attribute) => entry.texts(attribute))
    .map((value) => (/^smtp:/i.test(value) ? value.slice('smtp:'.length) : value))
    .filter((value) => /^[^\s@:]+@[^\s@:]+$/.test(value))
}
