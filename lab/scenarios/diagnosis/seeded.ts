/** Random choices that a seed repeats: mulberry32, good enough to shuffle and to name. */
export class Seeded {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** 0 <= number < 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  below(most: number): number {
    return Math.floor(this.next() * most)
  }

  pick<const Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.below(items.length)] ?? items[0]
  }

  shuffled<Item>(items: readonly Item[]): Item[] {
    return items
      .map((item) => ({ item, at: this.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item)
  }

  /** A name nobody could have written into the product: `tovika-3f2`. */
  name(): string {
    const syllables = ['to', 'vi', 'ka', 'ru', 'ne', 'lo', 'sha', 'mi', 'du', 're', 'pa', 'zo'] as const
    const word = Array.from({ length: 3 }, () => this.pick(syllables)).join('')
    return `${word}-${this.below(4096).toString(16).padStart(3, '0')}`
  }

  /** A station's MAC address as supplicants write it. */
  mac(): string {
    const octets = Array.from({ length: 5 }, () => this.below(256).toString(16).padStart(2, '0'))
    return `02:${octets.join(':')}`.toUpperCase()
  }
}
