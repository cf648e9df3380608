import { builtInDictionary, describeAttributes, inspect, type PacketView } from '@sallyport/radius'

/** Names and types of the attributes this server knows. */
export const DICTIONARY = builtInDictionary

const NONE: ReadonlySet<string> = new Set()

/** The attributes of a packet by name, each with its values as text. Secrets are left out. */
export function readableAttributes(
  packet: PacketView,
  leftOut: ReadonlySet<string> = NONE,
): Readonly<Record<string, readonly string[]>> {
  // Names may come from an administrator's dictionary: none of them may reach the prototype.
  const all: Record<string, string[]> = Object.create(null)
  for (const described of describeAttributes(packet, DICTIONARY)) {
    if (described.secret || leftOut.has(described.name)) continue
    const values = all[described.name]
    if (values === undefined) all[described.name] = [described.text]
    else values.push(described.text)
  }
  return all
}

/** The attributes of a reply in order, for the receipt. What belongs to the transport alone is left out. */
export function readableReply(octets: Uint8Array): { name: string; value: string }[] {
  const inspected = inspect(octets)
  if (!inspected.ok) return []
  return describeAttributes(inspected.packet, DICTIONARY).flatMap((described) =>
    described.secret || TRANSPORT.has(described.name)
      ? []
      : [{ name: described.name, value: described.text }],
  )
}

const TRANSPORT: ReadonlySet<string> = new Set([
  'EAP-Message',
  'Message-Authenticator',
  'State',
  'Proxy-State',
])
