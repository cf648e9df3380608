export type EapErrorCode =
  /** success() was asked of a conversation in which nothing was proved. */
  'success-without-proof'

/** A mistake of the program that uses this package. What a peer does wrong is an answer, never an error. */
export class EapError extends Error {
  readonly code: EapErrorCode

  constructor(code: EapErrorCode, message: string) {
    super(message)
    this.name = 'EapError'
    this.code = code
  }
}
