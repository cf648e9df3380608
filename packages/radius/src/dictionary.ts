import type { AttributeDefinition, Vendor } from './definition.ts'
import { VENDOR_SPECIFIC } from './find.ts'

/** Definitions by name and by place. A later definition replaces an earlier one of the same name or place. */
export class Dictionary {
  readonly #byName = new Map<string, AttributeDefinition>()
  readonly #byPath = new Map<string, AttributeDefinition>()
  readonly #vendors = new Map<number, Vendor>()
  /** The two kinds of place that fill nearly every packet, without a path to build. */
  readonly #byType: (AttributeDefinition | undefined)[] = Array.from({ length: 256 }, () => undefined)
  readonly #byVendor = new Map<number, Map<number, AttributeDefinition>>()

  constructor(definitions: Iterable<AttributeDefinition> = [], vendors: Iterable<Vendor> = []) {
    for (const vendor of vendors) this.#vendors.set(vendor.id, vendor)
    for (const definition of definitions) {
      this.#byName.set(definition.name.toLowerCase(), definition)
      this.#byPath.set(definition.path.join('.'), definition)
      this.#indexPlace(definition)
      if (definition.vendor !== undefined) this.#vendors.set(definition.vendor.id, definition.vendor)
    }
  }

  /** Upper and lower case are the same in names. */
  named(name: string): AttributeDefinition | undefined {
    return this.#byName.get(name.toLowerCase())
  }

  at(path: readonly number[]): AttributeDefinition | undefined {
    return this.#byPath.get(path.join('.'))
  }

  /** What stands at `[type]`. */
  ofType(type: number): AttributeDefinition | undefined {
    return this.#byType[type]
  }

  /** What stands at `[26, vendor, type]`. */
  ofVendor(vendor: number, type: number): AttributeDefinition | undefined {
    return this.#byVendor.get(vendor)?.get(type)
  }

  vendor(id: number): Vendor | undefined {
    return this.#vendors.get(id)
  }

  get definitions(): Iterable<AttributeDefinition> {
    return this.#byName.values()
  }

  get vendors(): Iterable<Vendor> {
    return this.#vendors.values()
  }

  get size(): number {
    return this.#byName.size
  }

  /** This dictionary with another one laid over it. */
  with(other: Dictionary): Dictionary {
    return new Dictionary([...this.definitions, ...other.definitions], [...this.vendors, ...other.vendors])
  }

  #indexPlace(definition: AttributeDefinition): void {
    const { path } = definition
    const [first, vendor, type] = path
    if (path.length === 1) this.#byType[first as number] = definition
    if (path.length !== 3 || first !== VENDOR_SPECIFIC) return
    const ofVendor = this.#byVendor.get(vendor as number) ?? new Map<number, AttributeDefinition>()
    ofVendor.set(type as number, definition)
    this.#byVendor.set(vendor as number, ofVendor)
  }
}
