import { type Attribute, attributeFromText, RadiusError } from '@sallyport/radius'
import type { ProxyConfiguration } from '../../config/schema.ts'
import { DICTIONARY } from '../readable-attributes.ts'
import type { CarriedAttribute } from './carried-attributes.ts'

/** Attributes by where they stand: names differ between dictionaries, places do not. */
export type Places = ReadonlySet<string>

/** The changes of one direction, compiled. */
export interface Rewriting {
  readonly removed: Places
  readonly added: readonly CarriedAttribute[]
}

/** What belongs to the transport, or is a proof, is nobody's to write. */
const UNTOUCHABLE: Places = placesOf([
  'User-Password',
  'CHAP-Password',
  'State',
  'Proxy-State',
  'EAP-Message',
  'Message-Authenticator',
])

export function placeOf({ path }: { readonly path: readonly number[] }): string {
  return path.join('.')
}

/** @throws RadiusError 'unknown-attribute' */
export function placesOf(names: readonly string[]): Places {
  return new Set(names.map((name) => pathOf(name).join('.')))
}

/** @throws RadiusError on an unknown name, a value that is none, or an attribute nobody may write */
export function compileRewriting(
  rewrite: Pick<ProxyConfiguration['request'], 'remove' | 'set' | 'add'>,
): Rewriting {
  const { remove, set, add } = rewrite
  const removed = placesOf([...remove, ...set.map(({ name }) => name)])
  for (const place of removed) refuseUntouchable(place)
  const added = [...set, ...add].map((text) => {
    const attribute = attributeFromText(DICTIONARY, text)
    const path = pathOfAttribute(attribute)
    refuseUntouchable(path.join('.'))
    return { path, attribute }
  })
  return { removed, added }
}

export function rewrite(
  attributes: readonly CarriedAttribute[],
  { removed, added }: Rewriting,
): CarriedAttribute[] {
  const kept =
    removed.size === 0 ? attributes : attributes.filter((carried) => !removed.has(placeOf(carried)))
  return [...kept, ...added]
}

export function pathOfAttribute(attribute: Attribute): readonly number[] {
  return 'definition' in attribute ? attribute.definition.path : [attribute.type]
}

function refuseUntouchable(place: string): void {
  if (!UNTOUCHABLE.has(place)) return
  const name = DICTIONARY.at(place.split('.').map(Number))?.name ?? place
  throw new RadiusError('attribute-not-allowed', `${name} cannot be changed on the way`, { attribute: name })
}

function pathOf(name: string): readonly number[] {
  const known = DICTIONARY.named(name)
  if (known !== undefined) return known.path
  const numbers = /^Attr-(\d{1,10}(?:\.\d{1,10}){0,3})$/i.exec(name)?.[1]
  if (numbers !== undefined) return numbers.split('.').map(Number)
  throw new RadiusError('unknown-attribute', `No dictionary knows an attribute ${name}.`, { attribute: name })
}
