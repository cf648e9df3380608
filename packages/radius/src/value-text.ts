import { fromUtf8 } from '@sallyport/bytes'
import type { DataType, ValueOf } from './data-type.ts'
import type { AttributeDefinition } from './definition.ts'

const HEX = /^0x((?:[0-9a-f]{2})+)$/i

/**
 * The value an administrator wrote, or undefined where the text is none of this type. Integers take the names of the
 * dictionary, times ISO 8601; octets take `0x...`, anything else is their UTF-8. Ranges are checked by the encoder.
 */
export function parseValue(definition: AttributeDefinition, text: string): ValueOf<DataType> | undefined {
  switch (definition.type) {
    case 'uint8':
    case 'uint16':
    case 'uint32':
      return namedValue(definition, text) ?? parseInteger(text)
    case 'int32':
      return namedValue(definition, text) ?? (/^-?\d+$/.test(text) ? Number(text) : undefined)
    case 'uint64':
      return /^(\d{1,20}|0x[0-9a-f]{1,16})$/i.test(text) ? BigInt(text) : undefined
    case 'time':
      return parseTime(text)
    case 'octets':
      return text === '' ? undefined : (parseHex(text) ?? fromUtf8(text))
    case 'tlv':
    case 'vsa':
    case 'extended':
    case 'long-extended':
    case 'evs':
      return parseHex(text)
    default:
      return text
  }
}

function parseInteger(text: string): number | undefined {
  return /^(\d{1,10}|0x[0-9a-f]{1,8})$/i.test(text) ? Number(text) : undefined
}

export function parseHex(text: string): Uint8Array | undefined {
  const hex = HEX.exec(text)?.[1]
  return hex === undefined ? undefined : Uint8Array.fromHex(hex)
}

function parseTime(text: string): Date | undefined {
  const seconds = parseInteger(text)
  const time = seconds === undefined ? new Date(text) : new Date(seconds * 1000)
  return Number.isNaN(time.getTime()) ? undefined : time
}

function namedValue(definition: AttributeDefinition, text: string): number | undefined {
  const { values } = definition
  if (values === undefined) return undefined
  if (Object.hasOwn(values, text)) return values[text]
  const wanted = text.toLowerCase()
  return Object.entries(values).find(([name]) => name.toLowerCase() === wanted)?.[1]
}

/** The text of a value, as `parseValue` would take it. */
export function formatValue(definition: AttributeDefinition, value: ValueOf<DataType>): string {
  if (value instanceof Uint8Array) return `0x${value.toHex()}`
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'number') return nameOf(definition, value) ?? String(value)
  return String(value)
}

const names = new WeakMap<Readonly<Record<string, number>>, ReadonlyMap<number, string>>()

/** Where two names mean one number, the first of the dictionary. */
function nameOf(definition: AttributeDefinition, value: number): string | undefined {
  const { values } = definition
  if (values === undefined) return undefined
  let known = names.get(values)
  if (known === undefined) {
    known = new Map(
      Object.entries(values)
        .map(([name, number]) => [number, name] as const)
        .reverse(),
    )
    names.set(values, known)
  }
  return known.get(value)
}
