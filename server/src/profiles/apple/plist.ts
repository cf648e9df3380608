import { BugError } from '../../kernel/errors.ts'
import { type XmlNode, xml, xmlDocument } from '../xml-text.ts'

/** What a property list holds; numbers are integers. What is undefined in a dictionary is left out. */
export type PlistValue = string | number | boolean | Date | Uint8Array | readonly PlistValue[] | PlistDict
export interface PlistDict {
  readonly [key: string]: PlistValue | undefined
}

const DECLARED = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">`

/** An XML property list; keys stay in their order. @throws UnwritableText where XML cannot carry a text */
export function plistDocument(dictionary: PlistDict): string {
  return xmlDocument(xml('plist', [plistNode(dictionary)], { version: '1.0' }), DECLARED)
}

function plistNode(value: PlistValue): XmlNode {
  if (typeof value === 'string') return xml('string', value)
  if (typeof value === 'boolean') return xml(value ? 'true' : 'false', [])
  if (typeof value === 'number') return xml('integer', integer(value))
  if (value instanceof Uint8Array) return xml('data', value.toBase64())
  if (value instanceof Date) return xml('date', value.toISOString().replace(/\.\d+/, ''))
  if (isList(value)) return xml('array', value.map(plistNode))
  return xml(
    'dict',
    Object.entries(value).flatMap(([key, member]) =>
      member === undefined ? [] : [xml('key', key), plistNode(member)],
    ),
  )
}

function integer(value: number): number {
  if (Number.isSafeInteger(value)) return value
  throw new BugError('plist-integer', `${String(value)} is not an integer.`)
}

/** `Array.isArray` does not narrow a readonly array. */
function isList(value: readonly PlistValue[] | PlistDict): value is readonly PlistValue[] {
  return Array.isArray(value)
}
