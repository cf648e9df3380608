import type { DataType, ValueOf } from './data-type.ts'

/** How the attributes inside a vendor's Vendor-Specific are laid out (RFC 2865 section 5.26 recommends 1, 1). */
export interface Vendor {
  readonly name: string
  /** IANA private enterprise number. */
  readonly id: number
  /** Octets of the vendor type and of the vendor length; a length of 0 octets means: the rest of the attribute. */
  readonly typeSize: 1 | 2 | 4
  readonly lengthSize: 0 | 1 | 2
  /** WiMAX: one more octet whose top bit says that the value goes on in the next attribute. */
  readonly continuation: boolean
}

/**
 * `user-password`: RFC 2865 section 5.2. `tunnel-password`: RFC 2868 section 3.5, RFC 2548 section 2.4.2.
 * `unsupported`: a vendor's own way (Ascend), which this package neither reads nor writes.
 */
export type Hiding = 'none' | 'user-password' | 'tunnel-password' | 'unsupported'

/** What a dictionary knows of one attribute. `T` carries the type of its value to `get` and `attribute`. */
export interface AttributeDefinition<T extends DataType = DataType> {
  readonly name: string
  /**
   * Where it stands: `[1]` User-Name, `[26, 9, 1]` vendor 9 type 1, `[241, 1]` extended, `[241, 26, 9, 1]` extended
   * vendor attribute; further numbers descend into TLVs (RFC 6929).
   */
  readonly path: readonly number[]
  readonly type: T
  readonly vendor?: Vendor
  /** RFC 2868 section 3: a tag groups attributes of one tunnel. */
  readonly tagged: boolean
  readonly hiding: Hiding
  /** Values longer than one attribute go on in the next of the same type (RFC 8044 section 3.6). */
  readonly concatenated: boolean
  /** Must not be shown or stored: receipts leave it out. */
  readonly secret: boolean
  /** The one length in octets the value may have, where the dictionary fixes it. */
  readonly length?: number
  /** Names of values, for enumerated integers (RFC 8044 section 3.2). */
  readonly values?: Readonly<Record<string, number>>
}

/** A value on its way into a packet. */
export interface TypedAttribute<T extends DataType = DataType> {
  readonly definition: AttributeDefinition<T>
  readonly value: ValueOf<T>
  readonly tag?: number
}

/** An attribute as octets, for what no dictionary knows. */
export interface RawAttribute {
  readonly type: number
  readonly octets: Uint8Array
}

export type Attribute = TypedAttribute | RawAttribute

/** `attribute(UserName, 'alice')`, `attribute(TunnelType, 13, 1)`. Checked when it is encoded. */
export function attribute<T extends DataType>(
  definition: AttributeDefinition<T>,
  value: ValueOf<T>,
  tag?: number,
): TypedAttribute<T> {
  return tag === undefined ? { definition, value } : { definition, value, tag }
}

/** Fills in what most definitions leave at its default. */
export function define<T extends DataType>(
  definition: Pick<AttributeDefinition<T>, 'name' | 'path' | 'type'> & Partial<AttributeDefinition<T>>,
): AttributeDefinition<T> {
  const hiding = definition.hiding ?? 'none'
  return {
    tagged: false,
    concatenated: false,
    ...definition,
    hiding,
    secret: definition.secret ?? hiding !== 'none',
  }
}
