import { toUtf8 } from '@sallyport/bytes'

export interface EntryAttribute {
  /** As the server wrote it, options included: `member;range=0-1499`. */
  readonly name: string
  readonly values: readonly Uint8Array[]
}

/** One entry a search found, with the attributes that were asked for and may be read. */
export class Entry {
  readonly dn: string
  readonly #attributes: readonly EntryAttribute[]

  constructor(dn: string, attributes: readonly EntryAttribute[]) {
    this.dn = dn
    this.#attributes = attributes
  }

  get names(): readonly string[] {
    return this.#attributes.map(({ name }) => name)
  }

  /** Names are compared without case. Empty where the attribute is absent. */
  octets(attribute: string): readonly Uint8Array[] {
    const wanted = attribute.toLowerCase()
    return this.#attributes.find(({ name }) => name.toLowerCase() === wanted)?.values ?? []
  }

  /** Values that are UTF-8; others are left out. */
  texts(attribute: string): readonly string[] {
    return this.octets(attribute).flatMap((value) => toUtf8(value) ?? [])
  }

  text(attribute: string): string | undefined {
    return this.texts(attribute)[0]
  }
}
