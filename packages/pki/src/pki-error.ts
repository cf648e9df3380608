/**
 * The one error of this package. `malformed`: octets from outside that are not what they claim to be.
 * `invalid-request`: the caller asked for something that must not be issued. `wrong-password`: of a PKCS #12 file. Codes are stable, messages are not.
 */
export class PkiError extends Error {
  readonly code: PkiErrorCode

  constructor(code: PkiErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'PkiError'
    this.code = code
  }
}

export type PkiErrorCode = 'malformed' | 'unsupported-algorithm' | 'invalid-request' | 'wrong-password'

export function malformed(message: string): PkiError {
  return new PkiError('malformed', message)
}

export function invalidRequest(message: string): PkiError {
  return new PkiError('invalid-request', message)
}
