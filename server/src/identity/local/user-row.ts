import { PASSWORD_STORAGES } from '../../config/password-storage.ts'
import type { UserTable } from '../../store/schema.ts'
import type { StoredPassword, StoredUser } from './stored-user.ts'

/** A row of `users` as the worker wants it, with the groups resolved. */
export function storedUser(row: Readonly<UserTable>, groups: readonly string[]): StoredUser {
  const password = passwordOf(row)
  return {
    id: row.id,
    name: row.name,
    source: row.source,
    ...(password === undefined ? {} : { password }),
    mustChangePassword: row.must_change_password === 1,
    passwordNeverExpires: row.password_never_expires === 1,
    disabled: row.disabled === 1,
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
    ...(row.logon_hours === null ? {} : { logonHours: textList(row.logon_hours) }),
    attributes: textRecord(row.attributes),
    groups,
    failures: row.failures,
    ...(row.last_failure_at === null ? {} : { lastFailureAt: row.last_failure_at }),
    ...(row.locked_until === null ? {} : { lockedUntil: row.locked_until }),
  }
}

/** undefined: no password, or a form this program does not know. */
export function passwordOf(
  row: Readonly<Pick<UserTable, 'password_storage' | 'password_sealed' | 'password_changed_at'>>,
): StoredPassword | undefined {
  const storage = PASSWORD_STORAGES.find((known) => known === row.password_storage)
  if (storage === undefined || row.password_sealed === null) return undefined
  return { storage, sealed: row.password_sealed, changedAt: row.password_changed_at ?? 0 }
}

/** Only user-store.ts and the data section write these columns, so their shape is known; damage is an empty list: never. */
function textList(json: string): readonly string[] {
  const value: unknown = JSON.parse(json)
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : []
}

function textRecord(json: string): Readonly<Record<string, string>> {
  const value: unknown = JSON.parse(json)
  const entries = Object.entries(typeof value === 'object' && value !== null ? value : {})
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

/** How attributes are written: in order of name, so that equal ones are equal text. */
export function attributesText(attributes: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))))
}
