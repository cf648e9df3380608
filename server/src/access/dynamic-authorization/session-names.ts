import { type Attribute, attributeFromText } from '@sallyport/radius'
import { DICTIONARY } from '../readable-attributes.ts'
import type { SessionRow } from '../session-store.ts'

/** Attributes of an Accounting-Request by name, as they are stored. */
export type ReportedAttributes = Readonly<Record<string, readonly string[]>>

/** What the session directory knows by itself; anything else comes from what the device reported last. */
function known(session: SessionRow): Readonly<Record<string, string | number | null>> {
  const { nas_address: address } = session
  return {
    'User-Name': session.user_name,
    'Acct-Session-Id': session.acct_session_id,
    'Acct-Multi-Session-Id': session.acct_multi_session_id,
    'Calling-Station-Id': session.calling_station_id,
    'Called-Station-Id': session.called_station_id,
    'NAS-Identifier': session.nas_identifier,
    'NAS-IP-Address': address?.includes(':') === false ? address : null,
    'NAS-IPv6-Address': address?.includes(':') === true ? address : null,
    'NAS-Port': session.nas_port,
    'NAS-Port-Id': session.nas_port_id,
    'Framed-IP-Address': session.framed_ip_address,
    'Framed-IPv6-Prefix': session.framed_ipv6_prefix,
  }
}

/** Attributes that name the device, not one session of it (RFC 5176 section 3). */
const OF_THE_DEVICE: ReadonlySet<string> = new Set([
  'NAS-Identifier',
  'NAS-IP-Address',
  'NAS-IPv6-Address',
  'Operator-Name',
  'Operator-NAS-Identifier',
])

/** Whether an entry of `identify` tells one session of a device from another. */
export function namesSession(entry: string): boolean {
  return !OF_THE_DEVICE.has(entry)
}

/**
 * The attributes that name a session to its device, in the device's own words: those of `wanted` that it reported.
 * Undefined where none of them names the session: such a request would be about every session, or none.
 */
export function sessionNames(
  session: SessionRow,
  reported: ReportedAttributes,
  wanted: readonly string[],
): Attribute[] | undefined {
  const own = known(session)
  const attributes: Attribute[] = []
  let isNamed = false
  for (const entry of wanted) {
    const [name = entry, pair] = entry.split(':', 2)
    const values = pair === undefined ? valuesOf(own, reported, name) : pairsOf(reported[name], pair)
    for (const value of values) {
      attributes.push(attributeFromText(DICTIONARY, { name, value }))
      isNamed ||= namesSession(name)
    }
  }
  return isNamed ? attributes : undefined
}

function valuesOf(
  own: Readonly<Record<string, string | number | null>>,
  reported: ReportedAttributes,
  name: string,
): readonly string[] {
  const value = own[name]
  if (value !== null && value !== undefined && value !== '') return [String(value)]
  return reported[name] ?? []
}

/** `audit-session-id=...` among the many things a Cisco-AVPair can say. */
function pairsOf(values: readonly string[] = [], pair: string): string[] {
  return values.filter((value) => value.startsWith(`${pair}=`))
}
