import type { FieldChange, ObjectChange } from '../../config/difference.ts'
import { sameImage, type UserImage } from './user-image.ts'
import type { UserWrite } from './user-writes.ts'

const SECTION = 'users'

/** A write and what it shows as. */
export interface Planned extends UserWrite {
  readonly fields: readonly FieldChange[]
}

export function isChange(before: UserImage | null, after: UserImage | null): boolean {
  return before === null || after === null || !sameImage(before, after)
}

export function changeOf({ before, after, fields }: Planned): ObjectChange {
  const name = (after ?? before)?.name ?? ''
  if (before === null) return { section: SECTION, name, action: 'create' }
  if (after === null) return { section: SECTION, name, action: 'delete' }
  if (!isChange(before, after)) return { section: SECTION, name, action: 'unchanged' }
  return { section: SECTION, name, action: 'change', fields }
}

/** The fields an administrator knows, by the names of the document. */
const FIELDS: readonly (readonly [path: string, value: (image: UserImage) => unknown])[] = [
  ['name', (image) => image.name],
  ['source', (image) => image.source],
  ['passwordStorage', (image) => image.password_storage],
  ['groups', (image) => image.groups],
  ['disabled', (image) => image.disabled === 1],
  [
    'expiresAt',
    (image) => (image.expires_at === null ? undefined : new Date(image.expires_at).toISOString()),
  ],
  ['mustChangePassword', (image) => image.must_change_password === 1],
  ['passwordNeverExpires', (image) => image.password_never_expires === 1],
  ['logonHours', (image) => (image.logon_hours === null ? undefined : JSON.parse(image.logon_hours))],
  ['attributes', (image) => JSON.parse(image.attributes)],
]

export function fieldsOf(before: UserImage, after: UserImage): FieldChange[] {
  const fields: FieldChange[] = []
  for (const [path, value] of FIELDS) {
    const [old, now] = [value(before), value(after)]
    if (JSON.stringify(old) === JSON.stringify(now)) continue
    fields.push({ path, ...(old == null ? {} : { before: old }), ...(now == null ? {} : { after: now }) })
  }
  if (before.password_sealed !== after.password_sealed) {
    fields.push({
      path: 'password',
      ...(before.password_sealed === null ? {} : { before: '***' }),
      ...(after.password_sealed === null ? {} : { after: '***' }),
    })
  }
  return fields
}
