import { Writer } from '@sallyport/bytes'
import { CODECS } from './data-type.ts'
import type { AttributeDefinition, TypedAttribute } from './definition.ts'
import { RadiusError } from './error.ts'
import { type HidingKey, hiddenLength, hide } from './hiding.ts'
import { HIGHEST_TAG } from './read-value.ts'

const NO_SALT = new Uint8Array(2)

/** What writing needs beside the attribute: the key of hidden ones, and a salt no other attribute of the packet has. */
export interface WriteContext {
  readonly hiding: HidingKey | undefined
  nextSalt(): Uint8Array
}

export function tooLong(name: string): RadiusError {
  return new RadiusError('value-too-long', `${name}: the value does not fit an attribute`, {
    attribute: name,
  })
}

/** Octets of tag and value, hidden where they must be. Throws RadiusError on whatever its definition does not allow. */
export function contentLength(attribute: TypedAttribute): number {
  const { definition, tag } = attribute
  const { name } = definition
  const plain = codecOf(definition).length(attribute.value)
  if (Number.isNaN(plain)) {
    throw new RadiusError('value-not-representable', `${name}: not a value of type ${definition.type}`, {
      attribute: name,
      type: definition.type,
    })
  }
  if (definition.length !== undefined && plain !== definition.length) {
    throw new RadiusError('value-not-representable', `${name}: must be ${definition.length} octets long`, {
      attribute: name,
      length: definition.length,
    })
  }
  if (
    tag !== undefined &&
    (!definition.tagged || !(tag >= 0 && tag <= HIGHEST_TAG) || !Number.isInteger(tag))
  ) {
    throw new RadiusError('tag-not-allowed', `${name}: cannot carry tag ${tag}`, { attribute: name, tag })
  }
  if (definition.tagged && definition.type === 'uint32') {
    if (Number(attribute.value) > 0xffffff || Number(attribute.value) < 0) throw tooLong(name)
    return plain
  }
  const hidden = hiddenLength(definition.hiding, plain)
  if (Number.isNaN(hidden)) throw tooLong(name)
  return hidden + (hasTagOctet(attribute) ? 1 : 0)
}

/** The cast: a definition's type and its value belong together, which the union of all types cannot say. */
function codecOf(definition: AttributeDefinition): {
  length(v: unknown): number
  write(w: Writer, v: unknown): void
} {
  return CODECS[definition.type] as never
}

/**
 * RFC 2868 leaves the tag octet of text out at will; it must be there where the text could be mistaken for one, and in
 * Tunnel-Password always (section 3.5).
 */
function hasTagOctet({ definition, value, tag }: TypedAttribute): boolean {
  if (!definition.tagged) return false
  if (tag !== undefined || definition.hiding === 'tunnel-password') return true
  const first =
    typeof value === 'string' ? value.charCodeAt(0) : value instanceof Uint8Array ? value[0] : undefined
  return first === undefined || first <= HIGHEST_TAG
}

/** Writes tag and value, hidden where they must be. */
export function writeContent(writer: Writer, attribute: TypedAttribute, context: WriteContext): void {
  const { definition, value, tag } = attribute
  if (definition.tagged && definition.type === 'uint32') {
    writer.u8(tag ?? 0).u24(Number(value))
    return
  }
  if (hasTagOctet(attribute)) writer.u8(tag ?? 0)
  const codec = codecOf(definition)
  if (definition.hiding === 'none') {
    codec.write(writer, value)
    return
  }
  if (context.hiding === undefined || definition.hiding === 'unsupported') {
    throw new RadiusError('hiding-not-possible', `${definition.name} cannot be hidden in this packet`, {
      attribute: definition.name,
    })
  }
  const plain = new Writer(codec.length(value))
  codec.write(plain, value)
  const salt = definition.hiding === 'tunnel-password' ? context.nextSalt() : NO_SALT
  writer.bytes(hide(definition.hiding, plain.finish(), context.hiding, salt))
  plain.octets.fill(0)
}
