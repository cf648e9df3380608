import { searchKey } from '../../journal/receipt-row.ts'
import { normaliseStationMac } from '../../kernel/mac-address.ts'
import { addressKey } from './address-key.ts'

/** What searches and counters look for: names without case, as receipts keep them. */
export const nameKey = searchKey

/** The MAC address of a Calling-Station-Id as 12 digits, else its text without case. */
export function stationKeyOf(station: string): string {
  return normaliseStationMac(station) ?? searchKey(station)
}

export function networkKeyOf(address: string | null): string | null {
  return address === null ? null : (addressKey(address) ?? null)
}
