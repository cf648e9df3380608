/** Stable: programs may compare them. Messages may change, codes may not. */
export type RadiusErrorCode =
  /** A shared secret of no octets would sign for everybody. */
  | 'empty-secret'
  | 'unknown-attribute'
  /** The attribute cannot be written as it is (a container, or one the encoder places by itself). */
  | 'attribute-not-allowed'
  | 'value-not-representable'
  | 'value-too-long'
  | 'tag-not-allowed'
  | 'packet-too-long'
  /** A hidden attribute needs a secret and a random authenticator. */
  | 'hiding-not-possible'
  | 'bad-dictionary'
  /** Every identifier of this client is waiting for an answer. */
  | 'no-free-identifier'
  | 'timeout'
  | 'closed'
  | 'network'

/** The one error class of this package: the caller asked for something that cannot be done. Packets never cause it. */
export class RadiusError extends Error {
  readonly code: RadiusErrorCode
  readonly values: Readonly<Record<string, string | number>>

  constructor(
    code: RadiusErrorCode,
    message: string,
    values: Readonly<Record<string, string | number>> = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'RadiusError'
    this.code = code
    this.values = values
  }
}
