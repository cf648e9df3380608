/** Actions a second, all together and for each lane; what was not used up to now is kept for one second. */
export interface Rates {
  readonly perSecond: number
  readonly perSecondPerLane: number
}

interface Bucket {
  tokens: number
  at: number
}

/** Lanes remembered; a forgotten one starts full, as one that was idle for a second does anyway. */
const MOST_LANES = 10_000

/** Token buckets. Time is monotonic milliseconds. */
export class RateLimit {
  readonly #all: Bucket
  readonly #lanes = new Map<string, Bucket>()
  #rates: Rates

  constructor(rates: Rates, now: number) {
    this.#rates = rates
    this.#all = { tokens: rates.perSecond, at: now }
  }

  replaceRates(rates: Rates): void {
    this.#rates = rates
  }

  /** How many of `wanted` may go now. */
  available(lane: string, wanted: number, now: number): number {
    const { perSecond, perSecondPerLane } = this.#rates
    refill(this.#all, perSecond, now)
    const bucket = this.#lane(lane, now)
    refill(bucket, perSecondPerLane, now)
    return Math.max(0, Math.min(wanted, Math.floor(this.#all.tokens), Math.floor(bucket.tokens)))
  }

  /** Counts what went. */
  take(lane: string, count: number, now: number): void {
    this.#all.tokens -= count
    this.#lane(lane, now).tokens -= count
  }

  #lane(lane: string, now: number): Bucket {
    let bucket = this.#lanes.get(lane)
    if (bucket === undefined) {
      if (this.#lanes.size >= MOST_LANES) this.#lanes.clear()
      bucket = { tokens: this.#rates.perSecondPerLane, at: now }
      this.#lanes.set(lane, bucket)
    }
    return bucket
  }
}

function refill(bucket: Bucket, rate: number, now: number): void {
  bucket.tokens = Math.min(Math.max(1, rate), bucket.tokens + ((now - bucket.at) * rate) / 1000)
  bucket.at = now
}
