import { type Attribute, type AttributeDefinition, attribute, define } from './definition.ts'
import type { Dictionary } from './dictionary.ts'
import { RadiusError } from './error.ts'
import { isOnTheWire } from './path.ts'
import { parseValue } from './value-text.ts'
import { attributeLength } from './write-attribute.ts'

/** An attribute as configuration names it: `{ name: 'Tunnel-Type', value: 'VLAN', tag: 1 }`. */
export interface AttributeText {
  readonly name: string
  readonly value: string
  readonly tag?: number
}

const MESSAGE_AUTHENTICATOR = 80

/**
 * The attribute that a name and a text mean. What no dictionary knows is written `Attr-26.9.1` with a value in hex
 * (`0x...`). Throws RadiusError on an unknown name, a value that is none, a tag that cannot be: what comes back can be
 * encoded.
 */
export function attributeFromText(dictionary: Dictionary, text: AttributeText): Attribute {
  const definition = dictionary.named(text.name) ?? unnamed(dictionary, text.name)
  if (definition.path[0] === MESSAGE_AUTHENTICATOR) {
    throw new RadiusError('attribute-not-allowed', `${text.name} is placed by the encoder`, {
      attribute: text.name,
    })
  }
  const value = parseValue(definition, text.value)
  if (value === undefined) {
    throw new RadiusError('value-not-representable', `${text.name}: ${expectation(definition)}`, {
      attribute: text.name,
      type: definition.type,
    })
  }
  const result = attribute(definition, value, text.tag)
  attributeLength(result) // Throws on what its type, its dictionary or its size forbids.
  return result
}

const NAMES_SHOWN = 8

function expectation({ type, values }: AttributeDefinition): string {
  if (values === undefined) return `not a value of type ${type}`
  const names = Object.keys(values)
  const more = names.length > NAMES_SHOWN ? ', ...' : ''
  return `neither a number nor one of its names: ${names.slice(0, NAMES_SHOWN).join(', ')}${more}`
}

function unnamed(dictionary: Dictionary, name: string) {
  const numbers = /^Attr-(\d{1,10}(?:\.\d{1,10})*)$/i.exec(name)?.[1]
  if (numbers === undefined) {
    throw new RadiusError('unknown-attribute', `No dictionary knows an attribute ${name}.`, {
      attribute: name,
    })
  }
  const definition = unknownAt(dictionary, numbers.split('.').map(Number))
  if (!isOnTheWire(definition.path, definition.vendor)) {
    throw new RadiusError('unknown-attribute', `${name}: no packet can carry such a number`, {
      attribute: name,
    })
  }
  return definition
}

/** A definition for a place no dictionary knows: octets. */
export function unknownAt(dictionary: Dictionary, path: readonly number[]) {
  const vendorAt = path.indexOf(26)
  const vendor = vendorAt < 0 ? undefined : dictionary.vendor(path[vendorAt + 1] ?? -1)
  return define({
    name: `Attr-${path.join('.')}`,
    path,
    type: 'octets',
    ...(vendor === undefined ? {} : { vendor }),
  })
}
