import type { Insertable } from 'kysely'
import type { InsertStatement } from '../store/row-write.ts'
import type { ReceiptTable } from '../store/schema.ts'
import type { Receipt } from './receipt.ts'
import { jsonWithoutSecrets } from './without-secrets.ts'

/** A receipt that is delivered twice is stored once. */
export const INSERT_RECEIPT: InsertStatement<'receipts'> = {
  table: 'receipts',
  columns: [
    'id',
    'at',
    'client',
    'user_name',
    'outcome',
    'reason',
    'rule',
    'calling_station_id',
    'config_version',
    'body',
    'size',
  ],
  onConflict: '(id) do nothing',
}

/** What one row takes besides its body, indexes included; measured on SQLite, rounded up. */
const ROW_OCTETS = 400

/** A receipt as it is stored: flat, so that it crosses threads and waits in memory at little cost. */
export type ReceiptRow = Insertable<ReceiptTable>

export function receiptRow(receipt: Receipt): ReceiptRow {
  const body = jsonWithoutSecrets(receipt)
  return {
    id: receipt.id,
    at: receipt.at,
    client: receipt.network.client,
    user_name: receipt.user === undefined ? null : searchKey(receipt.user),
    outcome: receipt.outcome,
    reason: receipt.reason.code,
    rule: receipt.rule ?? null,
    calling_station_id: stationKey(receipt.facts.request?.callingStationId),
    config_version: receipt.configVersion,
    // PostgreSQL takes no NUL in a text, and JSON writes it as an escape: nothing to do.
    body,
    size: Buffer.byteLength(body) + ROW_OCTETS,
  }
}

export function receiptOf(body: string): Receipt {
  return JSON.parse(body) as Receipt // written by receiptRow
}

/** Names are looked for without case. NUL, which PostgreSQL refuses, cannot be looked for. */
export function searchKey(name: string): string {
  return name.normalize('NFC').toLowerCase().replaceAll('\0', '\ufffd')
}

/** MAC addresses come with any separator and case; whatever else a station sends is kept as it is. */
export function stationKey(station: string): string
export function stationKey(station: string | undefined): string | null
export function stationKey(station: string | undefined): string | null {
  if (station === undefined) return null
  const digits = station.replace(/[-:.]/g, '').toLowerCase()
  return /^[0-9a-f]{12}$/.test(digits) ? digits : searchKey(station)
}
