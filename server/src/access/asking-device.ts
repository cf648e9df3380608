import { CallingStationId } from '@sallyport/radius/attributes'
import { normaliseStationMac } from '../kernel/mac-address.ts'
import type { AccessRequest } from './access-request.ts'

/** Tables are keyed by it; a MAC address with an SSID, or an IPv6 address with its port, is shorter. */
const LONGEST = 64

/** The device behind a request: which RADIUS client asks, and what it says of who asked it. */
export interface AskingDevice {
  readonly client: string
  readonly station?: string
}

export function askingDevice({ packet, client }: AccessRequest): AskingDevice {
  const calling = packet.get(CallingStationId)
  const station = calling === undefined ? '' : normaliseStation(calling)
  return station === '' ? { client: client.name } : { client: client.name, station }
}

/**
 * A device has to be known again in its next request: a MAC address in one spelling, and an address of VPN gateways
 * without the port it happened to come from (strongSwan says 198.51.100.7[4500]).
 */
export function normaliseStation(calling: string): string {
  const mac = normaliseStationMac(calling)
  if (mac !== undefined) return mac
  return calling
    .replace(/\[\d{1,5}\]$/, '')
    .trim()
    .toLowerCase()
    .slice(0, LONGEST)
}
