import { DerReader, type Element } from '../der/der-reader.ts'
import { expectOid } from '../der/der-values.ts'
import { oid, sequence, setOf, time } from '../der/der-writer.ts'
import { TAG } from '../der/tags.ts'
import { malformed } from '../pki-error.ts'
import { CMS_ATTRIBUTE } from './cms-oids.ts'

const MOST_ATTRIBUTES = 64
const MOST_VALUES = 64

/** One attribute as it travels; `values` are whole elements. */
export interface CmsAttribute {
  readonly oid: string
  readonly values: readonly Uint8Array[]
}

export function cmsAttribute(id: string, ...values: readonly Uint8Array[]): CmsAttribute {
  return { oid: id, values }
}

/** RFC 5652 section 11.3. @param milliseconds since 1970 */
export function signingTime(milliseconds: number): CmsAttribute {
  return cmsAttribute(CMS_ATTRIBUTE.signingTime, time(milliseconds))
}

export function encodeAttribute({ oid: id, values }: CmsAttribute): Uint8Array {
  return sequence(oid(id), setOf(...values))
}

/** Attributes of one signer, each type at most once (RFC 5652 sections 5.3 and 11). */
export class CmsAttributes {
  readonly #values: ReadonlyMap<string, readonly Element[]>

  constructor(values: ReadonlyMap<string, readonly Element[]>) {
    this.#values = values
  }

  static read(content: Uint8Array): CmsAttributes {
    const reader = new DerReader(content)
    const found = new Map<string, Element[]>()
    while (!reader.done) {
      const attribute = reader.enter(TAG.sequence, 'Attribute')
      const type = expectOid(attribute, 'attribute type')
      const values = new DerReader(attribute.expect(TAG.set, 'attribute values').content)
      attribute.finish('Attribute')
      if (found.has(type)) throw malformed(`attribute ${type} appears twice`)
      if (found.size === MOST_ATTRIBUTES) throw malformed(`more than ${MOST_ATTRIBUTES} attributes`)
      found.set(type, readValues(values))
    }
    return new CmsAttributes(found)
  }

  get types(): readonly string[] {
    return [...this.#values.keys()]
  }

  /** All values; none where the attribute is absent. */
  all(id: string): readonly Element[] {
    return this.#values.get(id) ?? []
  }

  /** The value of an attribute that must be single, or undefined where it is absent. */
  single(id: string): Element | undefined {
    const values = this.#values.get(id)
    if (values === undefined) return undefined
    if (values.length !== 1) throw malformed(`attribute ${id} has ${values.length} values`)
    return values[0]
  }
}

function readValues(reader: DerReader): Element[] {
  const values: Element[] = []
  while (!reader.done) {
    if (values.length === MOST_VALUES) throw malformed(`attribute of more than ${MOST_VALUES} values`)
    values.push(reader.any())
  }
  return values
}
