export type SoapFaultCode = 'VersionMismatch' | 'Sender'

/** A well-formed document that is not the message it should be. */
export class SoapError extends Error {
  override readonly name = 'SoapError'
  readonly code: SoapFaultCode

  constructor(code: SoapFaultCode, message: string) {
    super(message)
    this.code = code
  }
}
