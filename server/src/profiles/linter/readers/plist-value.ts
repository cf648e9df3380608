import type { XmlElement } from '@sallyport/pki/windows'
import { UnreadableProfile } from '../profile-facts.ts'

export type PlistValue = string | number | boolean | Uint8Array | readonly PlistValue[] | PlistDictionary
export interface PlistDictionary {
  readonly [key: string]: PlistValue
}

/** The value of a property list element (Apple's DTD, version 1.0). @throws UnreadableProfile */
export function plistValue({ name, text, children }: XmlElement): PlistValue {
  switch (name) {
    case 'string':
    case 'date':
      return text
    case 'integer':
    case 'real':
      return Number(text)
    case 'true':
      return true
    case 'false':
      return false
    case 'data':
      return Buffer.from(text, 'base64')
    case 'array':
      return children.map(plistValue)
    case 'dict':
      return dictionary(children)
    default:
      throw new UnreadableProfile(`A property list has no element ${name}.`)
  }
}

function dictionary(children: readonly XmlElement[]): PlistDictionary {
  const entries: [string, PlistValue][] = []
  for (let at = 0; at < children.length; at += 2) {
    const [key, value] = [children[at], children[at + 1]]
    if (key?.name !== 'key' || value === undefined)
      throw new UnreadableProfile('A dictionary without key and value.')
    entries.push([key.text, plistValue(value)])
  }
  return Object.fromEntries(entries)
}

/** The dictionary below a key; empty where there is none. */
export function dictionaryAt(value: PlistDictionary, key: string): PlistDictionary | undefined {
  const found = Object.hasOwn(value, key) ? value[key] : undefined
  return typeof found === 'object' && !Array.isArray(found) && !(found instanceof Uint8Array)
    ? (found as PlistDictionary) // neither a list nor octets
    : undefined
}

export function listAt(value: PlistDictionary, key: string): readonly PlistValue[] {
  const found = Object.hasOwn(value, key) ? value[key] : undefined
  return Array.isArray(found) ? found : []
}

export function textAt(value: PlistDictionary, key: string): string | undefined {
  const found = Object.hasOwn(value, key) ? value[key] : undefined
  return typeof found === 'string' ? found : undefined
}
