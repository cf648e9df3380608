import type { XmlElement } from '@sallyport/pki/windows'
import type { ReadingFault } from '../profile-facts.ts'

/** A place in a document that is read leniently: what stands in a wrong namespace is found, and said. */
export class XmlPlace {
  readonly element: XmlElement
  readonly place: string
  readonly #faults: ReadingFault[]

  constructor(element: XmlElement, place: string, faults: ReadingFault[]) {
    this.element = element
    this.place = place
    this.#faults = faults
  }

  get text(): string {
    return this.element.text.trim()
  }

  /** The first child of this name. */
  child(namespace: string, name: string): XmlPlace | undefined {
    return this.all(namespace, name)[0]
  }

  all(namespace: string, name: string): readonly XmlPlace[] {
    const found = this.element.children.filter((one) => one.name === name)
    return found.map((one) => {
      const place = `${this.place}/${name}`
      if (one.namespace !== namespace) {
        const message = `${name} stands in the namespace "${one.namespace}" instead of "${namespace}".`
        this.fault('namespace-wrong', message, place)
      }
      return new XmlPlace(one, place, this.#faults)
    })
  }

  /** Down a path of names of one namespace. */
  at(namespace: string, ...names: readonly string[]): XmlPlace | undefined {
    let place: XmlPlace | undefined = this
    for (const name of names) place = place?.child(namespace, name)
    return place
  }

  /** `true` or `false` of a child; undefined where it is not there or is neither. */
  flag(namespace: string, name: string): boolean | undefined {
    const child = this.child(namespace, name)
    if (child === undefined) return undefined
    const text = child.text.toLowerCase()
    if (text === 'true' || text === '1') return true
    if (text === 'false' || text === '0') return false
    child.fault('value-wrong', `"${child.text.slice(0, 40)}" is neither true nor false.`)
    return undefined
  }

  fault(code: ReadingFault['code'], message: string, place = this.place): void {
    this.#faults.push({ place, code, message })
  }
}
