import type { Insertable } from 'kysely'
import { storable } from '../../../kernel/storable.ts'
import type { InsertStatement } from '../../../store/row-write.ts'
import type {
  DirectoryAddressTable,
  DirectoryGroupTable,
  DirectoryMembershipTable,
  DirectoryUserTable,
} from '../../../store/schema.ts'
import { nameKey } from '../../user-name.ts'
import type { DirectoryGroup, DirectoryUser } from './directory-object.ts'
import { dnKey } from './dn-key.ts'

export type UserRow = Insertable<DirectoryUserTable>
export type GroupRow = Insertable<DirectoryGroupTable>
export type MembershipRow = Insertable<DirectoryMembershipTable>
export type AddressRow = Insertable<DirectoryAddressTable>

/** A directory may hold texts of any length; nobody reads more than this. */
const LONGEST = 1000
/** Nor looks for more; and an index of PostgreSQL takes no more than 2700 octets. */
const LONGEST_KEY = 250
const MOST_ADDRESSES = 100

const USER_COLUMNS = [
  'source',
  'id',
  'name',
  'name_key',
  'upn',
  'display_name',
  'display_key',
  'surname_key',
  'mail',
  'addresses',
  'department',
  'dn',
  'dn_key',
  'sid',
  'primary_group_sid',
  'disabled',
  'expires_at',
  'changed_at',
] as const satisfies (keyof UserRow)[]

const GROUP_COLUMNS = [
  'source',
  'id',
  'name',
  'name_key',
  'description',
  'dn',
  'dn_key',
  'sid',
  'changed_at',
] as const satisfies (keyof GroupRow)[]

/** Puts in what is new and replaces what is known. */
export const WRITE_USER: InsertStatement<'directory_users'> = {
  table: 'directory_users',
  columns: USER_COLUMNS,
  ...replacing(USER_COLUMNS),
}
export const WRITE_GROUP: InsertStatement<'directory_groups'> = {
  table: 'directory_groups',
  columns: GROUP_COLUMNS,
  ...replacing(GROUP_COLUMNS),
}
export const WRITE_ADDRESS: InsertStatement<'directory_addresses'> = {
  table: 'directory_addresses',
  columns: ['source', 'address_key', 'user_id'],
  onConflict: '(source, address_key, user_id) do nothing',
}
export const WRITE_MEMBERSHIP: InsertStatement<'directory_memberships'> = {
  table: 'directory_memberships',
  columns: ['source', 'group_id', 'member_key'],
  onConflict: '(source, group_id, member_key) do nothing',
}

export function userRow(source: string, user: DirectoryUser, now: number): UserRow {
  const addresses = [...new Set(user.addresses.map((address) => searchText(address)))]
  const display = bounded(user.displayName)
  return {
    source,
    id: storable(user.id),
    name: text(user.name),
    name_key: searchText(user.name),
    upn: bounded(user.upn),
    display_name: display,
    display_key: display === null ? null : searchText(display),
    surname_key: user.surname === undefined ? null : searchText(user.surname),
    mail: bounded(user.mail),
    addresses: JSON.stringify(addresses.slice(0, MOST_ADDRESSES)),
    department: bounded(user.department),
    dn: storable(user.dn),
    dn_key: dnKey(user.dn),
    sid: user.sid ?? null,
    primary_group_sid: user.primaryGroupSid ?? null,
    disabled: user.disabled ? 1 : 0,
    expires_at: user.expiresAt ?? null,
    changed_at: now,
  }
}

export function groupRow(source: string, group: DirectoryGroup, now: number): GroupRow {
  return {
    source,
    id: storable(group.id),
    name: text(group.name),
    name_key: searchText(group.name),
    description: bounded(group.description),
    dn: storable(group.dn),
    dn_key: dnKey(group.dn),
    sid: group.sid ?? null,
    changed_at: now,
  }
}

export function addressRows({ source, id, addresses }: UserRow): AddressRow[] {
  const keys = JSON.parse(addresses) as string[] // written by userRow
  return keys.map((address_key) => ({ source, address_key, user_id: id }))
}

/** What is looked for, and what it is looked for in. */
export function searchText(value: string): string {
  return nameKey(text(value, LONGEST_KEY))
}

/** True where the rows say the same, whenever they were written. */
export function isSame<Row extends UserRow | GroupRow>(one: Row, other: Row): boolean {
  return (Object.keys(one) as (keyof Row)[]).every(
    (column) => column === 'changed_at' || one[column] === other[column],
  )
}

function bounded(value: string | undefined): string | null {
  return value === undefined ? null : text(value)
}

/** Not cut inside a character: half of one is no text. */
function text(value: string, most = LONGEST): string {
  return storable(value.length > most ? value.slice(0, most).toWellFormed() : value)
}

function replacing(columns: readonly string[]): { onConflict: string; conflictKey: readonly string[] } {
  const set = columns
    .filter((column) => column !== 'source' && column !== 'id')
    .map((column) => `${column} = excluded.${column}`)
  return { onConflict: `(source, id) do update set ${set.join(', ')}`, conflictKey: ['source', 'id'] }
}
