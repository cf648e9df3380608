import type { UserTable } from '../../store/schema.ts'
import { nameKey } from '../user-name.ts'

/**
 * A user's row as a version keeps it: without counters and revision, which move on their own, and with the direct
 * groups. JSON.
 */
export type UserImage = Readonly<
  Omit<
    UserTable,
    'failures' | 'last_failure_at' | 'locked_until' | 'revision' | 'created_at' | 'updated_at'
  > & { groups: readonly string[] }
>

/** Picks the columns of an image from a row, or from an image that went through JSON. */
export function userImage(row: Readonly<Omit<UserImage, 'groups'>>, groups: readonly string[]): UserImage {
  return {
    id: row.id,
    name: row.name,
    name_key: row.name_key,
    source: row.source,
    password_storage: row.password_storage,
    password_sealed: row.password_sealed,
    password_changed_at: row.password_changed_at,
    must_change_password: row.must_change_password,
    password_never_expires: row.password_never_expires,
    disabled: row.disabled,
    expires_at: row.expires_at,
    logon_hours: row.logon_hours,
    attributes: row.attributes,
    groups: [...groups].sort(),
  }
}

/** Whether two images mean the same account; groups are compared without case and order. */
export function sameImage(a: UserImage, b: UserImage): boolean {
  return comparable(a) === comparable(b)
}

function comparable(image: UserImage): string {
  return JSON.stringify(userImage(image, image.groups.map(nameKey)))
}
