import { randomFillSync } from 'node:crypto'
import type { Clock } from '../kernel/clock.ts'

/** Crockford's base 32: no letter that reads like a digit; sorts like the numbers. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'
const RANDOM_DIGITS = 12
const POOL = 4096

/** 26 characters: 10 of milliseconds, 4 of a counter within them, 12 (60 bits) of randomness. */
export const RECEIPT_ID = /^[0-9a-hjkmnp-tv-z]{26}$/

/**
 * Makes receipt ids: 130 bits, sorted by time, unique without asking anybody (the random part keeps threads and nodes
 * apart), short enough for a Class attribute.
 */
export class ReceiptIds {
  readonly #clock: Clock
  readonly #pool = new Uint8Array(POOL)
  #left = 0
  #time = 0
  #prefix = ''
  #counter = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  next(): string {
    // A clock that is set back must not break the order.
    const now = Math.max(this.#clock.now(), this.#time)
    if (now !== this.#time) {
      this.#time = now
      this.#prefix = digits(now, 10)
      this.#counter = 0
    }
    let id = this.#prefix + digits(this.#counter++, 4)
    if (this.#left < RANDOM_DIGITS) {
      randomFillSync(this.#pool)
      this.#left = POOL
    }
    for (let i = 0; i < RANDOM_DIGITS; i++) id += DIGITS[(this.#pool[--this.#left] ?? 0) & 31]
    return id
  }
}

/** The instant an id was made, in milliseconds since the epoch. */
export function instantOf(id: string): number {
  let time = 0
  for (const digit of id.slice(0, 10)) time = time * 32 + DIGITS.indexOf(digit)
  return time
}

function digits(value: number, length: number): string {
  let text = ''
  for (let rest = value, i = 0; i < length; i++) {
    text = DIGITS[rest % 32] + text
    rest = Math.floor(rest / 32)
  }
  return text
}
