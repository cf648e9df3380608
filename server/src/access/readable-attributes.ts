import { toUtf8 } from '@sallyport/bytes'
import {
  type Attribute,
  type AttributeDefinition,
  builtInDictionary,
  type DataType,
  describeAttributes,
  formatValue,
  type PacketView,
  type RawAttribute,
  readValue,
  type ValueOf,
} from '@sallyport/radius'
import { piecesOf } from './attribute-pieces.ts'

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

/** The attributes of a reply in order, for the receipt. Secrets and what belongs to the transport alone are left out. */
export function readableReply(attributes: readonly Attribute[]): { name: string; value: string }[] {
  const readable: { name: string; value: string }[] = []
  for (const attribute of attributes) {
    if (!('definition' in attribute)) {
      readable.push(...readableRaw(attribute))
      continue
    }
    const { definition, value } = attribute
    if (definition.secret || TRANSPORT.has(definition.name)) continue
    readable.push({ name: definition.name, value: textOf(definition, value) })
  }
  return readable
}

/** Of an upstream's reply, passed on as octets. What no dictionary knows may be a secret. */
function readableRaw({ type, octets }: RawAttribute): { name: string; value: string }[] {
  return piecesOf(type, octets).flatMap(({ path, content }) => {
    const definition = DICTIONARY.at(path)
    if (definition === undefined || definition.secret || TRANSPORT.has(definition.name)) return []
    const read = readValue(definition, content)
    return read.ok ? [{ name: definition.name, value: textOf(definition, read.value) }] : []
  })
}

function textOf(definition: AttributeDefinition, value: ValueOf<DataType>): string {
  const text = value instanceof Uint8Array ? toUtf8(value) : undefined
  if (text !== undefined && /^[\x20-\x7e]+$/.test(text)) return text
  // NAS-Filter-Rule: rules are separated by NUL (RFC 4849 section 2), which nobody can read.
  return formatValue(definition, value).replace(/\0$/, '')
}

const TRANSPORT: ReadonlySet<string> = new Set([
  'EAP-Message',
  'Message-Authenticator',
  'State',
  'Proxy-State',
])
