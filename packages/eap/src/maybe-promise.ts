import type { MaybePromise } from './verifier.ts'

/**
 * Goes on with a value that may be a promise, without making a promise of one that is not: most steps of a conversation
 * are synchronous, and a turn of the event loop for each would be paid on every packet.
 */
export function whenReady<A, B>(
  value: MaybePromise<A>,
  next: (value: A) => MaybePromise<B>,
): MaybePromise<B> {
  return value instanceof Promise ? value.then(next) : next(value)
}
