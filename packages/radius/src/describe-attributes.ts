import { unknownAt } from './attribute-text.ts'
import type { AttributeDefinition } from './definition.ts'
import type { Dictionary } from './dictionary.ts'
import { isExtendedType, isLongExtendedType, unsigned, VENDOR_SPECIFIC } from './find.ts'
import type { PacketView } from './packet-view.ts'
import { type Read, readValue } from './read-value.ts'
import { formatValue } from './value-text.ts'

/** An attribute for people. What is secret has a name and no text. */
export type DescribedAttribute =
  | { readonly name: string; readonly secret: false; readonly text: string; readonly tag?: number }
  | { readonly name: string; readonly secret: true }

/**
 * Every attribute of a packet by name and text, in order; one that is spread over several pieces stands where its first
 * piece does. What a dictionary does not know is called `Attr-26.9.77`, what cannot be read as its type is shown in hex,
 * and what a vendor attribute or a TLV that cannot be opened holds is not shown at all, for it may be a secret.
 */
export function describeAttributes(packet: PacketView, dictionary: Dictionary): DescribedAttribute[] {
  return new Description(packet, dictionary).all()
}

class Description {
  readonly #packet: PacketView
  readonly #dictionary: Dictionary
  readonly #described: DescribedAttribute[] = []
  /** Places described whole, at their first piece. */
  readonly #whole = new Set<string>()
  /** Whether the piece of a long extended attribute before this one said "more". */
  #isContinued = false

  constructor(packet: PacketView, dictionary: Dictionary) {
    this.#packet = packet
    this.#dictionary = dictionary
  }

  all(): DescribedAttribute[] {
    for (const { type, octets } of this.#packet.attributes()) {
      if (isExtendedType(type) && octets.length > 0) {
        this.#extended(type, octets)
        continue
      }
      this.#isContinued = false
      if (type === VENDOR_SPECIFIC) this.#vendorSpecific(octets)
      else this.#piece(this.#dictionary.ofType(type), [type], octets)
    }
    return this.#described
  }

  /** One attribute whose octets are at hand, unless it takes more than these to read it. */
  #piece(known: AttributeDefinition | undefined, path: readonly number[], octets: Uint8Array): void {
    const definition = known ?? unknownAt(this.#dictionary, path)
    if (definition.concatenated || definition.type === 'tlv' || definition.vendor?.continuation === true) {
      this.#place(path)
    } else this.#add(definition, definition.secret ? undefined : readValue(definition, octets))
  }

  /** Every occurrence at one place, read through the packet; once. */
  #place(path: readonly number[]): void {
    const key = path.join('.')
    if (this.#whole.has(key)) return
    this.#whole.add(key)
    const definition = this.#dictionary.at(path) ?? unknownAt(this.#dictionary, path)
    for (const read of this.#packet.readAll(definition)) {
      if (definition.type === 'tlv') this.#tlv(definition, read)
      else this.#add(definition, read)
    }
  }

  #add(definition: AttributeDefinition, read: Read | undefined): void {
    const { name } = definition
    if (definition.secret || read === undefined) this.#described.push({ name, secret: true })
    else if (read.ok) {
      const text = formatValue(definition, read.value)
      this.#described.push(
        read.tag === undefined ? { name, secret: false, text } : { name, secret: false, text, tag: read.tag },
      )
    } else if (read.octets !== undefined) {
      this.#described.push({ name, secret: false, text: `0x${read.octets.toHex()}` })
    } else this.#described.push({ name, secret: true })
  }

  /** A TLV shows as what is inside it. */
  #tlv(definition: AttributeDefinition, read: Read): void {
    const types = read.ok && read.value instanceof Uint8Array ? tlvTypes(read.value) : undefined
    if (types === undefined) this.#described.push({ name: definition.name, secret: true })
    else for (const type of types) this.#place([...definition.path, type])
  }

  #extended(type: number, octets: Uint8Array): void {
    // A piece that goes on does not repeat the vendor (RFC 6929 section 2.5).
    if (!this.#isContinued) this.#place(extendedPath(type, octets))
    this.#isContinued = isLongExtendedType(type) && ((octets[1] ?? 0) & 0x80) !== 0
  }

  #vendorSpecific(octets: Uint8Array): void {
    if (octets.length < 5) {
      this.#described.push({ name: `Attr-${VENDOR_SPECIFIC}`, secret: true })
      return
    }
    const id = unsigned(octets, 0, 4)
    const { typeSize = 1, lengthSize = 1 } = this.#dictionary.vendor(id) ?? {}
    const header = typeSize + lengthSize
    for (let at = 4; at < octets.length; ) {
      const left = octets.length - at
      const length = left < header ? 0 : lengthSize === 0 ? left : unsigned(octets, at + typeSize, lengthSize)
      if (length < header || length > left) {
        this.#described.push({ name: `Attr-${VENDOR_SPECIFIC}.${id}`, secret: true })
        return
      }
      const type = unsigned(octets, at, typeSize)
      const content = octets.subarray(at + header, at + length)
      this.#piece(this.#dictionary.ofVendor(id, type), [VENDOR_SPECIFIC, id, type], content)
      at += length
    }
  }
}

function extendedPath(type: number, octets: Uint8Array): readonly number[] {
  const content = octets.subarray(isLongExtendedType(type) ? 2 : 1)
  const extended = octets[0] as number
  if (extended !== VENDOR_SPECIFIC || content.length < 5) return [type, extended]
  return [type, extended, unsigned(content, 0, 4), content[4] as number]
}

/** The types in a row of TLVs, or undefined where it is none. */
function tlvTypes(content: Uint8Array): number[] | undefined {
  const types: number[] = []
  for (let at = 0; at < content.length; ) {
    const length = content[at + 1] ?? 0
    if (length < 2 || at + length > content.length) return undefined
    types.push(content[at] as number)
    at += length
  }
  return types
}
