import type { AttributeDefinition, Vendor } from './definition.ts'
import { Dictionary } from './dictionary.ts'

type Building = Omit<AttributeDefinition, 'values'> & { values?: Record<string, number> }

/** Ends the reading of a dictionary with the line it was made for. */
export type Fail = (why: string) => never

/** Collects what dictionary files say, in any order that FreeRADIUS allows. */
export class DictionaryBuilder {
  readonly #vendors = new Map<string, Vendor>()
  readonly #attributes = new Map<string, Building>()
  /** Names no packet can carry: known, so that their values are not an error. */
  readonly #internal = new Set<string>()
  /** Values may come before their attribute. */
  readonly #values: { attribute: string; name: string; value: number; fail: Fail }[] = []

  addVendor(vendor: Vendor): void {
    this.#vendors.set(vendor.name.toLowerCase(), vendor)
  }

  vendor(name: string): Vendor | undefined {
    return this.#vendors.get(name.toLowerCase())
  }

  addAttribute(attribute: Building): void {
    this.#attributes.set(attribute.name.toLowerCase(), attribute)
  }

  addInternal(name: string): void {
    this.#internal.add(name.toLowerCase())
  }

  attribute(name: string): AttributeDefinition | undefined {
    return this.#attributes.get(name.toLowerCase())
  }

  addValue(attribute: string, name: string, value: number, fail: Fail): void {
    this.#values.push({ attribute: attribute.toLowerCase(), name, value, fail })
  }

  finish(): Dictionary {
    for (const { attribute, name, value, fail } of this.#values) {
      const definition = this.#attributes.get(attribute)
      if (definition === undefined) {
        if (!this.#internal.has(attribute)) fail(`VALUE of unknown attribute ${attribute}`)
        continue
      }
      definition.values ??= {}
      definition.values[name] = value
    }
    return new Dictionary(this.#attributes.values(), this.#vendors.values())
  }
}
