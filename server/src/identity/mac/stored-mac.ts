import type { MacAddressTable } from '../../store/schema.ts'

/** A MAC address of the MAC store, as a worker reads it. Times are milliseconds since the epoch. */
export interface StoredMac {
  /** Twelve lower-case hexadecimal digits. */
  readonly mac: string
  readonly description: string
  /** Of the MAC store alone: no group of users. */
  readonly groups: readonly string[]
  readonly owner: string
  readonly disabled: boolean
  readonly expiresAt?: number
  readonly attributes: Readonly<Record<string, string>>
}

/** Where a worker finds MAC addresses. Synchronous: a lookup is on the path of every login. */
export interface MacDirectory {
  /** By its twelve lower-case digits. */
  find(mac: string): StoredMac | undefined
}

export function storedMac(row: Readonly<MacAddressTable>): StoredMac {
  const { mac, description, owner } = row
  return {
    mac,
    description,
    owner,
    // Only this folder writes these columns, so their shape is known.
    groups: JSON.parse(row.groups) as readonly string[],
    disabled: row.disabled !== 0,
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
    attributes: JSON.parse(row.attributes) as Readonly<Record<string, string>>,
  }
}
