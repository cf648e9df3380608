/** An element with its names resolved. */
export class XmlElement {
  /** Empty: none. */
  readonly namespace: string
  readonly name: string
  /** `{namespace}name`, or the bare name, to its value. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  /** All text directly inside, joined. */
  readonly text: string

  constructor(parts: {
    readonly namespace: string
    readonly name: string
    readonly attributes: ReadonlyMap<string, string>
    readonly children: readonly XmlElement[]
    readonly text: string
  }) {
    this.namespace = parts.namespace
    this.name = parts.name
    this.attributes = parts.attributes
    this.children = parts.children
    this.text = parts.text
  }

  is(namespace: string, name: string): boolean {
    return this.namespace === namespace && this.name === name
  }

  all(namespace: string, name: string): readonly XmlElement[] {
    return this.children.filter((child) => child.is(namespace, name))
  }

  /** The only child of this name; undefined where there is none, or more than one: which would count? */
  only(namespace: string, name: string): XmlElement | undefined {
    const [child, ...others] = this.all(namespace, name)
    return others.length === 0 ? child : undefined
  }

  /** `xsi:nil`: there is no value. */
  get isNil(): boolean {
    const nil = this.attributes.get('{http://www.w3.org/2001/XMLSchema-instance}nil')
    return nil === 'true' || nil === '1'
  }
}
