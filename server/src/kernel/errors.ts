/**
 * Whose fault it is, told by the class (the cause goes to the log, never to a peer). Expected outcomes are values,
 * not errors: an error means the work could not be done.
 */
export class SallyportError extends Error {
  readonly code: string
  readonly values: Readonly<Record<string, unknown>>

  constructor(
    code: string,
    message: string,
    values: Readonly<Record<string, unknown>> = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = new.target.name
    this.code = code
    this.values = values
  }
}

/** The administrator must change something: show the message. */
export class ConfigError extends SallyportError {}

/** Somebody asked for something that is not there, not allowed or in conflict (API and CLI callers). */
export class RequestError extends SallyportError {}

/** A system we depend on failed: retry or degrade. */
export class UpstreamError extends SallyportError {}

/** Our own fault: alert. */
export class BugError extends SallyportError {}
