import { imageOfRow, itemOf, macImage } from '../../identity/mac/mac-image.ts'
import { MacStore } from '../../identity/mac/mac-store.ts'
import type { Mac, MacPatch, Services } from '../../listeners/https/services.ts'
import type { MacAddressTable } from '../../store/schema.ts'
import type { ApiParts } from '../api-services.ts'
import { instant, optional } from './instant.ts'
import { mergeSeen } from './merge-seen.ts'

export function macApi({ reader, stores, clock, written, workers }: ApiParts): Services['macs'] {
  const read = new MacStore(reader, clock)
  const write = stores.macs
  return {
    list: async ({ search, limit, cursor }) => {
      const { macs, next } = await read.list({ search, limit, after: cursor })
      return { items: macs.map(macOf), ...optional('next', next) }
    },
    get: async (mac) => {
      const row = await read.get(mac)
      return row === undefined ? undefined : macOf(row)
    },
    create: async (item) => {
      await write.create(macImage(item))
      await written()
    },
    change: async (mac, patch) => {
      await write.change(mac, columnsOf(mac, patch))
      await written()
    },
    remove: async (mac) => {
      await write.delete(mac)
      await written()
    },
    import: async (items) => {
      const counts = await write.import(items.map(macImage))
      await written()
      return counts
    },
    unknown: async () => {
      const seen = await Promise.all(workers.map((worker) => worker.remote.seen()))
      const lists = seen.map(({ unknownMacs }) =>
        unknownMacs.map((each) => [`${each.client}/${each.mac}`, each] as const),
      )
      return mergeSeen(lists).map(([, { mac, client, port, count, firstSeenAt, lastSeenAt }]) => ({
        mac,
        client,
        ...optional('port', port === '' ? undefined : port),
        requests: count,
        firstSeenAt: instant(firstSeenAt),
        lastSeenAt: instant(lastSeenAt),
      }))
    },
  }
}

/** The named fields as columns, read through the schema of a whole address so that both are checked alike. */
function columnsOf(mac: string, { expiresAt, ...fields }: MacPatch) {
  const given = Object.keys({ ...fields, ...(expiresAt === undefined ? {} : { expiresAt }) })
  const item = { mac, description: '', groups: [], owner: '', disabled: false, attributes: {}, ...fields }
  const image = macImage(expiresAt === null ? item : { ...item, ...optional('expiresAt', expiresAt) })
  const columns = given.map((field) => {
    const column = field === 'expiresAt' ? 'expires_at' : field
    return [column, image[column as keyof typeof image]]
  })
  return Object.fromEntries(columns) as Partial<Omit<typeof image, 'mac'>> // the columns of the named fields
}

function macOf(row: MacAddressTable): Mac {
  return {
    ...itemOf(imageOfRow(row)),
    createdAt: instant(row.created_at),
    updatedAt: instant(row.updated_at),
  }
}
