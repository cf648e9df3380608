export type XmlFault =
  | 'too-large'
  | 'not-utf8'
  | 'document-type'
  | 'processing-instruction'
  | 'entity'
  | 'depth'
  | 'count'
  | 'namespace'
  | 'attribute'
  | 'syntax'

/** A document that is not taken: not well-formed, or of what SOAP forbids. */
export class XmlError extends Error {
  override readonly name = 'XmlError'
  readonly fault: XmlFault
  readonly offset: number

  constructor(fault: XmlFault, offset: number, message: string) {
    super(`${message} (at ${offset})`)
    this.fault = fault
    this.offset = offset
  }
}
