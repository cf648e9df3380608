import {
  type Attribute,
  type AttributeDefinition,
  attribute,
  type HidingKey,
  type PacketView,
  readValue,
} from '@sallyport/radius'
import { piecesOf } from '../attribute-pieces.ts'
import { DICTIONARY } from '../readable-attributes.ts'

/** An attribute on its way through, and where it stands: `[1]`, `[26, 311, 16]`. */
export interface CarriedAttribute {
  readonly path: readonly number[]
  readonly attribute: Attribute
}

export type Carried =
  | { readonly ok: true; readonly attributes: readonly CarriedAttribute[] }
  /** Hidden with something else than the secret of this neighbour. */
  | { readonly ok: false; readonly unreadable: string }

/**
 * The attributes of a packet as they go on, in order: octets as they came, except what is hidden with the secret of one
 * neighbour, which is opened here and hidden anew for the other by the encoder (RFC 2865 sections 5.2 and 5.33, RFC 2868
 * section 3.5, RFC 2548 section 2.4). Vendor attributes are taken apart, so that each can be named.
 */
export function carriedAttributes(packet: PacketView, key: HidingKey): Carried {
  const attributes: CarriedAttribute[] = []
  for (const { type, octets } of packet.attributes()) {
    for (const { path, content, raw } of piecesOf(type, octets)) {
      const definition = path.length > 3 ? undefined : DICTIONARY.at(path)
      if (definition === undefined || definition.hiding === 'none') attributes.push({ path, attribute: raw })
      else {
        const opened = open(definition, content, key)
        if (opened === undefined) return { ok: false, unreadable: definition.name }
        attributes.push({ path, attribute: opened })
      }
    }
  }
  return { ok: true, attributes }
}

function open(definition: AttributeDefinition, content: Uint8Array, key: HidingKey): Attribute | undefined {
  const read = readValue(definition, content, key)
  return read.ok ? attribute(definition, read.value, read.tag) : undefined
}
