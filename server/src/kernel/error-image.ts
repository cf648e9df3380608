import { BugError, ConfigError, RequestError, SallyportError, UpstreamError } from './errors.ts'

/** An error as it crosses threads: the structured clone of an Error loses its class and its fields. */
export interface ErrorImage {
  /** Name of the class. */
  readonly kind: string
  readonly code: string
  readonly message: string
  readonly values: Readonly<Record<string, unknown>>
  readonly stack?: string
  readonly cause?: ErrorImage
}

const CLASSES: Readonly<Record<string, typeof SallyportError>> = {
  SallyportError,
  BugError,
  ConfigError,
  RequestError,
  UpstreamError,
}

/** A chain of causes longer than this is cut. */
const DEPTH = 5

export function imageOf(error: unknown, depth = 0): ErrorImage {
  const stack = error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {}
  const cause =
    error instanceof Error && error.cause !== undefined && depth < DEPTH
      ? { cause: imageOf(error.cause, depth + 1) }
      : {}
  if (error instanceof SallyportError) {
    const { name, code, message, values } = error
    return { kind: name, code, message, values, ...stack, ...cause }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { kind: 'BugError', code: 'unexpected-error', message, values: {}, ...stack, ...cause }
}

export function reviveError(image: ErrorImage): SallyportError {
  const Class = CLASSES[image.kind] ?? BugError
  const cause = image.cause === undefined ? undefined : reviveError(image.cause)
  const error = new Class(image.code, image.message, image.values, cause)
  // Where it was thrown helps; where it was revived does not.
  if (image.stack !== undefined) error.stack = image.stack
  return error
}
