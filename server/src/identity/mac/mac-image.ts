import { normaliseMac } from '../../kernel/mac-address.ts'
import type { MacAddressTable } from '../../store/schema.ts'
import type { MacItem } from './mac-item.ts'

/** What of a row an administrator decides: everything but revision and times. */
export type MacImage = Omit<MacAddressTable, 'revision' | 'created_at' | 'updated_at'>

export function macImage(item: MacItem): MacImage {
  const attributes = Object.entries(item.attributes).sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    mac: normaliseMac(item.mac) ?? '', // the schema has refused what is none
    description: item.description,
    groups: JSON.stringify([...new Set(item.groups)].sort()),
    owner: item.owner,
    disabled: item.disabled ? 1 : 0,
    expires_at: item.expiresAt === undefined ? null : Date.parse(item.expiresAt),
    attributes: JSON.stringify(Object.fromEntries(attributes)),
  }
}

/** The columns of a row that an image has. */
export function imageOfRow(row: Readonly<MacAddressTable>): MacImage {
  const { mac, description, groups, owner, disabled, expires_at, attributes } = row
  return { mac, description, groups, owner, disabled, expires_at, attributes }
}

export function itemOf(image: MacImage): MacItem {
  return {
    mac: image.mac,
    description: image.description,
    groups: JSON.parse(image.groups),
    owner: image.owner,
    disabled: image.disabled === 1,
    ...(image.expires_at === null ? {} : { expiresAt: new Date(image.expires_at).toISOString() }),
    attributes: JSON.parse(image.attributes),
  }
}

export function sameMac(a: MacImage | null, b: MacImage | null): boolean {
  if (a === null || b === null) return a === b
  return (Object.keys(a) as (keyof MacImage)[]).every((column) => a[column] === b[column]) // keys of MacImage
}
